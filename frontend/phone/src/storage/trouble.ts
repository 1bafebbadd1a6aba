/** What can go wrong with a phone's storage, by names that the screens have words for. */

/**
 * - full: the phone has no room; nothing of this was stored;
 * - newer: a newer version of the app has been here; this one must be updated first;
 * - busy: another tab of an older version holds the storage; close it;
 * - unusable: the browser gives no storage (a private window, a broken profile), or lost it again and again.
 */
export type StorageCode = "full" | "newer" | "busy" | "unusable";

export class StorageTrouble extends Error {
  constructor(readonly code: StorageCode, cause?: unknown) {
    super(`storage: ${code}`, { cause });
  }
}

/** Return the trouble that a browser's error means. */
export function troubleOf(error: unknown): StorageTrouble {
  if (error instanceof StorageTrouble) return error;
  const name = nameOf(error);
  if (name === "QuotaExceededError") return new StorageTrouble("full", error);
  if (name === "VersionError") return new StorageTrouble("newer", error);
  return new StorageTrouble("unusable", error);
}

/**
 * Tell whether the handle may be gone and a new one would work: WebKit drops the connection of a page that slept, and every call
 * on the old handle then fails.
 */
export function isDroppedConnection(error: unknown): boolean {
  return ["InvalidStateError", "UnknownError", "AbortError", "TransactionInactiveError"].includes(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : "";
}

/** Do something that keeps records; returns why it could not, or null: then it is on disk. */
export async function troubleIn(work: () => Promise<unknown>): Promise<StorageCode | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof StorageTrouble)) throw error;
    return error.code;
  }
}

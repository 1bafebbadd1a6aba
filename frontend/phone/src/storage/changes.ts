/** Says, in this tab and in the others, that something on the phone has changed. */

export type Change = "records" | "register" | "settings" | "enrolment" | "parcels";

type Listener = (change: Change) => void;

const listeners = new Set<Listener>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("relief-phone");
channel?.addEventListener("message", (message: MessageEvent<Change>) => tell(message.data));
(channel as { unref?: () => void } | null)?.unref?.(); // outside a browser, an open channel would keep the program running

/** Call `listener` at every change from now on; returns what ends it. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Tell everybody, here and in other tabs. */
export function announce(change: Change): void {
  tell(change);
  channel?.postMessage(change);
}

function tell(change: Change): void {
  for (const listener of listeners) listener(change);
}

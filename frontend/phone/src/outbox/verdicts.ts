/** What the server answers to records, read from JSON that may be anybody's. */

const WORDS = ["accepted", "already_there", "flagged", "refused", "held"] as const;

export interface Verdict {
  word: (typeof WORDS)[number];
  codes: string[];
  granted: boolean;
  detail?: unknown;
}

/** Return the verdicts by record id; what is not shaped like one is passed over. Of two on one id the first counts. */
export function readVerdicts(rows: unknown): Map<string, Verdict> {
  const found = new Map<string, Verdict>();
  for (const row of Array.isArray(rows) ? rows : []) {
    const verdict = readVerdict(row);
    if (verdict !== null && !found.has(row.id)) found.set(row.id, verdict);
  }
  return found;
}

/** What the desk made of a held record: an entry after all, or nothing that counts. */
export type Decided = "taken_up" | "put_aside";

/** Return what became of held records about which somebody has decided by now, by id. */
export function readDecided(rows: readonly unknown[]): Map<string, Decided> {
  const found = new Map<string, Decided>();
  for (const row of rows) {
    const { id, as } = (row ?? {}) as { id?: unknown; as?: unknown };
    if (typeof id === "string") found.set(id, as === "put_aside" ? as : "taken_up");
  }
  return found;
}

function readVerdict(row: unknown): Verdict | null {
  if (typeof row !== "object" || row === null) return null;
  const { id, verdict, codes, mode, detail } = row as Record<string, unknown>;
  const word = WORDS.find((each) => each === verdict);
  if (typeof id !== "string" || word === undefined) return null;
  const texts = Array.isArray(codes) ? codes.filter((code) => typeof code === "string") : [];
  return { word, codes: texts, granted: mode === "granted", ...(detail === undefined || detail === null ? {} : { detail }) };
}

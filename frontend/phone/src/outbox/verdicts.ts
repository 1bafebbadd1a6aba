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

/** Return the ids of held records that somebody has decided about by now. */
export function readDecided(rows: readonly unknown[]): string[] {
  const ids = rows.map((row) => (typeof row === "object" && row !== null ? (row as { id?: unknown }).id : undefined));
  return ids.filter((id) => typeof id === "string");
}

function readVerdict(row: unknown): Verdict | null {
  if (typeof row !== "object" || row === null) return null;
  const { id, verdict, codes, mode, detail } = row as Record<string, unknown>;
  const word = WORDS.find((each) => each === verdict);
  if (typeof id !== "string" || word === undefined) return null;
  const texts = Array.isArray(codes) ? codes.filter((code) => typeof code === "string") : [];
  return { word, codes: texts, granted: mode === "granted", ...(detail === undefined || detail === null ? {} : { detail }) };
}

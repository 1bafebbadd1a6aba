/** How much goes into one request. */

import type { KeptRecord } from "../storage/formats";
import type { PhoneRecord } from "../wire/records";

export const MOST_RECORDS = 200;
const MOST_BYTES = 256 * 1024;

/** A record as it is sent: whether it is a question stands beside its content. */
export type SentRecord = PhoneRecord & { mode?: "ask" };

export function asSent(kept: KeptRecord): SentRecord {
  return kept.mode === "ask" ? { ...kept.record, mode: "ask" } : kept.record;
}

/** Return as many of the oldest records as fit one request; always one where there is any. */
export function chooseBatch(oldest: readonly KeptRecord[], mostRecords: number, mostBytes = MOST_BYTES): KeptRecord[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  let count = 0;
  for (const kept of oldest.slice(0, mostRecords)) {
    bytes += encoder.encode(JSON.stringify(asSent(kept))).length + 1;
    if (count > 0 && bytes > mostBytes) break;
    count += 1;
  }
  return oldest.slice(0, count);
}

/** A volunteer's shift out of her phone's records. */

import { localTime } from "../clock/wall";
import type { KeptRecord } from "../storage/formats";

export type Hours = { begins: string; ends: string };

/** Return the hours that she kept today, or else from her first record until now (UTC seconds). */
export function hoursOf(records: readonly KeptRecord[], by: string, day: string, zone: string, now: number): { hours: Hours; kept: boolean } {
  const mine = records.filter((kept) => kept.record.by === by && kept.day === day);
  const said = mine.map(({ record }) => record).filter((record) => record.kind === "day_closed" && record["action"] === "shift").at(-1);
  if (said) return { hours: said as unknown as Hours, kept: true };
  const first = Math.min(now, ...mine.map((kept) => kept.moment));
  return { hours: { begins: localTime(first, zone), ends: localTime(now, zone) }, kept: false };
}

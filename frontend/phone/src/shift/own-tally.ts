/** What this phone tells its lead of itself. */

import { presentMoment } from "../clock/present";
import type { Counts, Enrolment } from "../storage";
import type { KeptRecord } from "../storage/formats";
import { tallyOf } from "../tally/tally";
import type { ToldTally } from "../tally/tally-code";

/**
 * Return this phone's tally of a site's day, for everybody's eyes: nothing in it, no sum either, is of the `sensitive` items, which only
 * some phones may see. `lanes` are those that it serves (none = all).
 */
export function ownTally(
  { enrolment, phone, seq }: Enrolment, lanes: number[], { waiting, held }: Counts, records: readonly KeptRecord[], where: { site: string; day: string },
  sensitive: readonly string[],
): ToldTally {
  const label = phone?.label ?? "";
  return { enrolment, label, ...where, tally: tallyOf(records, { ...where, but: sensitive }), made: seq, waiting, held, at: presentMoment(), ...(lanes.length > 0 && { lanes }) };
}

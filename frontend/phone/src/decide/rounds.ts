/** Which round a day belongs to. */

import type { RoundRow } from "../register/rows";

/**
 * Return the round that something given on `day` is stamped with: the one the day lies in (of several the last begun), or after
 * the end of all the last one, before the first the first. null only where the plan has no rounds.
 */
export function roundOn(rounds: readonly RoundRow[], day: string): RoundRow | null {
  const inOrder = [...rounds].sort((one, other) => one.first_day.localeCompare(other.first_day, "en"));
  const begun = inOrder.filter((round) => round.first_day <= day);
  return begun.filter((round) => day <= round.last_day).at(-1) ?? begun.at(-1) ?? inOrder[0] ?? null;
}

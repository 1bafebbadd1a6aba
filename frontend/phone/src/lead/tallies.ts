/** The tallies that the lead's phone has read: taken from codes, kept for some days, one of each phone. */

import { addDays } from "../clock/wall";
import { latestOf, readTally, type ToldTally } from "../tally/tally-code";
import type { Place } from "./day";

/** What a code came to. `mine`: this phone's own; `other_site`, `other_day`: a tally, but not for this page. */
export type Judged = { is: "taken"; told: ToldTally } | { is: "none" | "mine" | "other_site" | "other_day" };

const KEPT_DAYS = 3;

/** Judge a code that was read or pasted. */
export function judge(text: string, { site, day }: Place, enrolment: string): Judged {
  const told = readTally(text.trim());
  if (told === null) return { is: "none" };
  if (told.enrolment === enrolment) return { is: "mine" };
  if (told.site !== site) return { is: "other_site" };
  return told.day === day ? { is: "taken", told } : { is: "other_day" };
}

/** Return what to keep after one more was read: the latest of each phone, none older than some days. */
export function withTally(kept: readonly ToldTally[], told: ToldTally): ToldTally[] {
  return latestOf([...kept, told]).filter((each) => each.day > addDays(told.day, -KEPT_DAYS));
}

/** Return those of one site and day. */
export const talliesOf = (kept: readonly ToldTally[], { site, day }: Place) => kept.filter((each) => each.site === site && each.day === day);

/** A phone's tally as one QR code, for the lead to read off the screen without a network. */

import { TALLY_START } from "../cards/naming";
import { fromBase45, toBase45 } from "../seal/base64";
import { addTo, noTally, type Tally } from "./tally";
import { bytesOf, tallyIn } from "./tally-bytes";

/**
 * What one phone tells its lead: whose and which day, the sums, and what it has not handed in yet. `made` is the number of its last
 * record: what the office has of it can be held against that. `at`: the moment it was shown; `lanes`: what it serves (none = all).
 */
export interface ToldTally {
  enrolment: string;
  label: string;
  site: string;
  day: string;
  tally: Tally;
  made: number;
  waiting: number;
  held: number;
  at: number;
  lanes?: number[];
}

/** Return the code's text; whoever sees it can read it. */
export function tallyCode(told: ToldTally): string {
  return `${TALLY_START}${toBase45(bytesOf(told))}.`; // the dot keeps a blank before it from being cut off
}

/** Return what a code tells, or null where it is no tally of ours: it may be anybody's. */
export function readTally(text: string): ToldTally | null {
  const whole = text.startsWith(TALLY_START) && text.endsWith(".");
  const bytes = whole ? fromBase45(text.slice(TALLY_START.length, -1)) : null;
  try {
    return bytes && tallyIn(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Return the latest of what each phone told, in the order in which they were read: it has made the most records. */
export function latestOf<T extends ToldTally>(told: readonly T[]): T[] {
  const latest = new Map<string, T>();
  for (const each of told) {
    const key = `${each.enrolment} ${each.site} ${each.day}`;
    const before = latest.get(key);
    if (before === undefined || before.made < each.made || (before.made === each.made && before.at <= each.at)) latest.set(key, each);
  }
  return [...latest.values()];
}

/** Add up tallies. A family served at two tables counts at both. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = noTally();
  for (const tally of tallies) {
    for (const name of ["families", "people", "contacts", "notServed"] as const) sum[name] += tally[name];
    for (const name of ["items", "gone"] as const) {
      for (const [item, quantity] of Object.entries(tally[name])) addTo(sum[name], item, quantity);
    }
  }
  return sum;
}

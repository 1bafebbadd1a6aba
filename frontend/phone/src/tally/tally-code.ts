/** A phone's tally as one QR code, for the lead to read off the screen without a network. Sensitive items are never in it. */

import { TALLY_START } from "../cards/naming";
import { fromBase45, toBase45 } from "../seal/base64";
import type { Tally } from "./tally";

/** What one phone tells its lead: whose and which day, the sums, and what it has not handed in yet. */
export interface ToldTally {
  v: 1;
  enrolment: string;
  label: string;
  site: string;
  day: string;
  tally: Tally;
  made: number;
  waiting: number;
  held: number;
}

/** Return the code's text. `sensitive` are the ids of items that only some phones may see. */
export function tallyCode(told: ToldTally, sensitive: readonly string[]): string {
  const items = Object.fromEntries(Object.entries(told.tally.items).filter(([item]) => !sensitive.includes(item)));
  const text = JSON.stringify({ ...told, tally: { ...told.tally, items } });
  return `${TALLY_START}${toBase45(new TextEncoder().encode(text))}.`; // the dot keeps a blank before it from being cut off
}

/** Return what a code tells, or null where it is no tally of ours. */
export function readTally(text: string): ToldTally | null {
  const whole = text.startsWith(TALLY_START) && text.endsWith(".");
  const bytes = whole ? fromBase45(text.slice(TALLY_START.length, -1)) : null;
  try {
    const told = JSON.parse(new TextDecoder().decode(bytes ?? undefined)) as ToldTally;
    return told.v === 1 && typeof told.tally.items === "object" ? told : null;
  } catch {
    return null;
  }
}

/** Add up what several phones told; of one phone, site and day only the latest code counts (it has made the most records). */
export function addTallies(told: readonly ToldTally[]): Tally {
  const latest = new Map<string, ToldTally>();
  for (const each of told) {
    const key = `${each.enrolment} ${each.site} ${each.day}`;
    if ((latest.get(key)?.made ?? -1) <= each.made) latest.set(key, each);
  }
  const sum: Tally = { families: 0, people: 0, items: {}, contacts: 0, notServed: 0 };
  for (const { tally } of latest.values()) {
    for (const name of ["families", "people", "contacts", "notServed"] as const) sum[name] += tally[name];
    for (const [item, quantity] of Object.entries(tally.items)) sum.items[item] = (sum.items[item] ?? 0) + quantity;
  }
  return sum;
}

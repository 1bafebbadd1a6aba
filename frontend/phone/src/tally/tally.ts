/** What this phone did: for its own last screen, and for the lead who adds up all phones without a network. */

import { doneOf } from "../outbox/taking-back";
import type { KeptRecord } from "../storage/formats";

/**
 * Sums of hand-overs that stand and of contacts, by item id; families and people each counted once. `gone`: what was handed over,
 * taken back, and did not come back to the table.
 */
export interface Tally {
  families: number;
  people: number;
  items: Record<string, number>;
  gone: Record<string, number>;
  contacts: number;
  notServed: number;
}

/** Which records to count: of one local day, of one volunteer, at one site, all where left out; `but` for these items. */
export interface Which {
  day?: string;
  by?: string;
  site?: string;
  but?: readonly string[];
}

export const noTally = (): Tally => ({ families: 0, people: 0, items: {}, gone: {}, contacts: 0, notServed: 0 });

/** Add up a phone's records. */
export function tallyOf(records: readonly KeptRecord[], which: Which = {}): Tally {
  const tally = noTally();
  const people = new Map<string, number>();
  const lost = new Set(records.map(({ record }) => (record.kind === "void" && record.goods_back === 0 ? record.target : "")));
  for (const { kept, takenBack } of doneOf(records)) {
    if (!isWanted(kept, which)) continue;
    if (!takenBack) add(tally, people, kept);
    else if (kept.record.kind === "handover" && lost.has(kept.id)) addTo(tally.gone, kept.record.item, kept.record.quantity);
  }
  tally.families = people.size;
  tally.people = [...people.values()].reduce((sum, count) => sum + count, 0);
  return tally;
}

/** Add a quantity to the sum of an item. */
export function addTo(sums: Record<string, number>, item: string, quantity: number): void {
  sums[item] = (sums[item] ?? 0) + quantity;
}

function isWanted({ record, day }: KeptRecord, which: Which): boolean {
  const { site, item = "" } = record as { site?: string; item?: string };
  return !which.but?.includes(item) && (which.day ?? day) === day && (which.by ?? record.by) === record.by && (which.site ?? site) === site;
}

function add(tally: Tally, people: Map<string, number>, { record, family, people: count }: KeptRecord): void {
  if (record.kind === "handover") {
    addTo(tally.items, record.item, record.quantity);
    const whose = family ?? record.card;
    people.set(whose, Math.max(people.get(whose) ?? 0, count ?? 0));
  } else if (record.kind === "contact") {
    tally.contacts += record.people.reduce((sum, row) => sum + row.count, 0);
  } else if (record.kind === "not_served") {
    tally.notServed += 1;
  }
}

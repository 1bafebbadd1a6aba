/** A site's day as the lead's tests need it: two items, and records as the phone keeps them. */

import type { DayPage } from "../../src/lead/page";
import type { ItemRow } from "../../src/register/rows";
import type { KeptRecord } from "../../src/storage";
import { noTally } from "../../src/tally/tally";
import type { ToldTally } from "../../src/tally/tally-code";
import type { Kind, KindFields, PhoneRecord } from "../../src/wire/records";

export const PLACE = { site: "school", day: "2013-03-18" };
export const MORNING = 1_363_590_000;

const item = (id: string, service: 0 | 1 = 0): ItemRow => ({ id, name: id, unit: "piece", recipient: "household", reaches: "all_members", service });
export const ITEMS = [item("parcel"), item("blanket"), item("talk", 1)];

let last = 0;

/** Return a record as it lies on the phone; by default it was told and not sent yet. */
export function kept<K extends Kind>(kind: K, fields: Partial<KindFields[K]>, more: Partial<KeptRecord> = {}): KeptRecord {
  last += 1;
  const id = `record ${last}`;
  const record = { id, kind, site: PLACE.site, seq: last, ...fields } as unknown as PhoneRecord;
  return { id, record, place: "waiting", mode: "tell", enrolment: "lead", seq: last, cards: [], moment: MORNING + last, day: PLACE.day, contained: 0, ...more };
}

export const stock = (action: KindFields["stock"]["action"], quantity: number, more: Partial<KeptRecord> = {}) =>
  kept("stock", { action, item: "parcel", quantity }, more);

export const given = (quantity: number, more: Partial<KeptRecord> = {}) =>
  kept("handover", { item: "parcel", quantity, card: `card ${last}` }, { family: `family ${last}`, people: 3, ...more });

export const page = (action: DayPage["action"], lines: DayPage["lines"], more: Partial<KeptRecord> = {}) =>
  kept("day_closed", { action, day: more.day ?? PLACE.day, lines } as never, more);

/** Return what another phone told: it gave so many parcels. */
export const told = (parcels: number, more: Partial<ToldTally> = {}): ToldTally => ({
  enrolment: "table 1", label: "table 1", ...PLACE, tally: { ...noTally(), families: parcels, items: { parcel: parcels } }, made: 9, waiting: 2, held: 0,
  at: MORNING, ...more,
});

/**
 * A site's day in sums, item by item: what was there, came, went, and what is left by reckoning. Two sources that are never mixed:
 * the phones here (this one and the tallies read off the others), and the office as of its last answer.
 */

import type { ItemRow } from "../register/rows";
import { doneOf } from "../outbox/taking-back";
import type { KeptRecord } from "../storage/formats";
import { tallyOf, type Tally } from "../tally/tally";
import type { StockAction } from "../wire/records";
import { pagesOf, startOf } from "./page";

export interface Place {
  site: string;
  day: string;
}

/** One item's day. null: nobody knows, because nothing was counted. */
export interface ItemDay {
  item: string;
  start: number | null;
  received: number;
  given: number;
  lost: number;
  sentOn: number;
  left: number | null;
  counted: number | null;
}

/** What the office knew at `as_of`: all that reached it until then. */
export interface OfficeDay extends Place {
  as_of: number;
  stock: { item: string; on_hand: number; given_that_day: number; kept?: boolean }[]; // not `kept`: nobody writes its stock down
  phones: OfficePhone[];
}

export interface OfficePhone {
  enrolment?: string; // older servers do not tell it
  label: string;
  lanes: number[];
  made: number;
  waiting: number;
  held: number;
  missing: number;
  last_contact_at: number | null;
  revoked: boolean;
}

type Moves = Pick<ItemDay, "received" | "lost" | "sentOn" | "counted">;

const COLUMNS: Record<Exclude<StockAction, "counted">, "received" | "lost" | "sentOn"> = {
  received: "received", returned: "received", lost: "lost", damaged: "lost", dispatched: "sentOn", transferred: "sentOn",
};

/** Return the day as the phones here tell it; `others` are the sums of the tallies that were read. */
export function dayOfPhones(items: readonly ItemRow[], records: readonly KeptRecord[], others: Tally, place: Place): ItemDay[] {
  const start = startOf(records, place);
  const own = tallyOf(records, place);
  return goodsOf(items).map(({ id }) => {
    const moves = movesOf(records, id, place, openedWith(records, place));
    const given = (own.items[id] ?? 0) + (others.items[id] ?? 0);
    const lost = moves.lost + (own.gone[id] ?? 0) + (others.gone[id] ?? 0);
    const before = start[id] ?? null;
    const left = before === null && moves.received === 0 ? null : (before ?? 0) + moves.received - given - lost - moves.sentOn;
    return { item: id, start: before, ...moves, given, lost, left };
  });
}

/** Return the day as the office told it, with what this phone has recorded since. */
export function dayOfOffice(items: readonly ItemRow[], records: readonly KeptRecord[], office: OfficeDay): ItemDay[] {
  const fresh = records.filter((kept) => !((kept.receipt?.moment ?? Infinity) <= office.as_of));
  const own = tallyOf(fresh, office);
  const opened = openedWith(records, office);
  return goodsOf(items).map(({ id }) => {
    const told = office.stock.find((row) => row.item === id);
    const moves = movesOf(records, id, office, opened);
    const newer = movesOf(fresh, id, office);
    const given = (told?.given_that_day ?? 0) + (own.items[id] ?? 0);
    const lost = moves.lost + (own.gone[id] ?? 0);
    const since = newer.received - newer.lost - newer.sentOn - (own.items[id] ?? 0) - (own.gone[id] ?? 0);
    const isKept = told?.kept ?? told !== undefined;
    const left = newer.counted ?? (isKept ? told!.on_hand + since : newer.received > 0 ? since : null);
    const start = left === null ? null : left - moves.received + given + lost + moves.sentOn;
    return { item: id, start, ...moves, given, lost, left };
  });
}

/** Return by how much a count differs from what ought to be there; null where one of them is not known. */
export function differenceOf({ left, counted }: Pick<ItemDay, "left" | "counted">): number | null {
  return left === null || counted === null ? null : counted - left;
}

/** Services have no stock. */
export const goodsOf = (items: readonly ItemRow[]) => items.filter((item) => !item.service);

function movesOf(records: readonly KeptRecord[], item: string, { site, day }: Place, before?: ReadonlySet<KeptRecord>): Moves {
  const moves: Moves = { received: 0, lost: 0, sentOn: 0, counted: null };
  for (const { kept, takenBack } of doneOf(records)) {
    const { record, day: madeOn } = kept;
    if (takenBack || record.kind !== "stock" || record.item !== item || record.site !== site || madeOn !== day || before?.has(kept)) continue;
    if (record.action === "counted") moves.counted = record.quantity;
    else moves[COLUMNS[record.action]] += record.quantity;
  }
  return moves;
}

/** What came before the day was opened is in its first count: the page is the last record of that tap. */
function openedWith(records: readonly KeptRecord[], place: Place): ReadonlySet<KeptRecord> {
  const opened = pagesOf(records, place).filter(({ page }) => page.action === "opened").at(-1);
  return new Set(opened ? records.slice(0, opened.place + 1) : []);
}

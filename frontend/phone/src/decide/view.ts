/**
 * What this phone knows of one card when it is scanned: the register's rows of its family, and the phone's own records about it
 * that those rows may not contain yet. Pure values; `storage/` fetches them.
 */

import type { CardRow, FamilyRow, ItemRow, PlanPart } from "../register/rows";
import type { PhoneRecord } from "../wire/records";

/**
 * An own record as the decision sees it. `moment` is its effective UTC second as far as the phone knows; `contained`: the
 * register's rows have it already. `standing`:
 * - told: it happened;
 * - open: it was asked for, and the volunteer has not said yet whether it was given;
 * - asked_for: only asked, and either refused or said not to have been given;
 * - put_aside: the desk looked at it, and it counts nothing.
 * `excess`: the server said that it went beyond what was left; `row`: whose card it made of a blank one.
 */
export interface OwnRecord {
  record: PhoneRecord;
  moment: number;
  contained: boolean;
  standing: "told" | "open" | "asked_for" | "put_aside";
  excess?: boolean;
  row?: FamilyRow;
}

/** `rows` are those of the card itself (first, when the register has it) and of its family's other cards. */
export interface CardView {
  card: string;
  rows: CardRow[];
  own: OwnRecord[];
  plan: PlanPart;
}

/** What is to be given, or was asked for. */
export interface Wish {
  id?: string;
  item: string;
  round: string;
  quantity: number;
  /** The local day at the site, and the moment in UTC seconds, of the giving. */
  day: string;
}

/** Something that was received: when (UTC seconds), on which local day, where, how much. */
export interface Received {
  moment: number;
  day: string;
  site: string;
  quantity: number;
}

/** Return the register's row of the scanned card, or null. */
export function findRow(view: CardView): CardRow | null {
  return view.rows.find((row) => row.card === view.card && row.state !== "elsewhere") ?? null;
}

export function findItem(plan: PlanPart, item: string): ItemRow | undefined {
  return plan.items.find((each) => each.id === item);
}

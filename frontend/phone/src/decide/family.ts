/** Whose card it is, from the register's rows and what this phone itself recorded since: registrations, first cards, replacements. */

import type { CardRow, Due, HouseholdStatus, MemberRow } from "../register/rows";
import type { PhoneRecord } from "../wire/records";
import { limitOf } from "./limits";
import { findRow, type CardView } from "./view";

export type State = "linked" | "blank" | "old" | "unknown";

/** A card's family. `due` has a row for each item and round that could be given. */
export interface Family {
  state: State;
  /** The card that holds now, where this phone itself replaced the one scanned. */
  replacedBy?: string;
  household?: string;
  status?: HouseholdStatus;
  number?: string;
  members: MemberRow[];
  due: Due[];
}

/** Return the family of the scanned card as this phone knows it. */
export function familyOf(view: CardView): Family {
  const row = findRow(view);
  const acts = view.own.filter((own) => !own.contained && own.standing !== "put_aside").map((own) => own.record);
  const ended = acts.find((record) => isEndOf(record, view.card));
  if (ended !== undefined || row?.state === "replaced" || row?.state === "cancelled") {
    const replacedBy = ended?.kind === "card" && ended.new_card !== undefined ? { replacedBy: ended.new_card } : {};
    return { ...fromRow(row), ...replacedBy, state: "old" };
  }
  if (row?.state === "linked") return corrected(view, acts, { ...fromRow(row), state: "linked" });
  const stranger: Family = { ...fromRow(row), state: row?.state === "blank" ? "blank" : "unknown" };
  return inherited(view, acts) ?? newHere(view, acts, view.card) ?? stranger;
}

function isEndOf(record: PhoneRecord, card: string): boolean {
  return record.kind === "card" && record.card === card && (record.action === "replaced" || record.action === "cancelled");
}

function fromRow(row: CardRow | null): Omit<Family, "state"> {
  if (row === null) return { members: [], due: [] };
  const { household, status, number, members = [], due = [] } = row;
  return { members, due, ...(household && { household }), ...(status && { status }), ...(number && { number }) };
}

/** A card that this phone itself gave in the place of another one takes over that one's family. */
function inherited(view: CardView, acts: PhoneRecord[]): Family | null {
  const before = acts.find((record) => record.kind === "card" && record.action === "replaced" && record.new_card === view.card);
  if (before?.kind !== "card") return null;
  const old = view.rows.find((row) => row.card === before.card);
  if (old?.household === undefined) return newHere(view, acts, before.card);
  const whole = view.rows.find((row) => row.household === old.household && row.due?.length);
  return { ...fromRow({ ...old, due: whole?.due ?? [] }), ...numberOf(view), state: "linked" };
}

const numberOf = (view: CardView) => {
  const number = findRow(view)?.number;
  return number ? { number } : {};
};

/** Return the family that this phone gave a blank card to: it registered it there, or found it by name without a card. */
function newHere(view: CardView, acts: PhoneRecord[], card: string): Family | null {
  return registered(view, lastRegistration(acts, card)) ?? linked(view, acts, card);
}

function linked(view: CardView, acts: PhoneRecord[], card: string): Family | null {
  const act = acts.find((record) => record.kind === "card" && record.action === "linked" && record.card === card);
  const row = view.own.find(({ record }) => record === act)?.row;
  return row === undefined ? null : { ...fromRow({ card, state: "linked", ...row }), ...numberOf(view), state: "linked" };
}

/** Return what this phone last registered on a card, and the rows do not have yet. */
function lastRegistration(acts: PhoneRecord[], card: string): PhoneRecord<"registration"> | undefined {
  return acts.filter((each) => each.kind === "registration").filter((each) => each.card === card).at(-1);
}

/** A family that this phone corrected since has what its new size gives, less what it had. */
function corrected(view: CardView, acts: PhoneRecord[], family: Family): Family {
  const record = lastRegistration(acts, view.card);
  if (record === undefined || record.household !== family.household) return family;
  const due = family.due.map((each): Due => {
    const item = view.plan.items.find((one) => one.id === each.item);
    const [before, now] = [family.members.length, record.members.length].map((people) => (item ? limitOf(item, people) : null));
    if (each.left === undefined || before == null || now == null) return each;
    return { ...each, left: Math.max(0, each.left + now - before) };
  });
  return { ...family, members: record.members, due };
}

/** A family that this phone registered on a blank card has what the plan gives to so many people. */
function registered(view: CardView, record: PhoneRecord<"registration"> | undefined): Family | null {
  if (record === undefined) return null;
  const due = view.plan.items.flatMap((item) =>
    view.plan.rounds.map((round): Due => {
      const left = limitOf(item, record.members.length);
      return { item: item.id, round: round.id, ...(left === null ? {} : { left }), held_by_grant: 0 };
    }),
  );
  return { state: "linked", household: record.household, status: "registered", members: record.members, due, ...numberOf(view) };
}

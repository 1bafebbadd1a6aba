/**
 * May this be given? The phone's own provisional answer, from a register row and its own records. The server's fold has the last
 * word; tests/vectors/decide.json and register.json hold this to the same answers wherever a phone can know enough.
 */

import { daysBetween } from "../clock/wall";
import type { Due } from "../register/rows";
import { familyOf, type Family } from "./family";
import { ownOnTop, receivedOf, takenBack } from "./history";
import { findItem, type CardView, type Received, type Wish } from "./view";

/** Why not, in the server's words. */
export type Code =
  | "unknown_card" | "old_card" | "withdrawn" | "not_approved" | "no_rule" | "already_received" | "over_entitlement" | "too_soon"
  | "daily_maximum" | "ended";

/** `left`: how much of what was asked for could be given. `held`: an earlier question about it is still open somewhere. */
export interface Answer {
  granted: boolean;
  codes: Code[];
  left: number;
  received: Received[];
  held: boolean;
}

/** Answer a wish. */
export function decide(view: CardView, wish: Wish): Answer {
  const family = familyOf(view);
  const received = receivedOf(view, family.due, wish.item);
  const answer = (granted: boolean, codes: Code[] = [], left = 0): Answer =>
    ({ granted, codes, left, received, held: dueOf(family, wish)?.held_by_grant === 1 });
  if (wish.id !== undefined && wasSaidNotGiven(view, wish.id)) return answer(false, ["ended"]);
  const why = barOf(view, family) ?? breachOf(view, wish, received);
  if (why !== null) return answer(false, [why]);
  const left = leftOf(view, family, wish);
  if (left === null || wish.quantity <= left) return answer(true, [], left ?? wish.quantity);
  if (left > 0) return answer(false, ["over_entitlement"], left);
  return answer(false, [hasRule(view, wish) ? "already_received" : "no_rule"]);
}

/** Say why this card gets nothing at all, or null. */
export function barOf(view: CardView, family: Family): Code | null {
  if (family.state === "old") return "old_card";
  if (family.state !== "linked") return "unknown_card";
  if (family.status === "withdrawn") return "withdrawn";
  const undecided = family.status === "registered" && view.plan.grants_undecided !== 1;
  return family.status === "not_approved" || undecided ? "not_approved" : null;
}

/** Return what is left of an item in a round, after this phone's own hand-overs; null = not limited. */
export function leftOf(view: CardView, family: Family, wish: { item: string; round: string }): number | null {
  const due = dueOf(family, wish);
  if (due === undefined) return 0;
  if (due.left === undefined) return null;
  const inRound = (own: { record: { round: string } }) => own.record.round === wish.round;
  const given = sum(ownOnTop(view, wish.item).filter(inRound));
  const back = sum(takenBack(view, wish.item).filter(inRound).filter((own) => !own.excess)); // excess had used up nothing
  return Math.max(0, due.left + back - given);
}

/** Say whether it is too soon or too much for one day, or null. */
function breachOf(view: CardView, wish: Wish, received: readonly Received[]): Code | null {
  const rule = findItem(view.plan, wish.item)?.rule;
  const interval = rule?.minimum_interval_days;
  if (interval !== undefined && received.some((each) => daysBetween(each.day, wish.day) < interval)) return "too_soon";
  const most = rule?.daily_maximum;
  return most !== undefined && givenOn(received, wish.day) + wish.quantity > most ? "daily_maximum" : null;
}

/** Return how much of an item was received on one day. */
export function givenOn(received: readonly Received[], day: string): number {
  return received.filter((each) => each.day === day).reduce((total, each) => total + each.quantity, 0);
}

export function dueOf(family: Family, wish: { item: string; round: string }): Due | undefined {
  return family.due.find((due) => due.item === wish.item && due.round === wish.round);
}

function hasRule(view: CardView, wish: Wish): boolean {
  return findItem(view.plan, wish.item)?.rule !== undefined;
}

function wasSaidNotGiven(view: CardView, id: string): boolean {
  return view.own.some(({ record }) => record.kind === "void" && record.target === id && record.cause === "not_given");
}

function sum(handovers: { record: { quantity: number } }[]): number {
  return handovers.reduce((total, own) => total + own.record.quantity, 0);
}

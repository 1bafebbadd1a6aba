/** A blank card for a family, its first or in the place of a lost one: whose it is, which one, and what is recorded. */

import { cardKey } from "../cards/codes";
import { nameTyped } from "../cards/naming";
import { familyOf } from "../decide/family";
import type { FamilyRow } from "../register/rows";
import { cardView, findByNumber, type Happening } from "../storage";

/** A card as the two steps show it. */
export interface Card {
  key: string;
  number: string; // empty where the list does not tell it
  people: number;
  given?: boolean; // something was given on it
}

/** Why a card will not do. */
export type Unfit = "no_card" | "not_found" | "unknown" | "nobodys" | "ended" | "not_blank" | "same" | "practice" | "misread";

export type Found = { card: Card } | { unfit: Unfit };

/** Find the card that was lost, by its code or its running number. */
export async function findOld(text: string, operation: string): Promise<Found> {
  const seen = nameTyped(text);
  if (seen.is === "practice") return { unfit: "practice" };
  if (seen.is === "misread") return { unfit: "misread" };
  const key = seen.is === "card" ? cardKey(operation, seen.code) : (await findByNumber(text))?.card;
  if (key === undefined) return { unfit: seen.is === "foreign" && seen.what !== "text" && seen.what !== "ticket_number" ? "no_card" : "not_found" };
  const view = await cardView(key);
  const family = familyOf(view);
  const given = family.due.some((due) => due.given_day !== undefined) || view.own.some(({ record }) => record.kind === "handover");
  if (family.state === "linked") return { card: { key, number: family.number ?? "", people: family.members.length, given } };
  return { unfit: family.state === "old" ? "ended" : family.state === "blank" ? "nobodys" : "unknown" };
}

/** Find the blank card that takes its place; without an old one, that is a family's first. */
export async function findNew(text: string, operation: string, old?: Card): Promise<Found> {
  const seen = nameTyped(text);
  if (seen.is === "practice") return { unfit: "practice" };
  if (seen.is === "misread") return { unfit: "misread" };
  if (seen.is !== "card") return { unfit: "no_card" };
  const key = cardKey(operation, seen.code);
  if (key === old?.key) return { unfit: "same" };
  const family = familyOf(await cardView(key));
  if (family.state === "blank") return { card: { key, number: family.number ?? "", people: 0 } };
  return { unfit: family.state === "unknown" ? "unknown" : family.state === "old" ? "ended" : "not_blank" };
}

/** Return what is recorded when a family that has none is given its card. */
export function firstCard(row: FamilyRow & { household: string }, card: string, site: string): Happening[] {
  return [
    { kind: "card", fields: { action: "linked", card, household: row.household, site }, row },
    { kind: "card", fields: { action: "handed_out", card, site } },
  ];
}

/** Return what is recorded when there is no such family: nobody receives on the card any more. */
export function cancellation(card: string, site: string, reason: string): Happening {
  return { kind: "card", fields: { action: "cancelled", card, site, reason } };
}

/** Return what is recorded: the new card is in the family's hands at once. */
export function replacement(old: Card, fresh: Card, site: string, reason: string): Happening[] {
  return [
    { kind: "card", fields: { action: "replaced", card: old.key, new_card: fresh.key, site, reason } },
    { kind: "card", fields: { action: "handed_out", card: fresh.key, site } },
  ];
}

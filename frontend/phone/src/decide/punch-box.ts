/**
 * Which of the card's neutral boxes is punched for what is handed over: the mark that tables without a network leave each other.
 * Every phone counts alike, whatever it may see: sensitive items leave no mark that somebody could read.
 */

import type { PlanPart } from "../register/rows";

const BOXES = 6; // on every card (relief/cards/face.py)

/**
 * Return the box of an item in a round, from 1: round after round, in each the goods in the order of the plan. null for what
 * leaves no mark (contacts, sensitive items), and for what comes after the last box.
 */
export function punchBox({ items, rounds }: Pick<PlanPart, "items" | "rounds">, item: string, round: string): number | null {
  const goods = items.filter((each) => each.service === 0 && each.sensitive !== 1).map((each) => each.id);
  const inOrder = [...rounds].sort((one, other) => one.first_day.localeCompare(other.first_day, "en")).map((each) => each.id);
  const [place, turn] = [goods.indexOf(item), inOrder.indexOf(round)];
  const box = turn * goods.length + place + 1;
  return place < 0 || turn < 0 || box > BOXES ? null : box;
}

/** Return the boxes of several things, each once, in order. */
export function punchBoxes(plan: Pick<PlanPart, "items" | "rounds">, given: readonly { item: string; round: string }[]): number[] {
  const boxes = given.map(({ item, round }) => punchBox(plan, item, round)).filter((box) => box !== null);
  return [...new Set(boxes)].sort((one, other) => one - other);
}

/** The boxes of a card, to be drawn. */
export const BOX_NUMBERS = Array.from({ length: BOXES }, (_each, place) => place + 1);

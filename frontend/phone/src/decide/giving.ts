/** What is recorded when the volunteer taps: the fields of the hand-overs of one visit. */

import type { ItemRow, MemberRow } from "../register/rows";
import type { KindFields } from "../wire/records";

/** One item of a tap: how much, or for items that reach chosen members, whom. */
export interface Portion {
  item: ItemRow;
  round: string;
  quantity: number;
  members?: MemberRow[];
  /** The question that was refused, where a lead gives all the same. */
  ask?: string;
}

/** What goes on every hand-over of the tap. */
export interface Visit {
  card: string;
  site: string;
  collector?: string;
  reason?: string;
}

/** Return the fields of one portion's hand-over: chosen members are named by id, and each is one unit of a personal item. */
export function handoverOf(portion: Portion, visit: Visit): KindFields["handover"] {
  const { item, round, ask } = portion;
  const chosen = item.reaches === "chosen_members" ? (portion.members ?? []).map((member) => member.id) : [];
  const quantity = chosen.length > 0 && item.recipient === "person" ? chosen.length : portion.quantity;
  return { ...visit, item: item.id, round, quantity, ...(chosen.length > 0 && { members: chosen }), ...(ask && { ask }) };
}

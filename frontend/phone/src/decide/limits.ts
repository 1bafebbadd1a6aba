/** How much of an item a family may get in a round. The server says it for cards it knows; here it is for one just registered. */

import type { ItemRow } from "../register/rows";

/** Return the limit of a household of so many people in a round; null = not limited. */
export function limitOf(item: ItemRow, people: number): number | null {
  const rule = item.rule;
  if (rule === undefined) return item.service ? null : 0;
  if (rule.kind === "unlimited") return null;
  if (rule.kind === "per_person") return rule.quantity * people;
  if (rule.kind === "per_people") return rule.quantity * Math.ceil(people / (rule.people ?? 1));
  return rule.quantity;
}

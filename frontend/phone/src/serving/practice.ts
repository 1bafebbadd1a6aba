// Practice: ten cards a site, every outcome once. They lead to families that do not exist; nothing of it is stored or sent.

import type { CardView, OwnRecord } from "../decide/view";
import type { CardRow, Due, MemberRow, PlanPart } from "../register/rows";
import { addDays } from "../clock/wall";
import { limitOf } from "../decide/limits";
import { roundOn } from "../decide/rounds";

/** Return the made-up key of a practice card: no card has it. */
export const practiceKey = (number: number) => `practice ${number}`;

/** Return what the phone would know of practice card `number` on `day` at `site`; `own`: what was practised since. */
export function practiceView(number: number, plan: PlanPart, site: string, day: string, own: OwnRecord[]): CardView {
  const card = practiceKey(number);
  const row = rowOf(number, plan, site, day);
  return { card, rows: row ? [row] : [], own: own.filter((each) => "card" in each.record && each.record.card === card), plan };
}

// 1 to 3 receive; 4 had something before; 5 had all; 6 is blank; 7 was replaced; 8 waits for approval; 9 is not known; 10 left.
function rowOf(number: number, plan: PlanPart, site: string, day: string): CardRow | null {
  const card = practiceKey(number);
  if (number === 9) return null;
  if (number === 6) return { card, state: "blank", number: `P-${number}` };
  const members = PEOPLE.slice(0, (number % 4) + 2);
  const had = number === 4 ? 1 : number === 5 ? plan.items.length : 0;
  return {
    card, state: number === 7 ? "replaced" : "linked", number: `P-${number}`, household: `practice family ${number}`,
    status: number === 8 ? "registered" : number === 10 ? "withdrawn" : "approved", members, due: dueOf(plan, members.length, site, day, had),
  };
}

function dueOf(plan: PlanPart, people: number, site: string, day: string, had: number): Due[] {
  const round = roundOn(plan.rounds, day);
  if (round === null) return [];
  return plan.items.map((item, place): Due => {
    const left = limitOf(item, people);
    const due = { item: item.id, round: round.id, held_by_grant: 0 as const };
    if (place >= had || left === null) return { ...due, ...(left !== null && { left }) };
    const before = addDays(day, -1);
    return { ...due, left: 0, given_day: before, given_that_day: left, last_moment: Date.parse(before) / 1000 + 9 * 3600, last_site: site };
  });
}

const PEOPLE: MemberRow[] = (
  [["female", "18-59"], ["male", "18-59"], ["female", "6-12"], ["male", "2-5"], ["female", "60+"]] as const
).map(([sex, age_band], place) => ({ id: `practice person ${place + 1}`, number: place + 1, sex, age_band }));

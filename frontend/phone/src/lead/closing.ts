/** What is recorded when a day is opened or closed: each count, and the page, last. */

import type { Happening } from "../storage";
import type { Tally } from "../tally/tally";
import { differenceOf, type ItemDay, type Place } from "./day";
import type { DayPage, PageLine, PagePhone } from "./page";
import type { PhoneState } from "./phones";

/** A day's figures as the screen showed them, and what was counted and said. */
export interface Closing extends Place {
  action: DayPage["action"];
  source: DayPage["source"];
  as_of: number;
  days: readonly ItemDay[];
  counted: Record<string, number>;
  reasons: Record<string, string>;
  served: Tally;
  phones: readonly PhoneState[];
}

/** Return the records of one tap. */
export function closingRecords(closing: Closing): Happening[] {
  const { site, day, action, source, as_of, served, days, counted, reasons } = closing;
  const counts = Object.entries(counted).map(([item, quantity]): Happening => {
    const reason = reasons[item];
    return { kind: "stock", fields: { action: "counted", item, site, quantity, ...(reason && { reason }) } };
  });
  const lines = days.map((each) => lineOf(action === "opened" ? asOpened(each) : each, counted[each.item], reasons[each.item]));
  const { families, people, contacts, notServed: not_served } = served;
  const page: DayPage = { action, day, source, as_of, lines, families, people, contacts, not_served, phones: closing.phones.map(phoneOf) };
  return [...counts, { kind: "day_closed", fields: { site, ...page } }];
}

/** When a day is opened nothing has been given yet, and what ought to be there is what it begins with. */
const asOpened = (day: ItemDay): ItemDay => ({ ...day, left: day.start });

function lineOf({ item, start, received, given, lost, sentOn, left, counted: before }: ItemDay, now: number | undefined, reason: string | undefined): PageLine {
  const counted = now ?? before ?? undefined;
  const differs = (differenceOf({ left, counted: counted ?? null }) ?? 0) !== 0;
  return {
    item, received, given, lost, sent_on: sentOn, ...(start !== null && { start }), ...(left !== null && { left }),
    ...(counted !== undefined && { counted }), ...(differs && reason && { reason }),
  };
}

function phoneOf({ label, enrolment, made, waiting, heardAt, how }: PhoneState): PagePhone {
  return { label, made, waiting, how, ...(enrolment && { enrolment }), ...(heardAt !== null && { heard_at: heardAt }) };
}

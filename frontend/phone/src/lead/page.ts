/**
 * The page on which a day is opened or closed, as it is kept in a record of the kind `day_closed` and shown again. Records are given
 * in the order in which they were made: their numbers begin anew where a phone joins again.
 */

import type { KeptRecord } from "../storage/formats";
import type { Place } from "./day";

/** One item's line; what nobody knows is left out. `reason`: why the count differs. */
export type PageLine = {
  item: string; start?: number; received: number; given: number; lost: number; sent_on: number; left?: number; counted?: number;
  reason?: string;
};

/** One phone's line: what it had made and not handed in when it was heard or read last. */
export type PagePhone = { label: string; enrolment?: string; made: number; waiting: number; heard_at?: number; how: "self" | "read" | "office" };

export type DayPage = {
  action: "opened" | "closed"; day: string; source: "phones" | "office"; as_of: number; lines: PageLine[]; families: number; people: number;
  contacts: number; not_served: number; phones: PagePhone[];
};

/** A page, when and by whom it was kept, and the place of its record among all. */
export interface KeptPage {
  moment: number;
  by: string | undefined;
  place: number;
  page: DayPage;
}

/** Return the pages of a site's day, the oldest first. A day that is closed again is as its last page says. */
export function pagesOf(records: readonly KeptRecord[], { site, day }: Place): KeptPage[] {
  return allPages(records, site).filter(({ page }) => page.day === day);
}

/** Return the last page of each earlier day that was closed, the latest day first. */
export function earlierPages(records: readonly KeptRecord[], { site, day }: Place): KeptPage[] {
  const last = new Map(allPages(records, site).map((kept) => [kept.page.day, kept]));
  const closed = [...last.values()].filter(({ page }) => page.action === "closed" && page.day < day);
  return closed.sort((one, other) => other.page.day.localeCompare(one.page.day));
}

/** Return where a day stands. */
export function stateOf(records: readonly KeptRecord[], place: Place): "new" | "opened" | "closed" {
  return pagesOf(records, place).at(-1)?.page.action ?? "new";
}

/** Return what a day began with: its first count, else what was left of the last day here, if that was closed. */
export function startOf(records: readonly KeptRecord[], { site, day }: Place): Record<string, number> {
  const pages = allPages(records, site);
  const opened = pages.filter(({ page }) => page.day === day && page.action === "opened").at(-1);
  const before = pages.filter(({ page }) => page.day < day).at(-1);
  const carried = (opened ?? (before?.page.action === "closed" ? before : undefined))?.page.lines ?? [];
  const known = carried.map(({ item, counted, left }) => [item, counted ?? left] as const);
  return Object.fromEntries(known.filter((each): each is readonly [string, number] => each[1] !== undefined));
}

function allPages(records: readonly KeptRecord[], site: string): KeptPage[] {
  return records.flatMap(({ record, moment }, place): KeptPage[] => {
    if (record.kind !== "day_closed" || record.site !== site) return [];
    const page = record as unknown as DayPage;
    return page.action === "opened" || page.action === "closed" ? [{ moment, by: record.by, place, page }] : [];
  });
}

/**
 * The register on the phone. A complete one is written beside the old, page by page, and takes its place at the end: the phone
 * never works with half of it, and a load that was cut short goes on where it was. Changes are applied at once.
 */

import type { CardRow, RegisterPage } from "../register/rows";
import { announce } from "./changes";
import { reading, writing } from "./database";
import type { Records, StoredCard } from "./formats";
import type { RegisterLoad, RegisterState } from "./settings";

/** Begin a complete register with its first page; `enrolment` is whose it is. Nothing where the phone has left that meanwhile. */
export async function beginLoad(page: RegisterPage, enrolment: string): Promise<void> {
  await writing(["cards", "settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    if ((await settings.get("current")) !== enrolment) return;
    const [before, broken] = await Promise.all([settings.get("register"), settings.get("register_load")]) as
      [RegisterState | undefined, RegisterLoad | undefined];
    const load = Math.max(before?.load ?? 0, broken?.load ?? 0) + 1;
    const cards = transaction.objectStore("cards");
    if (broken !== undefined) await cards.delete(rowsOf(broken.load));
    await Promise.all(page.cards.map((row) => cards.put(stored(load, row))));
    const first = { ...stateOf(page, enrolment), contained: page.contained, total: page.total ?? null };
    await settings.put({ load, after: page.more ?? "", cards: page.cards.length, first } satisfies RegisterLoad, "register_load");
  });
}

/** Add a further page to the load under way. */
export async function continueLoad(page: RegisterPage): Promise<void> {
  await writing(["cards", "settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    const under = (await settings.get("register_load")) as RegisterLoad | undefined;
    if (under === undefined) return;
    const cards = transaction.objectStore("cards");
    await Promise.all(page.cards.map((row) => cards.put(stored(under.load, row))));
    await settings.put({ ...under, after: page.more ?? "", cards: under.cards + page.cards.length }, "register_load");
  });
}

/** Let the load under way take the place of the register before. */
export async function finishLoad(takenAt: number): Promise<void> {
  await writing(["cards", "settings", "records"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    const under = (await settings.get("register_load")) as RegisterLoad | undefined;
    if (under === undefined) return;
    const before = (await settings.get("register")) as RegisterState | undefined;
    const { contained, total: _total, ...state } = under.first;
    await settings.put({ ...state, load: under.load, cards: under.cards, taken_at: takenAt } satisfies RegisterState, "register");
    await settings.delete("register_load");
    if (before !== undefined) await transaction.objectStore("cards").delete(rowsOf(before.load));
    await markContained(transaction.objectStore("records"), contained);
  });
  announce("register");
}

/** Apply changes to the register that is there: all their pages at once. */
export async function applyChanges(
  pages: readonly RegisterPage[], enrolment: string, takenAt: number, etag: string | null,
): Promise<void> {
  const first = pages[0]!;
  await writing(["cards", "settings", "records"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    const before = (await settings.get("register")) as RegisterState | undefined;
    if (before === undefined) return;
    const cards = transaction.objectStore("cards");
    for (const page of pages) await Promise.all(page.cards.map((row) => replaceRow(cards, before.load, row)));
    const count = await cards.count(rowsOf(before.load));
    const state = { ...stateOf(first, enrolment), load: before.load, cards: count, taken_at: takenAt, etag };
    await settings.put(state satisfies RegisterState, "register");
    await markContained(transaction.objectStore("records"), first.contained);
  });
  announce("register");
}

/** Note that the register was asked for and has not changed. */
export async function noteUnchanged(takenAt: number): Promise<void> {
  await writing(["settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    const before = (await settings.get("register")) as RegisterState | undefined;
    if (before !== undefined) await settings.put({ ...before, taken_at: takenAt }, "register");
  });
  announce("register");
}

/** Return what is known of the register, but for its cards. */
export async function registerInfo(): Promise<RegisterState | undefined> {
  return reading(["settings"], async (transaction) =>
    (await transaction.objectStore("settings").get("register")) as RegisterState | undefined);
}

async function replaceRow(
  cards: { put(value: StoredCard): Promise<unknown>; delete(key: [number, string]): Promise<void> }, load: number, row: CardRow,
): Promise<void> {
  if (row.state === "elsewhere") await cards.delete([load, row.card]);
  else await cards.put(stored(load, row));
}

/** Own records that the rows have now count no longer on top of them. */
async function markContained(records: Records, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const kept = await records.get(id);
    if (kept !== undefined && kept.contained === 0) await records.put({ ...kept, contained: 1 });
  }
}

function stateOf(page: RegisterPage, enrolment: string): Omit<RegisterState, "load" | "cards" | "taken_at"> {
  const { cursor, turn, plan_version, server_time, sites, items, rounds, areas, grants_undecided, status } = page;
  const decided = { ...(areas !== undefined && { areas }), ...(grants_undecided !== undefined && { grants_undecided }), ...(status !== undefined && { status }) };
  const plan = { sites, items, rounds, ...decided };
  return { cursor, turn, ledger: page.ledger.id, plan_version, server_time, enrolment, plan };
}

function stored(load: number, row: CardRow): StoredCard {
  return { load, card: row.card, row, ...(row.household !== undefined && { household: row.household }) };
}

function rowsOf(load: number): IDBKeyRange {
  return IDBKeyRange.bound([load], [load, []]);
}

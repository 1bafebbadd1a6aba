import { describe, expect, test } from "vitest";
import { handoverOf } from "../../src/decide/giving";
import { offerFor, overrideLines, type Table } from "../../src/decide/offer";
import { roundOn } from "../../src/decide/rounds";
import type { CardView, OwnRecord } from "../../src/decide/view";
import type { CardRow, Due, ItemRow, PlanPart } from "../../src/register/rows";
import type { KindFields, PhoneRecord } from "../../src/wire/records";

const CODE = "RQA8JT27DFKAW5CA";
const [CARD, NEW_CARD] = ["c".repeat(32), "d".repeat(32)];
const NOW = { moment: Date.UTC(2013, 2, 19, 9) / 1000, day: "2013-03-19" };
const HOUR = 3600;

const item = (id: string, more: Partial<ItemRow> = {}): ItemRow => ({
  id, name: id, unit: "piece", recipient: "household", reaches: "all_members", service: 0,
  rule: { kind: "per_household", quantity: 1 }, ...more,
});
const PLAN: PlanPart = {
  sites: [{ id: "school", name: "School", zone: "Europe/Minsk", lanes: 0 }],
  items: [
    item("parcel"), item("blanket", { recipient: "person", rule: { kind: "per_person", quantity: 1 } }),
    item("pss", { service: 1, reaches: "chosen_members", recipient: "person", rule: undefined as never }),
    item("milk", { rule: { kind: "per_household", quantity: 10, minimum_interval_days: 2 } }),
    item("bread", { rule: { kind: "per_household", quantity: 10, daily_maximum: 3 } }),
  ],
  rounds: [{ id: "r1", name: "1", first_day: "2013-03-18", last_day: "2013-03-20" },
           { id: "r2", name: "2", first_day: "2013-03-21", last_day: "2013-03-25" }],
  grants_undecided: 0,
};
const TABLE: Table = { site: "school", items: ["parcel", "blanket"], runOut: [], lanes: [], lead: false };

const due = (id: string, left: number | undefined, more: Partial<Due> = {}): Due =>
  ({ item: id, round: "r1", ...(left === undefined ? {} : { left }), held_by_grant: 0, ...more });
const card = (more: Partial<CardRow> = {}): CardRow => ({
  card: CARD, state: "linked", number: "17-0403", household: "h1", status: "approved",
  members: [1, 2, 3].map((number) => ({ id: `m${number}`, number, sex: "female", age_band: "18-59" })),
  due: [due("parcel", 1), due("blanket", 3)], ...more,
});
const view = (row: CardRow | null, own: OwnRecord[] = [], plan = PLAN): CardView => ({ card: CARD, rows: row ? [row] : [], own, plan });
const offer = (seen: CardView, table = TABLE) => offerFor(seen, CODE, table, NOW);

const told = <K extends "handover" | "void" | "card" | "registration">(kind: K, fields: KindFields[K], more: Partial<OwnRecord> = {}): OwnRecord => ({
  record: { v: 1, id: `${kind}-1`, kind, enrolment: "e", seq: 1, session: "s", at: "2013-03-19T11:00:00+03:00", uptime_ms: 0, ...fields } as
    unknown as PhoneRecord,
  moment: NOW.moment - HOUR, contained: false, standing: "told", ...more,
});
const gave = (what: string, quantity = 1, more: Partial<OwnRecord> = {}) =>
  told("handover", { card: CARD, item: what, quantity, site: "school", round: "r1" }, more);

describe("a blank card", () => {
  const members = (count: number) => Array.from({ length: count }, (_each, place) =>
    ({ id: `n${place}`, number: place + 1, sex: "female", age_band: "18-59", disability: "unknown" }) as const);
  const registered = (count: number) => told("registration", { household: "h1", card: CARD, members: members(count) });
  const plan = { ...PLAN, grants_undecided: 1 as const };
  const blanket = (seen: CardView) => offer(seen).here.find((line) => line.item === "blanket")?.quantity;

  test("gets what the plan gives once a family was registered on it", () => {
    const blank = card({ state: "blank", household: undefined as never, status: undefined as never, members: [], due: [] });
    expect(offer(view(blank, [], plan)).word).toBe("register");
    expect(offer(view(blank, [registered(2)], plan))).toMatchObject({ word: "give", household: "h1" });
    expect(offer(view(blank, [registered(2)])).word).toBe("undecided");
    expect(blanket(view(blank, [registered(2), registered(4)], plan))).toBe(4); // the last word holds
  });

  test("whose family was corrected after the server had it gives to as many as there are now", () => {
    const rows = card({ status: "registered", due: [due("parcel", 1), due("blanket", 1)] }); // of three two have theirs
    expect(blanket(view(rows, [registered(4)], plan))).toBe(2);
    expect(blanket(view(rows, [registered(2)], plan))).toBeUndefined();
  });
});

describe("a card in view", () => {
  test("gets with one tap what this table gives, all of it", () => {
    const seen = offer(view(card()));
    expect(seen.word).toBe("give");
    expect(seen.here.map(({ item: what, quantity }) => [what, quantity])).toEqual([["parcel", 1], ["blanket", 3]]);
    expect(seen).toMatchObject({ number: "17-0403", nextTable: [], later: [], had: [] });
  });

  test("is sent to the next table for what that one gives", () => {
    const seen = offer(view(card({ due: [due("parcel", 0), due("milk", 10)] })));
    expect([seen.word, seen.nextTable.map((line) => line.item)]).toEqual(["elsewhere", ["milk"]]);
  });

  test("is told what comes later, and from when", () => {
    const seen = offer(view(card({ due: [due("parcel", 0), { ...due("parcel", 1), round: "r2" }] })));
    expect(seen.later).toMatchObject([{ item: "parcel", round: "r2", from: "2013-03-21" }]);
  });

  test("is told what she had: what, when and where", () => {
    const last = { given_day: "2013-03-18", given_that_day: 1, last_moment: NOW.moment - 24 * HOUR, last_site: "school" };
    const seen = offer(view(card({ due: [due("parcel", 0, last)] })));
    expect(seen.word).toBe("nothing");
    expect(seen.had).toMatchObject([{ item: "parcel", received: [{ day: "2013-03-18", site: "school", quantity: 1 }] }]);
    expect(seen.reasons[0]).toBe("already_received");
  });

  test("waits for what may only be given every second day", () => {
    const table = { ...TABLE, items: ["milk"] };
    const seen = offer(view(card({ due: [due("milk", 9)] }), [gave("milk")]), table);
    expect(seen.here).toEqual([]);
    expect(seen.later).toMatchObject([{ item: "milk", why: "too_soon", from: "2013-03-21" }]);
  });

  test("gets of a daily maximum what is left of the day", () => {
    const table = { ...TABLE, items: ["bread"] };
    expect(offer(view(card({ due: [due("bread", 10)] }), [gave("bread", 2)]), table).here).toMatchObject([{ quantity: 1 }]);
    expect(offer(view(card({ due: [due("bread", 10)] }), [gave("bread", 3)]), table).later).toMatchObject([{ from: "2013-03-20" }]);
  });

  test("finds an item that ran out on this phone, until it is put back", () => {
    const seen = offer(view(card()), { ...TABLE, runOut: ["parcel"] });
    expect([seen.here.map((line) => line.item), seen.runOut.map((line) => line.item)]).toEqual([["blanket"], ["parcel"]]);
    expect(seen.reasons[0]).toBe("run_out");
  });

  test("gets a service as often as needed", () => {
    const seen = offer(view(card({ due: [due("pss", undefined)] }), [gave("pss", 2)]), { ...TABLE, items: ["pss"] });
    expect(seen.here).toMatchObject([{ item: "pss", quantity: null }]);
    expect(seen.members.map((member) => member.number)).toEqual([1, 2, 3]);
  });

  test("of a lane is served here only where this phone has the lane, and the screen says which", () => {
    const plan = { ...PLAN, sites: [{ ...PLAN.sites[0]!, lanes: 2 }] };
    expect(offer(view(card(), [], plan), { ...TABLE, lanes: [2] }).lane).toEqual({ lane: 1, ours: false });
    expect(offer(view(card(), [], plan), { ...TABLE, lanes: [1, 2] }).lane).toEqual({ lane: 1, ours: true });
    expect(offer(view(card(), [], plan)).lane).toEqual({ lane: 1, ours: true });
  });
});

describe("this phone's own records", () => {
  test("part of what is due leaves the rest", () => {
    expect(offer(view(card(), [gave("blanket", 2)])).here).toMatchObject([{ item: "parcel" }, { item: "blanket", quantity: 1 }]);
  });

  test("an open question counts as given until it is answered, a refused one not", () => {
    expect(offer(view(card(), [gave("parcel", 1, { standing: "open" })])).here.map((line) => line.item)).toEqual(["blanket"]);
    expect(offer(view(card(), [gave("parcel", 1, { standing: "asked_for" })])).here).toHaveLength(2);
  });

  test("what was taken back is due again, whether the rows had it or not", () => {
    const back = told("void", { target: "handover-1", cause: "mistake", card: CARD });
    expect(offer(view(card(), [gave("parcel"), back])).here).toHaveLength(2);
    const rows = card({ due: [due("parcel", 0), due("blanket", 3)] });
    expect(offer(view(rows, [gave("parcel", 1, { contained: true }), back])).here).toHaveLength(2);
  });

  test("what was too much used up nothing, so taking it back frees nothing", () => {
    const back = told("void", { target: "handover-1", cause: "mistake", card: CARD });
    const rows = card({ due: [due("parcel", 0)] });
    expect(offer(view(rows, [gave("parcel", 1, { contained: true, excess: true }), back])).here).toEqual([]);
  });

  test("never leave less than nothing", () => {
    expect(offer(view(card(), [gave("parcel", 5)])).here.map((line) => line.item)).toEqual(["blanket"]);
  });
});

describe("a card that is not simply served", () => {
  test.each([
    ["blank", card({ state: "blank", household: undefined as never, due: [] }), "register"],
    ["replaced", card({ state: "replaced", due: [] }), "old"],
    ["cancelled", card({ state: "cancelled", due: [] }), "old"],
    ["of other sites", card({ state: "elsewhere" }), "unknown"],
    ["never seen", null, "unknown"],
    ["of a family that waits for a decision", card({ status: "registered" }), "undecided"],
    ["of a family that is not on the list", card({ status: "not_approved" }), "left_out"],
    ["of a family that left the list", card({ status: "withdrawn" }), "left_out"],
  ] as const)("%s says so and gives nothing", (_why, row, word) => {
    const seen = offer(view(row));
    expect([seen.word, seen.here]).toEqual([word, []]);
  });

  test("is given to all the same where the plan grants the undecided", () => {
    expect(offer(view(card({ status: "registered" }), [], { ...PLAN, grants_undecided: 1 })).word).toBe("give");
  });

  test("a lead may give all the same, but never on a card that nobody knows", () => {
    const lead = { ...TABLE, lead: true };
    expect(offer(view(card({ due: [due("parcel", 0)] })), lead).override).toEqual(["parcel", "blanket"]);
    expect(offer(view(null), lead).override).toEqual([]);
    expect(offer(view(card({ due: [] }))).override).toEqual([]);
  });
});

describe("what this phone did to cards without a network", () => {
  const replaced = told("card", { action: "replaced", card: CARD, new_card: NEW_CARD });

  test("a card that it replaced is old, and names the new one", () => {
    expect(offer(view(card(), [replaced]))).toMatchObject({ word: "old", replacedBy: NEW_CARD, here: [] });
  });

  test("the new card has what is left of the old one, own hand-overs on both included", () => {
    const seen = { ...view(card(), [replaced, gave("blanket", 2)]), card: NEW_CARD };
    expect(offer(seen).here).toMatchObject([{ item: "parcel", quantity: 1 }, { item: "blanket", quantity: 1 }]);
  });

  test("a family that it registered on a blank card has what the plan gives to so many", () => {
    const members = [1, 2].map((number) => ({ id: `n${number}`, number, sex: "male", age_band: "6-12", disability: "no" }) as const);
    const registered = told("registration", { household: "h9", members: [...members], card: CARD });
    const plan = { ...PLAN, grants_undecided: 1 as const };
    const blank = card({ state: "blank", household: undefined as never, status: undefined as never, members: [], due: [] });
    expect(offer(view(blank, [registered])).word).toBe("undecided");
    const seen = offer(view(blank, [registered], plan));
    expect(seen.here.map(({ item: what, quantity }) => [what, quantity])).toEqual([["parcel", 1], ["blanket", 2]]);
    expect(seen.members).toHaveLength(2);
  });
});

describe("what a tap records", () => {
  const members = card().members!;

  test("names chosen members, each of them a unit of what is personal", () => {
    const portion = { item: PLAN.items[2]!, round: "r1", quantity: 1, members: members.slice(0, 2) };
    expect(handoverOf(portion, { card: CARD, site: "school" })).toEqual({
      card: CARD, site: "school", item: "pss", round: "r1", quantity: 2, members: ["m1", "m2"],
    });
  });

  test("names nobody where an item is for all", () => {
    const portion = { item: PLAN.items[0]!, round: "r1", quantity: 1, members };
    expect(handoverOf(portion, { card: CARD, site: "school", collector: "neighbour" })).not.toHaveProperty("members");
  });
});

test.each([["2013-03-01", "r1"], ["2013-03-18", "r1"], ["2013-03-21", "r2"], ["2013-04-30", "r2"]])(
  "what is given on %s belongs to round %s", (day, round) => expect(roundOn(PLAN.rounds, day)?.id).toBe(round));

test("a plan without rounds stamps none", () => expect(roundOn([], "2013-03-18")).toBeNull());

test("what another phone dates tomorrow stands in the way of nothing that has no interval", () => {
  const tomorrow = { given_day: "2013-03-20", given_that_day: 1, last_moment: NOW.moment + 24 * HOUR, last_site: "school" };
  expect(offer(view(card({ due: [due("blanket", 2, tomorrow)] }))).here).toMatchObject([{ item: "blanket", quantity: 2 }]);
});

test("what a lead gives anyway counts in the round of the day, though what the family had last was of an earlier one", () => {
  const had = [due("parcel", 0, { given_day: "2013-03-18", given_that_day: 1, last_moment: NOW.moment - 86_400, last_site: "school" })];
  const seen = offerFor(view(card({ due: [...had, due("parcel", 0, { round: "r2" })] })), CODE, { ...TABLE, lead: true }, { ...NOW, day: "2013-03-21" });
  expect(seen.had[0]?.round).toBe("r1");
  expect(overrideLines(seen, PLAN, "2013-03-21")).toMatchObject([{ item: "parcel", round: "r2" }, { item: "blanket", round: "r2" }]);
});

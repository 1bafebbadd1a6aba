import { expect, test } from "vitest";
import { punchBox, punchBoxes } from "../../src/decide/punch-box";
import type { ItemRow, RoundRow } from "../../src/register/rows";

const item = (id: string, more: Partial<ItemRow> = {}): ItemRow => ({
  id, name: id, unit: "piece", recipient: "household", reaches: "all_members", service: 0, ...more,
});
const round = (id: string, first_day: string): RoundRow => ({ id, name: id, first_day, last_day: "2099-12-31" });
const PLAN = {
  items: [item("parcel"), item("talk", { sensitive: 1, service: 1 }), item("pads", { sensitive: 1 }), item("blanket"), item("tea", { service: 1 })],
  rounds: [round("second", "2013-04-01"), round("first", "2013-03-01"), round("third", "2013-05-01"), round("fourth", "2013-06-01")],
};

test("round after round, in each the goods in the order of the plan", () => {
  expect([punchBox(PLAN, "parcel", "first"), punchBox(PLAN, "blanket", "first"), punchBox(PLAN, "parcel", "second")]).toEqual([1, 2, 3]);
});

test("a phone that may not see sensitive items says the same box", () => {
  const ordinary = { ...PLAN, items: PLAN.items.filter((each) => each.sensitive !== 1) };
  expect(punchBox(ordinary, "blanket", "third")).toBe(punchBox(PLAN, "blanket", "third"));
});

test("sensitive items and contacts leave no mark, nor what comes after the sixth box", () => {
  expect([punchBox(PLAN, "talk", "first"), punchBox(PLAN, "pads", "first"), punchBox(PLAN, "tea", "first")]).toEqual([null, null, null]);
  expect([punchBox(PLAN, "blanket", "third"), punchBox(PLAN, "parcel", "fourth")]).toEqual([6, null]);
});

test("several things of a visit are punched in order, each box once", () => {
  const given = [{ item: "blanket", round: "first" }, { item: "parcel", round: "first" }, { item: "blanket", round: "first" }];
  expect(punchBoxes(PLAN, given)).toEqual([1, 2]);
});

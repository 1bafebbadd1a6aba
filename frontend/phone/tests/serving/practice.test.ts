import { expect, test } from "vitest";
import { offerFor, type Table } from "../../src/decide/offer";
import type { PlanPart } from "../../src/register/rows";
import { practiceView } from "../../src/serving/practice";

const DAY = "2013-03-18";
const item = (id: string) =>
  ({ id, name: id, unit: "piece", recipient: "household", reaches: "all_members", service: 0, rule: { kind: "per_household", quantity: 1 } }) as const;
const PLAN: PlanPart = {
  sites: [{ id: "school", name: "School", zone: "UTC", lanes: 0 }], items: [item("parcel"), item("blanket")],
  rounds: [{ id: "round", name: "Round 1", first_day: "2013-03-01", last_day: "2013-03-31" }],
};
const TABLE: Table = { site: "school", items: ["parcel", "blanket"], runOut: [], lanes: [], lead: false };

const answer = (number: number) => offerFor(practiceView(number, PLAN, "school", DAY, []), "", TABLE, { moment: Date.parse(DAY) / 1000, day: DAY });

test("the ten practice cards show every answer", () => {
  const words = Array.from({ length: 10 }, (_each, place) => answer(place + 1).word);
  expect(words).toEqual(["give", "give", "give", "give", "nothing", "register", "old", "undecided", "unknown", "left_out"]);
});

test("practice card 4 had one thing before, and gets the other", () => {
  expect([answer(4).here.map((line) => line.item), answer(4).had.map((line) => line.item)]).toEqual([["blanket"], ["parcel"]]);
});

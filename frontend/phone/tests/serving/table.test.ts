import { expect, test } from "vitest";
import type { PlanPart } from "../../src/register/rows";
import { guessTable, lanesOf, lanesTold, sitesOf, tableOf } from "../../src/serving/table";

const item = (id: string) => ({ id, name: id, unit: "piece", recipient: "household", reaches: "all_members", service: 0 }) as const;
const site = (id: string) => ({ id, name: id, zone: "UTC", lanes: 0 });
const PLAN: PlanPart = { sites: [site("school"), site("club")], items: [item("parcel"), item("blanket")], rounds: [] };
const KEPT = { site: "school", items: ["parcel", "soap"], run_out: ["soap", "parcel"], lanes: [2] };

test("a phone of one site has it chosen already", () => {
  expect(guessTable(PLAN, { sites: ["club"] })).toEqual({ site: "club", items: ["parcel", "blanket"], run_out: [], lanes: [] });
  expect(guessTable(PLAN, { sites: [] }).site).toBe("");
});

test("a phone without sites of its own serves all", () => {
  expect(sitesOf(PLAN, { sites: [] }).map(({ id }) => id)).toEqual(["school", "club"]);
});

test("what the plan has no more is no longer given", () => {
  expect(tableOf(KEPT, PLAN, { sites: [], site_lead: false })).toEqual({ site: "school", items: ["parcel"], runOut: ["parcel"], lanes: [2], lead: false });
});

test.each([
  ["before one was chosen", undefined, ["school"]],
  ["at a site that this phone serves no more", KEPT, ["club"]],
  ["without an item that is left in the plan", { ...KEPT, items: ["soap"] }, ["school"]],
])("there is no table %s", (_when, kept, sites) => {
  expect(tableOf(kept, PLAN, { sites, site_lead: false })).toBeNull();
});

const desk = (lane: Record<string, number[]>, lane_at: number) => ({ phone: { label: "", sites: [], lane, lane_at, site_lead: false, sensitive: false } });

test("the desk's word about lanes is where a table begins, and holds again once it is newer than the table's own", () => {
  expect(guessTable({ ...PLAN, sites: [site("school")] }, { sites: [], ...desk({ school: [2] }, 5) }).lanes).toEqual([2]);
  const kept = { ...KEPT, lanes: [1], lanes_at: 5 };
  expect(lanesOf(kept, desk({ school: [2] }, 5))).toEqual([1]);
  expect(lanesOf(kept, desk({ school: [2] }, 6))).toEqual([2]);
  expect(lanesOf(kept, desk({}, 6))).toEqual([]);
});

test("a phone whose lanes were all handed over serves none, not all", () => {
  const enrolment = { sites: [], site_lead: false, ...desk({ school: [] }, 9) };
  expect(tableOf(KEPT, PLAN, enrolment)?.lanes).toEqual([0]);
  expect(lanesTold(KEPT, enrolment)).toEqual({ school: [] });
});

test("the desk is told the lanes that are served now", () => {
  expect(lanesTold({ ...KEPT, lanes: [1], lanes_at: 5 }, desk({ school: [2], club: [3] }, 5))).toEqual({ school: [1], club: [3] });
  expect(lanesTold({ ...KEPT, lanes: [], lanes_at: 5 }, desk({ school: [2] }, 5))).toEqual({});
});

test("a phone that the desk made the lead's since it joined is the lead's", () => {
  const enrolment = { sites: [], site_lead: false, phone: { ...desk({}, 0).phone, site_lead: true, sites: ["school"] } };
  expect(tableOf(KEPT, PLAN, enrolment)?.lead).toBe(true);
  expect(sitesOf(PLAN, enrolment).map(({ id }) => id)).toEqual(["school"]);
});

import { expect, test } from "vitest";
import type { PlanPart } from "../../src/register/rows";
import { guessTable, sitesOf, tableOf, withRunOut } from "../../src/serving/table";

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

test("an item runs out until it is put back", () => {
  const out = withRunOut({ ...KEPT, run_out: [] }, "parcel", true);
  expect(out.run_out).toEqual(["parcel"]);
  expect(withRunOut(out, "parcel", false).run_out).toEqual([]);
});

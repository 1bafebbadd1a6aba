import { describe, expect, test } from "vitest";
import { laneHolders, phonesOf } from "../../src/lead/phones";
import { judge, talliesOf, withTally } from "../../src/lead/tallies";
import { noTally } from "../../src/tally/tally";
import { tallyCode } from "../../src/tally/tally-code";
import { MORNING, PLACE, told } from "./town";

const SELF = { label: "lead", enrolment: "lead", made: 5, waiting: 0, lanes: [1] };
const heard = (label: string, more = {}) => ({
  enrolment: label, label, lanes: [], made: 9, waiting: 0, held: 0, missing: 0, last_contact_at: MORNING - 60, revoked: false, ...more,
});

describe("the phones of a site", () => {
  test("stand with whoever needs a look first, and this phone once, at the top", () => {
    const office = [heard("lead"), heard("b"), heard("c", { waiting: 4 }), heard("a", { last_contact_at: MORNING - 7200 }), heard("d", { last_contact_at: null })];
    expect(phonesOf(SELF, [], office, MORNING).map(({ label, done }) => [label, done])).toEqual([
      ["lead", true], ["a", false], ["c", false], ["d", false], ["b", true],
    ]);
  });

  test("are told by whoever knows of more records: the code that was read, or the office", () => {
    const office = [heard("table 1", { made: 7 }), heard("table 2", { made: 20 })];
    const phones = phonesOf(SELF, [told(3), told(4, { enrolment: "table 2", label: "table 2" })], office, MORNING);
    expect(phones.map(({ label, how, waiting }) => [label, how, waiting])).toEqual([["lead", "self", 0], ["table 1", "read", 2], ["table 2", "office", 0]]);
  });

  test("hold lanes: all where none is named, none where it is 0", () => {
    const phones = phonesOf(SELF, [told(1, { lanes: [2] }), told(1, { enrolment: "x", label: "x", lanes: [0] })], [heard("all")], MORNING);
    expect(laneHolders(phones, 3)).toEqual([["lead", "all"], ["table 1", "all"], ["all"]]);
  });
});

describe("a code that was read", () => {
  const [SCHOOL, CLUB, TABLE] = ["00000000-0000-4000-8000-0000000000c1", "00000000-0000-4000-8000-0000000000c2", "00000000-0000-4000-8000-0000000000c3"];
  const HERE = { ...PLACE, site: SCHOOL };
  const code = tallyCode(told(0, { enrolment: TABLE, site: SCHOOL, tally: { ...noTally(), families: 3 } }));

  test("is taken where it is of this site and day", () => {
    expect(judge(`  ${code}\n`, HERE, "lead")).toMatchObject({ is: "taken", told: { label: "table 1" } });
  });

  test.each([
    ["none", "https://example.org", HERE, "lead"], ["mine", code, HERE, TABLE], ["other_site", code, { ...HERE, site: CLUB }, "lead"],
    ["other_day", code, { ...HERE, day: "2013-03-19" }, "lead"],
  ])("is %s", (is, text, place, enrolment) => {
    expect(judge(text, place, enrolment)).toEqual({ is });
  });

  test("takes the place of an earlier one of the same phone, never of a later one, and old days go", () => {
    const old = told(9, { day: "2013-03-14", enrolment: "old" });
    const first = withTally([old], told(3));
    const second = withTally(first, told(5, { made: 12 }));
    expect(talliesOf(withTally(second, told(3)), PLACE).map((each) => each.tally.families)).toEqual([5]);
    expect(second).not.toContain(old);
  });
});

import { expect, test } from "vitest";
import { closingRecords } from "../../src/lead/closing";
import { dayOfPhones } from "../../src/lead/day";
import { earlierPages, pagesOf, stateOf } from "../../src/lead/page";
import { phonesOf } from "../../src/lead/phones";
import { noTally } from "../../src/tally/tally";
import { ITEMS, kept, MORNING, page, PLACE, stock, told } from "./town";

const LINE = { item: "parcel", received: 0, given: 0, lost: 0, sent_on: 0 };
const SELF = { label: "lead", enrolment: "lead", made: 5, waiting: 1, lanes: [] };

test("a day is new, then open, then closed, and may be closed again", () => {
  const [opened, closed] = [page("opened", [LINE]), page("closed", [LINE])];
  expect(stateOf([], PLACE)).toBe("new");
  expect(stateOf([opened], PLACE)).toBe("opened");
  expect(stateOf([opened, closed], PLACE)).toBe("closed");
  expect(pagesOf([opened, closed, page("closed", [LINE])], PLACE).map((each) => each.page.action)).toEqual(["opened", "closed", "closed"]);
});

test("whoever joins again in the middle of a day goes on with it", () => {
  const morning = [stock("received", 5), stock("counted", 40), page("opened", [{ ...LINE, start: 40, counted: 40 }]), stock("received", 7)];
  const again = [stock("received", 3), page("closed", [LINE])].map((each, place) => ({ ...each, enrolment: "joined again", seq: place + 1 }));
  expect(dayOfPhones(ITEMS, [...morning, ...again], noTally(), PLACE)[0]).toMatchObject({ start: 40, received: 10, left: 50 });
  expect(stateOf([...morning, ...again], PLACE)).toBe("closed");
});

test("a volunteer's hours, another site and another day open nothing", () => {
  const others = [kept("day_closed", { action: "shift", day: PLACE.day }), page("opened", [LINE], { day: "2013-03-17" }), kept("day_closed", { action: "opened", site: "club", day: PLACE.day })];
  expect(stateOf(others, PLACE)).toBe("new");
});

test("earlier days that were closed can be shown again, each as its last page says", () => {
  const on = (day: string, action: "opened" | "closed") => page(action, [LINE], { day });
  const records = [on("2013-03-15", "closed"), on("2013-03-16", "opened"), on("2013-03-17", "closed"), on("2013-03-17", "closed"), on(PLACE.day, "closed")];
  expect(earlierPages(records, PLACE).map((each) => each.page.day)).toEqual(["2013-03-17", "2013-03-15"]);
  expect(earlierPages(records, PLACE)[0]!.place).toBe(3);
});

test("closing keeps every count, and then the page with differences, reasons and phones", () => {
  const records = [stock("received", 40)];
  const phones = phonesOf(SELF, [told(3)], [], MORNING);
  const done = closingRecords({
    ...PLACE, action: "closed", source: "phones", as_of: MORNING, days: dayOfPhones(ITEMS, records, told(3).tally, PLACE), counted: { parcel: 36, blanket: 7 },
    reasons: { parcel: "missing", blanket: "other" }, served: { ...noTally(), families: 3, people: 9 }, phones,
  });
  expect(done.map(({ kind }) => kind)).toEqual(["stock", "stock", "day_closed"]);
  expect(done[0]!.fields).toEqual({ action: "counted", item: "parcel", site: "school", quantity: 36, reason: "missing" });
  expect(done[2]!.fields).toMatchObject({
    site: "school", action: "closed", day: PLACE.day, families: 3, people: 9,
    lines: [
      { item: "parcel", received: 40, given: 3, left: 37, counted: 36, reason: "missing" },
      { item: "blanket", received: 0, given: 0, counted: 7 },
    ],
    phones: [{ label: "lead", how: "self", waiting: 1 }, { label: "table 1", how: "read", waiting: 2 }],
  });
  expect(JSON.stringify(done)).not.toContain("null");
});

test("what a day is opened with is what it is reckoned from", () => {
  const before = page("closed", [{ ...LINE, left: 40, counted: 38 }], { day: "2013-03-17" });
  const days = dayOfPhones(ITEMS, [before], noTally(), PLACE);
  const done = closingRecords({ ...PLACE, action: "opened", source: "phones", as_of: MORNING, days, counted: { parcel: 38 }, reasons: {}, served: noTally(), phones: [] });
  const opened = kept("day_closed", done.at(-1)!.fields as never);
  expect(dayOfPhones(ITEMS, [before, opened, stock("received", 2)], noTally(), PLACE)[0]).toMatchObject({ start: 38, left: 40 });
});

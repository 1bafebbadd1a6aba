import { expect, test } from "vitest";
import { hoursOf } from "../../src/shift/hours";
import { given, kept, MORNING, PLACE } from "../lead/town";

const mine = (record: ReturnType<typeof given>) => ({ ...record, record: { ...record.record, by: "olga" } });

test("a shift lasts from the first record until now, on the site's clock", () => {
  const records = [mine(given(1, { moment: MORNING })), given(1, { moment: MORNING - 7200 })];
  expect(hoursOf(records, "olga", PLACE.day, "Europe/Minsk", MORNING + 3600)).toEqual({ hours: { begins: "10:00", ends: "11:00" }, kept: false });
});

test("what she said herself holds", () => {
  const said = mine(kept("day_closed", { action: "shift", day: PLACE.day, begins: "07:30", ends: "16:00" } as never));
  expect(hoursOf([said], "olga", PLACE.day, "UTC", MORNING)).toMatchObject({ hours: { begins: "07:30", ends: "16:00" }, kept: true });
});

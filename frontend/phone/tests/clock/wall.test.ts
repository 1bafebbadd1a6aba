import { expect, test } from "vitest";
import { addDays, daysBetween, localDay, parseWall, wallAt } from "../../src/clock/wall";

const MOMENT = Date.UTC(2013, 2, 18, 22, 30, 5);

test.each([[180, "2013-03-19T01:30:05+03:00"], [0, "2013-03-18T22:30:05+00:00"], [-210, "2013-03-18T19:00:05-03:30"]])(
  "at %i minutes east of Greenwich the wall shows %s", (offset, shown) => {
    expect(wallAt(MOMENT, offset)).toBe(shown);
    expect(parseWall(shown)).toBe(MOMENT / 1000);
  });

test("a clock that was never set writes a time that the server can read", () => {
  expect(wallAt(-1e15, 180)).toBe("2000-01-02T03:00:00+03:00");
});

test.each(["2013-03-18 09:12:30", "2013-03-18T09:12:30", "yesterday", ""])("%j is no time with offset", (text) => {
  expect(() => parseWall(text)).toThrow(RangeError);
});

test("a day turns when the site's calendar turns, not Greenwich's", () => {
  expect(localDay(MOMENT / 1000, "Europe/Minsk")).toBe("2013-03-19");
  expect(localDay(MOMENT / 1000, "America/Lima")).toBe("2013-03-18");
});

test("a zone that this phone has never heard of gives way to its own", () => {
  expect(localDay(MOMENT / 1000, "Mars/Olympus")).toMatch(/^2013-03-1[89]$/);
});

test("days are counted over months and leap years", () => {
  expect(daysBetween("2012-03-01", "2012-02-28")).toBe(2);
  expect(addDays("2012-02-28", 2)).toBe("2012-03-01");
});

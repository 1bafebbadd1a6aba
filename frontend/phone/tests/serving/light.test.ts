import { expect, test } from "vitest";
import { isDark } from "../../src/serving/light";

const picture = (level: number) => ({ data: new Uint8ClampedArray(640 * 480 * 4).fill(level) });

test("a night's picture is dark, a cloudy day's is not", () => {
  expect([isDark(picture(12)), isDark(picture(110))]).toEqual([true, false]);
});

test("no picture is not a dark one", () => {
  expect(isDark({ data: new Uint8ClampedArray(0) })).toBe(false);
});

import { expect, test } from "vitest";
import { staysOpen } from "../src/lock-clock";

const MINUTE = 60_000;
const NOON = 1_363_590_000_000;

test("the screen stays open for half an hour after a touch", () => {
  expect([0, 29, 30, 600].map((minutes) => staysOpen(NOON, NOON + minutes * MINUTE))).toEqual([true, true, false, false]);
});

test("a clock that was put back locks", () => {
  expect(staysOpen(NOON, NOON - MINUTE)).toBe(false);
});

test("a clock that corrects itself by some seconds does not", () => {
  expect(staysOpen(NOON, NOON - 5000)).toBe(true);
});

test("a window that was never touched is locked", () => {
  expect(staysOpen(0, NOON)).toBe(false);
});

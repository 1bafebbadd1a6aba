import { expect, test } from "vitest";
import { Repeats } from "../../src/serving/repeats";

test("the same code within three seconds is the same scan, later it is a new one", () => {
  const repeats = new Repeats();
  expect([repeats.isNew("A", 0), repeats.isNew("A", 2900), repeats.isNew("A", 5800), repeats.isNew("A", 8800)]).toEqual([true, false, false, true]);
});

test("two cards that lie side by side are one scan each", () => {
  const repeats = new Repeats();
  expect(["A", "B", "A", "B"].map((text, place) => repeats.isNew(text, place * 100))).toEqual([true, true, false, false]);
});

test("a card that still lies there when the camera opens again is no new scan, an earlier one is", () => {
  const repeats = new Repeats();
  repeats.isNew("early", 0);
  repeats.isNew("last", 10_000);
  repeats.resume(60_000);
  expect([repeats.isNew("last", 60_100), repeats.isNew("early", 60_100)]).toEqual([false, true]);
});

import { expect, test } from "vitest";
import { isEasyPin, makeLock, opens, waitAfter } from "../src/lock";

test("the lock opens with its PIN and with no other", () => {
  const lock = makeLock("2580");
  expect([opens(lock, "2580"), opens(lock, "2581"), opens(lock, "")]).toEqual([true, false, false]);
});

test("the PIN does not stand in its lock", () => {
  const long = "258013690247"; // by chance, a short one stands in one hash of a thousand
  expect(JSON.stringify(makeLock(long))).not.toContain(long);
});

test("two phones with one PIN keep different hashes", () => {
  expect(makeLock("2580").hash).not.toBe(makeLock("2580").hash);
});

test.each(["0000", "777777", "1234", "4321", "7890", "012345"])("%s is too easy", (pin) => expect(isEasyPin(pin)).toBe(true));
test.each(["2580", "1357", "1212", "9021"])("%s will do", (pin) => expect(isEasyPin(pin)).toBe(false));

test("who tries often waits longer each time, at most a quarter of an hour", () => {
  expect([1, 4, 5, 6, 7, 30].map(waitAfter)).toEqual([0, 0, 15, 30, 60, 900]);
});

import { expect, test } from "vitest";
import { isThisShift, type Known, nextStep } from "../src/flow";

const NEW: Known = {
  platform: "android", secure: true, onHomeScreen: false, installPassed: false, language: false, joined: false, joinsAgain: false,
  volunteer: false, lock: false, locked: false, asked: false, loaded: false, checked: false,
};

test("an Android phone goes from the language to the field, step by step", () => {
  const known = { ...NEW };
  const steps = [];
  for (const done of ["language", "installPassed", "joined", "volunteer", "lock", "asked", "loaded", "checked"] as const) {
    steps.push(nextStep(known));
    known[done] = true;
  }
  expect([...steps, nextStep(known)]).toEqual(
    ["language", "install", "join", "volunteer", "pin", "permissions", "download", "ready", "home"]);
});

test("a chat app's browser is told to open another, whatever is known", () => {
  expect(nextStep({ ...NEW, platform: "chat_app", language: true, joined: true })).toBe("chat_app");
});

test("an iPhone joins only from its home screen", () => {
  const tab: Known = { ...NEW, platform: "iphone", language: true, installPassed: true };
  expect(nextStep(tab)).toBe("install");
  expect(nextStep({ ...tab, onHomeScreen: true })).toBe("join");
});

test("a computer, and a page without HTTPS, have nothing to install", () => {
  expect(nextStep({ ...NEW, platform: "computer", language: true })).toBe("join");
  expect(nextStep({ ...NEW, secure: false, language: true })).toBe("join");
});

test("the PIN comes before everything on a phone that has joined, but for a new code of the lead's", () => {
  const joined: Known = { ...NEW, language: true, joined: true, lock: true, locked: true };
  expect(nextStep(joined)).toBe("locked");
  expect(nextStep({ ...joined, joinsAgain: true })).toBe("join");
});

test("another join link leads back to joining, and nowhere else", () => {
  const done: Known = { ...NEW, language: true, joined: true, volunteer: true, lock: true, asked: true, loaded: true, checked: true };
  expect(nextStep({ ...done, joinsAgain: true })).toBe("join");
  expect(nextStep(done)).toBe("home");
});

test.each([
  ["a moment ago", 1000, 2000, true],
  ["never", undefined, 2000, false],
  ["the day before", 1000, 1000 + 12 * 3_600_000, false],
  ["before the clock was put back", 1000, 999, false],
])("what happened %s was in this shift or not", (_when, then, now, was) => expect(isThisShift(then, now)).toBe(was));

import { expect, test } from "vitest";
import { type CheckName, checksOf, ENOUGH_BYTES, type Readings } from "../src/readiness";

const NOW = 1_363_590_000;
const GOOD: Readings = {
  now: NOW, secure: true, onHomeScreen: true, computer: false, persisted: true, freeBytes: 2e9, clockAheadSeconds: -4,
  listTakenAt: NOW - 600, cards: 1200, decoder: true, camera: "works", heard: true, offline: true, battery: 0.93,
};

const found = (name: CheckName, change: Partial<Readings>) =>
  checksOf({ ...GOOD, ...change }).find((check) => check.name === name);

test("a phone in good order is ready in nine points", () => {
  expect(checksOf(GOOD).map((check) => check.state)).toEqual(Array(9).fill("good"));
});

test("a phone that was just switched on says what is still being looked at, and what nobody can know", () => {
  const states = checksOf({ now: NOW, secure: true, onHomeScreen: true, computer: false, battery: null }).map(({ name, state }) => [name, state]);
  expect(Object.fromEntries(states)).toEqual({
    installed: "good", storage: "running", offline: "running", list: "bad", clock: "unknown", decoder: "running", camera: "unknown",
    sound: "unknown", battery: "unknown",
  });
});

test.each([
  ["installed", { onHomeScreen: false }, "warn", "tab"],
  ["installed", { onHomeScreen: false, installable: true }, "warn", "offered"],
  ["installed", { onHomeScreen: false, computer: true }, "good", "computer"],
  ["installed", { onHomeScreen: false, secure: false }, "bad", "insecure"],
  ["storage", { persisted: false }, "warn", "not_lasting"],
  ["storage", { freeBytes: ENOUGH_BYTES - 1 }, "bad", "little"],
  ["storage", { secure: false }, "bad", "insecure"],
  ["offline", { offline: false }, "bad", undefined],
  ["list", { listTakenAt: undefined }, "bad", "none"],
  ["list", { cards: 0 }, "warn", "empty"],
  ["list", { listTakenAt: NOW - 13 * 3600 }, "warn", undefined],
  ["list", { listTakenAt: NOW - 73 * 3600 }, "bad", undefined],
  ["clock", { clockAheadSeconds: 180 }, "warn", "ahead"],
  ["clock", { clockAheadSeconds: -3 * 3600 }, "bad", "behind"],
  ["decoder", { decoder: false }, "bad", undefined],
  ["camera", { camera: "refused" }, "warn", "refused"],
  ["sound", { heard: false }, "warn", undefined],
  ["battery", { battery: 0.5 }, "warn", undefined],
  ["battery", { battery: 0.1 }, "bad", undefined],
] as const)("%s with %o is %s (%s)", (name, change, state, why) => {
  expect(found(name, change)).toMatchObject({ state, ...(why && { why }) });
});

test("what is off is told in whole minutes, hours and megabytes", () => {
  expect(found("clock", { clockAheadSeconds: 181 })?.value).toBe(3);
  expect(found("list", { listTakenAt: NOW - 5 * 3600 - 1800 })?.value).toBe(5);
  expect(found("storage", { freeBytes: 250 * 1024 * 1024 + 5 })?.value).toBe(250);
});

import { expect, test } from "vitest";
import { bytesOfId, newId, randomId } from "../../src/wire/ids";

test("a new id holds its time, its version and its variant", () => {
  const id = newId(Date.UTC(2013, 2, 18, 6, 12, 30));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(1_363_587_150_000);
});

test("a clock that was never set, or ran far ahead, still makes ids", () => {
  expect(newId(-1)).toMatch(/^00000000-0000-7/);
  expect(newId(8.64e15)).toMatch(/^ffffffff-ffff-7/);
});

test("ids made at one moment differ", () => {
  expect(new Set(Array.from({ length: 1000 }, () => newId(0))).size).toBe(1000);
});

test("a random id tells nothing of when", () => {
  expect(randomId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
});

test("an id's bytes are its digits, and what is no id has none", () => {
  expect([...bytesOfId("00010203-0405-0607-0809-0a0b0c0d0e0f")]).toEqual([...Array(16).keys()]);
  expect(() => bytesOfId("00010203-0405-0607-0809-0A0B0C0D0E0F")).toThrow(RangeError);
});

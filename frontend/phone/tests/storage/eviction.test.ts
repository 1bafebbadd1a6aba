import { beforeEach, expect, test } from "vitest";
import { acknowledgeLost, findLost, keep, readSetting } from "../../src/storage";
import { evict, handover, join, newPhone } from "../fakes/phone";

beforeEach(async () => {
  await newPhone();
  await join();
});

test("a phone that was full of unsent work and is empty says so", async () => {
  await keep([handover(), handover()]);
  await evict();
  expect(await findLost()).toMatchObject({ unsent: 2 });
});

test("until somebody has read it", async () => {
  await keep([handover()]);
  await evict();
  await acknowledgeLost();
  expect(await findLost()).toBeNull();
  expect(await readSetting("lost")).toBe(1); // for the desk
});

test("a phone that still has its work has lost nothing", async () => {
  await keep([handover()]);
  expect(await findLost()).toBeNull();
});

test("a phone that had nothing unsent has lost nothing", async () => {
  await evict();
  expect(await findLost()).toBeNull();
});

test("a damaged note, or none allowed, stops nothing", async () => {
  localStorage.setItem("relief.unsent", "{");
  expect(await findLost()).toBeNull();
  globalThis.localStorage = undefined as never;
  await keep([handover()]);
  expect(await findLost()).toBeNull();
});

import { beforeEach, expect, test } from "vitest";
import { memory, note, recall, remember } from "../src/memory";
import { writeSetting } from "../src/storage";
import { join, newPhone, taps } from "./fakes/phone";

beforeEach(async () => {
  await newPhone();
  await recall();
});

test("two steps that are noted at once are both remembered", async () => {
  await Promise.all([note({ camera: "works" }), note({ checked: true })]);
  expect(memory.value?.steps).toEqual({ camera: "works", checked: true });
});

test("what is remembered first names who is asked for her PIN, and counts nothing; a moment later it is all there", async () => {
  await join();
  await taps(2);
  await writeSetting("volunteer", { id: "v", name: "Alena" });
  await remember();
  expect(memory.value).toMatchObject({ volunteer: { name: "Alena" }, counts: null });
  await recall();
  expect(memory.value).toMatchObject({ volunteer: { name: "Alena" }, counts: { made: 2, waiting: 2 } });
});

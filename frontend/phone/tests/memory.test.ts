import { beforeEach, expect, test } from "vitest";
import { memory, note, recall } from "../src/memory";
import { newPhone } from "./fakes/phone";

beforeEach(async () => {
  await newPhone();
  await recall();
});

test("two steps that are noted at once are both remembered", async () => {
  await Promise.all([note({ camera: "works" }), note({ checked: true })]);
  expect(memory.value?.steps).toEqual({ camera: "works", checked: true });
});

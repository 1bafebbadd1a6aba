import { expect, test, vi } from "vitest";
import { _, speak } from "../src/words";

test("what is put into a sentence keeps its own direction among Arabic letters, so that a card's number is not turned round", async () => {
  vi.stubGlobal("document", { documentElement: {} });
  await speak("ar");
  expect(_("Punch box %(box)s", { box: "17-0403" })).toContain("\u206817-0403\u2069");
  await speak("en");
  expect(_("Punch box %(box)s", { box: 3 })).toBe("Punch box 3");
});

import { beforeEach, expect, test, vi } from "vitest";
import { makeLock } from "../src/lock";
import { newPhone } from "./fakes/phone";

const LOCK = makeLock("2580");

/** Open the app anew: nothing is known but what lies on the phone. */
async function openedApp() {
  vi.resetModules();
  const [{ recall, memory }, tries] = [await import("../src/memory"), await import("../src/pin-tries")];
  await recall();
  return { memory, ...tries };
}

beforeEach(newPhone);

test("whoever guesses waits, also after opening the app anew, until the PIN was right", async () => {
  const app = await openedApp();
  for (const pin of ["1111", "2222", "3333", "4444"]) expect(app.tryPin(LOCK, pin)).toBe(false);
  expect(app.secondsToWait(Date.now())).toBe(0);
  app.tryPin(LOCK, "5555");
  expect(app.secondsToWait(Date.now())).toBe(15);
  await vi.waitFor(() => expect(app.memory.value?.steps.tries?.wrong).toBe(5));
  const again = await openedApp();
  expect(again.secondsToWait(Date.now())).toBeGreaterThan(10);
  expect(again.secondsToWait(Date.now() - 3_600_000)).toBe(15);
  expect(again.tryPin(LOCK, "2580")).toBe(true);
  expect(again.secondsToWait(Date.now())).toBe(0);
  await vi.waitFor(() => expect(again.memory.value?.steps.tries?.wrong).toBe(0));
});

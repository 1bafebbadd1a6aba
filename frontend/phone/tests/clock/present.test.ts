import { beforeEach, describe, expect, test, vi } from "vitest";

const TRUE_MS = Date.UTC(2026, 10, 22, 9);
const THREE_YEARS = 3 * 365 * 86_400;

/** A page just loaded, on a phone whose clock is wrong by so many seconds. */
async function page(wrongBy: number) {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["Date", "performance"], now: TRUE_MS + wrongBy * 1000 });
  return import("../../src/clock/present");
}

beforeEach(() => void vi.useRealTimers());

describe("the present moment", () => {
  test("is the phone's own before any answer", async () => {
    const clock = await page(-THREE_YEARS);
    expect(clock.presentMoment()).toBe(TRUE_MS / 1000 - THREE_YEARS);
    expect(clock.clockAheadSeconds()).toBeNull();
  });

  test("is the server's after one, however wrong the phone is", async () => {
    const clock = await page(-THREE_YEARS);
    clock.noteServerTime(TRUE_MS / 1000, 300);
    vi.advanceTimersByTime(60_000);
    expect(clock.presentMoment()).toBe(TRUE_MS / 1000 + 60);
    expect(clock.clockAheadSeconds()).toBe(-THREE_YEARS);
  });

  test("stays right when somebody sets the phone's clock in between", async () => {
    const clock = await page(0);
    clock.noteServerTime(TRUE_MS / 1000, 300);
    vi.advanceTimersByTime(10_000);
    vi.setSystemTime(TRUE_MS + 40_000);
    expect(clock.presentMoment()).toBe(TRUE_MS / 1000 + 10);
  });

  test("is known again after a restart without a network", async () => {
    const before = await page(7200);
    const mark = before.noteServerTime(TRUE_MS / 1000, 300);
    const clock = await page(7200 + 3600); // an hour later, as wrong as before
    clock.recallMark(mark);
    expect(clock.presentMoment()).toBe(TRUE_MS / 1000 + 3600);
  });

  test("is not taken back to an older session's mark", async () => {
    const before = await page(0);
    const mark = before.noteServerTime(0, 300);
    const clock = await page(0);
    clock.noteServerTime(TRUE_MS / 1000, 300);
    clock.recallMark(mark);
    expect(clock.presentMoment()).toBe(TRUE_MS / 1000);
  });
});

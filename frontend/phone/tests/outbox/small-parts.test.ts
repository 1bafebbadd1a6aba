import { afterEach, describe, expect, test, vi } from "vitest";
import { chooseBatch } from "../../src/outbox/batch";
import { pauseSeconds } from "../../src/outbox/backoff";
import { asOnlySender, inTurn } from "../../src/outbox/one-sender";
import { readVerdicts } from "../../src/outbox/verdicts";
import type { KeptRecord } from "../../src/storage";

const kept = (size: number) => ({ mode: "tell", record: { reason: "я".repeat(size) } }) as unknown as KeptRecord;

describe("a batch", () => {
  test("counts bytes as they go over the wire", () => {
    expect(chooseBatch([kept(500), kept(500), kept(500)], 200, 2100)).toHaveLength(2);
  });

  test("is never empty where something waits", () => expect(chooseBatch([kept(500)], 200, 10)).toHaveLength(1));
});

describe("the pause before another try", () => {
  test("doubles up to five minutes, and differs from phone to phone", () => {
    expect([1, 2, 3, 8, 50].map((failed) => pauseSeconds(failed, null, 0.5))).toEqual([2, 4, 8, 256, 300]);
    expect([0, 0.999].map((chance) => pauseSeconds(3, null, chance))).toEqual([4, expect.closeTo(12, 1)]);
  });

  test("is never shorter than the server asks for", () => {
    for (const chance of [0, 0.5, 0.999]) expect(pauseSeconds(1, 30, chance)).toBeGreaterThanOrEqual(30);
  });
});

describe("one sender among tabs", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("leaves the sending to another tab that is at it", async () => {
    vi.stubGlobal("navigator", { locks: { request: async (_: string, __: object, work: (lock: null) => unknown) => work(null) } });
    expect(await asOnlySender(async () => "sent")).toBeNull();
  });

  test("waits for its turn where somebody leaves", async () => {
    const order: string[] = [];
    const sending = Promise.resolve().then(() => order.push("sent"));
    vi.stubGlobal("navigator", { locks: { request: (_: string, work: () => unknown) => sending.then(work) } });
    await inTurn(async () => order.push("left"));
    expect(order).toEqual(["sent", "left"]);
  });

  test("sends where the browser has no locks", async () => {
    vi.stubGlobal("navigator", {});
    expect(await asOnlySender(async () => "sent")).toBe("sent");
  });
});

test("of two verdicts on one id the first counts", () => {
  const rows = [{ id: "a", verdict: "held", codes: ["conflict", 7] }, { id: "a", verdict: "accepted" }];
  expect(readVerdicts(rows).get("a")).toEqual({ word: "held", codes: ["conflict"], granted: false });
});

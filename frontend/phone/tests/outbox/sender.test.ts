import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { carry } from "../../src/outbox/parcels";
import { Sender } from "../../src/outbox/sender";
import { countRecords, keep } from "../../src/storage";
import { SELF, handover } from "../fakes/phone";
import { FakeServer } from "../fakes/server";

const PATIENCE = { timeout: 20_000 };
let server: FakeServer;
let sender: Sender;
let told: (string | null)[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server = await FakeServer.ofNewPhone();
  told = [];
  sender = new Sender(() => SELF, {
    onSending: (busy, trouble) => void (busy || told.push(trouble?.trouble ?? null)),
  });
});

afterEach(() => {
  sender.stop();
  vi.useRealTimers();
});

/** Let so many seconds pass, and what they start come to its end. */
async function pass(seconds: number): Promise<void> {
  const rounds = told.length;
  vi.advanceTimersByTime(seconds * 1000);
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(rounds), PATIENCE);
}

async function started(): Promise<void> {
  sender.start();
  await vi.waitFor(() => expect(told).toHaveLength(1), PATIENCE);
}

describe("the sender", () => {
  test("says hello at the start", async () => {
    await started();
    expect(server.requests[0]!.body.records).toEqual([]);
  });

  test("sends by itself soon after something was recorded", async () => {
    await started();
    await keep([handover()]);
    await pass(1.1);
    expect((await countRecords()).waiting).toBe(0);
  });

  test("is not put off by a volunteer who scans every second", async () => {
    await started();
    await keep([handover()]);
    vi.advanceTimersByTime(700);
    await keep([handover()]);
    await pass(0.4);
    expect((await countRecords()).waiting).toBe(0);
  });

  test("sends what was recorded while a round was coming to its end", async () => {
    await started();
    await carry({ sealed: Uint8Array.from([1]), key_id: "k1" });
    const answer = globalThis.fetch;
    globalThis.fetch = async (...given) => {
      if (String(given[0]).endsWith("/parcels")) await keep([handover()]); // the records were looked through by then
      return answer(...given);
    };
    await pass(1.1);
    expect((await countRecords()).waiting).toBe(1);
    await vi.waitFor(async () => {
      vi.advanceTimersByTime(1100);
      expect((await countRecords()).waiting).toBe(0);
    }, PATIENCE);
  });

  test("asks nothing more once nothing waits", async () => {
    await started();
    await keep([handover()]);
    await pass(1.1);
    const requests = server.requests.length;
    for (let turn = 0; turn < 20; turn += 1) {
      await countRecords();
      vi.advanceTimersByTime(1100);
    }
    expect(server.requests).toHaveLength(requests);
  });

  test("tries again later where there is no network, and not with every tap", async () => {
    server.moods = ["offline"];
    await started();
    expect(told).toEqual(["offline"]);
    await keep([handover()]);
    vi.advanceTimersByTime(900);
    expect(told).toHaveLength(1);
    await pass(3);
    expect((await countRecords()).waiting).toBe(0);
  });

  test("sends at once when it is told to, whatever pause there was", async () => {
    server.moods = ["offline"];
    await started();
    await keep([handover()]);
    await sender.sendNow();
    expect((await countRecords()).waiting).toBe(0);
  });

  test("tries again though the storage failed in the middle of it", async () => {
    await started();
    await keep([handover()]);
    const failing = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    await expect(sender.sendNow()).rejects.toMatchObject({ code: "full" });
    failing.mockRestore();
    await pass(4);
    expect((await countRecords()).waiting).toBe(0);
  });

  test("does nothing any more once it was stopped", async () => {
    await started();
    sender.stop();
    await keep([handover()]);
    vi.advanceTimersByTime(3_600_000);
    expect((await countRecords()).waiting).toBe(1);
    expect(told).toHaveLength(1);
  });
});

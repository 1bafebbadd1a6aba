import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { closeDatabase, countRecords, currentEnrolment, keep, latestRecords, oldestWaiting, onChange } from "../../src/storage";
import { NotCanonical } from "../../src/wire/canonical";
import { CARD, ENROLMENT, handover, join, newPhone } from "../fakes/phone";

beforeEach(async () => {
  await newPhone();
  await join();
});

afterEach(() => vi.restoreAllMocks());

const waiting = () => oldestWaiting(ENROLMENT, 1000);
const numbers = async () => (await waiting()).map((kept) => kept.seq);

describe("what happened", () => {
  test("is numbered without a gap, tap after tap", async () => {
    await keep([handover()]);
    await keep([handover(), handover()]);
    await keep([{ kind: "not_served", fields: { cause: "absent", site: "x".repeat(8) } }]);
    expect(await numbers()).toEqual([1, 2, 3, 4]);
  });

  test("carries the whole envelope, and who captured it in which tap", async () => {
    const [kept] = await keep([handover()], { by: "somebody", visit: "one tap" });
    expect(kept!.record).toMatchObject({ v: 1, kind: "handover", enrolment: ENROLMENT, seq: 1, by: "somebody", visit: "one tap", card: CARD });
    expect(kept!.record.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
    expect(kept!.record.uptime_ms).toBeGreaterThanOrEqual(0);
  });

  test("is still there after the page was killed", async () => {
    const [kept] = await keep([handover()]);
    await closeDatabase();
    expect(await waiting()).toEqual([kept]);
  });

  test("is told to those who listen, once it is there", async () => {
    const counts: number[] = [];
    const end = onChange((change) => void (change === "records" && countRecords().then(({ made }) => counts.push(made))));
    await keep([handover()]);
    await vi.waitFor(() => expect(counts).toEqual([1]), { timeout: 20_000 });
    end();
  });

  test("leaves no half of a tap, and no number used, where one record cannot be", async () => {
    await expect(keep([handover(), handover(CARD, 1.5)])).rejects.toThrow(NotCanonical);
    await keep([handover()]);
    expect(await numbers()).toEqual([1]);
  });

  test("gets its own number each, also from two tabs at once", async () => {
    vi.resetModules();
    const other = await import("../../src/storage");
    const taps = Array.from({ length: 20 }, (_, place) => (place % 2 ? keep : other.keep)([handover()]));
    await Promise.all(taps);
    expect(await numbers()).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    await other.closeDatabase();
  });

  test("cannot be kept before the phone has joined", async () => {
    await newPhone();
    await expect(keep([handover()])).rejects.toMatchObject({ code: "unusable" });
  });
});

describe("when storage fails", () => {
  test("a full phone says so, nothing is half stored, and the next try goes on with the same number", async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    await expect(keep([handover()])).rejects.toMatchObject({ code: "full" });
    put.mockRestore();
    expect((await countRecords()).made).toBe(0);
    await keep([handover()]);
    expect(await numbers()).toEqual([1]);
  });

  test("a connection that the browser dropped is opened anew, twice if need be", async () => {
    dropConnections(2);
    await keep([handover()]);
    expect(await numbers()).toEqual([1]);
  });

  test("a connection that drops again and again is named", async () => {
    dropConnections(3);
    await expect(keep([handover()])).rejects.toMatchObject({ code: "unusable" });
    await keep([handover()]); // and the next tap tries anew
    expect(await numbers()).toEqual([1]);
  });

  test("a tap whose end was not heard is not kept twice", async () => {
    const real = IDBDatabase.prototype.transaction;
    let lost = 0;
    vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...given) {
      const transaction = real.apply(this, given);
      if (given[1] === "readwrite" && lost === 0) {
        lost += 1; // it is committed, and then the page hears that it was not
        const listen = transaction.addEventListener.bind(transaction);
        const onAbort: EventListener[] = [];
        transaction.addEventListener = ((name: "complete" | "abort", listener: EventListener) => {
          if (name === "abort") onAbort.push(listener);
          listen(name, name === "complete" ? (event) => onAbort.forEach((each) => each(event)) : listener);
        }) as never;
      }
      return transaction;
    });
    await keep([handover()]);
    expect(await numbers()).toEqual([1]);
    expect((await currentEnrolment())!.seq).toBe(1);
  });
});

test("the last records come newest first", async () => {
  for (let tap = 0; tap < 5; tap += 1) await keep([handover()]);
  expect((await latestRecords(ENROLMENT, 3)).map((kept) => kept.seq)).toEqual([5, 4, 3]);
});

/** Let the next `times` transactions fail as in WebKit after a phone slept. */
function dropConnections(times: number): void {
  const real = IDBDatabase.prototype.transaction;
  let left = times;
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...given) {
    if (left > 0) {
      left -= 1;
      throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
    }
    return real.apply(this, given);
  });
}

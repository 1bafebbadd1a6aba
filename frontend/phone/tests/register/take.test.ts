import { beforeEach, describe, expect, test, vi } from "vitest";
import { decide } from "../../src/decide/decide";
import { sendAll } from "../../src/outbox/sending";
import type { CardRow, RegisterPage } from "../../src/register/rows";
import { takeRegister, type Progress } from "../../src/register/take";
import { cardView, closeDatabase, currentEnrolment, keep, readSettings, recordsFrom, registerInfo, wipeEnrolment } from "../../src/storage";
import { CARD, ENROLMENT, PARCEL, ROUND, SELF, SITE, handover, join, newPhone } from "../fakes/phone";
import { FakeServer } from "../fakes/server";

const LEDGER = { id: "11111111-1111-4111-8111-111111111111", position: 7, head: "00", signature: "00", key_id: "k" };
const PLAN = {
  sites: [{ id: SITE, name: "School 1", zone: "Europe/Minsk", lanes: 0 }],
  items: [{ id: PARCEL, name: "Parcel", unit: "piece", recipient: "household", reaches: "all_members", service: 0,
            rule: { kind: "per_household", quantity: 1 } }],
  rounds: [{ id: ROUND, name: "First", first_day: "2013-03-18", last_day: "2013-03-31" }],
} as const;

/** Pages that the next questions are answered with; a text is a network's mood or an error's code. */
let answers: (Partial<RegisterPage> | "offline" | "unchanged" | "revoked" | "login")[] = [];
let asked: URLSearchParams[] = [];

beforeEach(async () => {
  await newPhone();
  await join();
  [answers, asked] = [[], []];
  globalThis.fetch = (async (path: string) => answer(path)) as typeof fetch;
});

async function answer(path: string): Promise<Response> {
  asked.push(new URL(path, "https://x").searchParams);
  const next = answers.shift() ?? "unchanged";
  const headers = { "Content-Type": "application/json", ETag: `"${asked.length}"` };
  if (next === "offline") throw new TypeError("Failed to fetch");
  if (next === "unchanged") return new Response(null, { status: 304, headers });
  if (next === "login") return new Response(JSON.stringify({ hotel: "Paradise" }), { headers });
  if (next === "revoked") return new Response(JSON.stringify({ error: { code: "revoked", message: "" } }), { status: 401, headers });
  const whole = { cursor: 5, turn: "1.1", first: true, complete: true, plan_version: 1, server_time: 1_363_600_000, ledger: LEDGER, ...PLAN,
                  cards: [], contained: [], ...next };
  return new Response(JSON.stringify(whole), { headers });
}

const key = (number: number) => number.toString(16).padStart(32, "0");
const row = (number: number, left = 1): CardRow => ({
  card: key(number), state: "linked", household: `h${number}`, status: "approved", members: [],
  due: [{ item: PARCEL, round: ROUND, left, held_by_grant: 0 }],
});
const rows = (...numbers: number[]) => numbers.map((number) => row(number));
const known = async (number: number) => (await cardView(key(number))).rows.length === 1;
const granted = async (card: string) =>
  decide(await cardView(card), { item: PARCEL, round: ROUND, quantity: 1, day: "2013-03-18" }).granted;

describe("the first register", () => {
  test("comes page by page, and the progress bar moves", async () => {
    const seen: Progress[] = [];
    answers = [{ cards: rows(1, 2), more: "m1", total: 5 }, { first: false, cards: rows(3, 4), more: "m2" }, { first: false, cards: rows(5) }];
    expect(await takeRegister((progress) => seen.push(progress))).toEqual({ is: "changed" });
    expect(seen).toEqual([{ cards: 2, total: 5 }, { cards: 4, total: 5 }, { cards: 5, total: 5 }]);
    expect(await known(1) && await known(5)).toBe(true);
    expect(asked[3]!.get("since")).toBe("5"); // what changed while the pages came
  });

  test("is not worked with before it is whole", async () => {
    answers = [{ cards: rows(1), more: "m1" }, "offline"];
    expect(await takeRegister()).toMatchObject({ is: "trouble", trouble: { trouble: "offline" } });
    expect(await known(1)).toBe(false);
    expect(await registerInfo()).toBeUndefined();
  });

  test("goes on where it was cut off, also after the page was killed", async () => {
    answers = [{ cards: rows(1), more: "m1", total: 2 }, "offline"];
    await takeRegister();
    await closeDatabase();
    answers = [{ first: false, cards: rows(2) }];
    expect(await takeRegister()).toEqual({ is: "changed" });
    expect(asked[2]!.get("after")).toBe("m1");
    expect(await known(1) && await known(2)).toBe(true);
  });

  test("starts anew where the server says that plan or day has changed", async () => {
    answers = [{ cards: rows(1), more: "m1" }, { first: true, cursor: 9, cards: rows(2), more: "m2" }, { first: false, cards: rows(3) }];
    await takeRegister();
    expect([await known(1), await known(2), await known(3)]).toEqual([false, true, true]);
    expect((await registerInfo())!.cursor).toBe(9);
  });
});

describe("later", () => {
  beforeEach(async () => {
    answers = [{ cards: rows(1, 2, 3) }];
    await takeRegister();
    asked = [];
  });

  test("only changes are asked for, and nothing happens where there are none", async () => {
    expect(await takeRegister()).toEqual({ is: "same" });
    expect(Object.fromEntries(asked[0]!)).toEqual({ limit: "500", since: "5", turn: "1.1", ledger: LEDGER.id });
  });

  test("changes are put over the rows, and cards of other sites go", async () => {
    answers = [{ complete: false, cursor: 8, cards: [row(1, 0), { card: key(2), state: "elsewhere" }] }];
    await takeRegister();
    expect([await granted(key(1)), await known(2), await known(3)]).toEqual([false, false, true]);
    expect(await registerInfo()).toMatchObject({ cards: 2, cursor: 8 });
  });

  test("changes of several pages are applied together or not at all", async () => {
    answers = [{ complete: false, cards: [row(1, 0)], more: "m1" }, "offline"];
    await takeRegister();
    expect(await granted(key(1))).toBe(true);
    answers = [{ complete: false, cards: [row(1, 0)], more: "m1" }, { complete: false, first: false, cards: rows(4) }];
    await takeRegister();
    expect([await granted(key(1)), await known(4)]).toEqual([false, true]);
  });

  test("a complete one takes the place of all rows", async () => {
    answers = [{ cards: rows(7) }];
    await takeRegister();
    expect([await known(1), await known(7)]).toEqual([false, true]);
  });

  test("a closed operation takes everybody off the phone", async () => {
    answers = [{ cards: [], status: "closed" }];
    await takeRegister();
    expect(await known(1)).toBe(false);
    expect((await registerInfo())!.plan.status).toBe("closed");
  });

  test("somebody else's answer changes nothing", async () => {
    answers = ["login"];
    expect(await takeRegister()).toMatchObject({ is: "trouble", trouble: { trouble: "not_ours" } });
    expect(await known(1)).toBe(true);
  });

  test("a phone that was signed off learns it, and the register goes with what was joined", async () => {
    answers = ["revoked"];
    await takeRegister();
    expect((await currentEnrolment())!.revoked).toBe(true);
    await wipeEnrolment(ENROLMENT, "signed_off");
    expect([await known(1), await registerInfo()]).toEqual([false, undefined]);
  });

  test("another enrolment begins with nothing of the one before", async () => {
    await join("00000000-0000-4000-8000-0000000000e2", "token-2");
    answers = [{ cards: rows(9) }];
    await takeRegister();
    expect(asked[0]!.get("since")).toBeNull();
    expect([await known(1), await known(9)]).toEqual([false, true]);
  });
});

describe("own records", () => {
  test("count on top of the rows until the rows have them, and exactly once", async () => {
    answers = [{ cards: [{ ...row(1), card: CARD }] }];
    await takeRegister();
    expect(await granted(CARD)).toBe(true);
    const [kept] = await keep([handover()]);
    expect(await granted(CARD)).toBe(false);
    answers = [{ complete: false, cards: [{ ...row(1, 1), card: CARD }], contained: [] }]; // a change of somebody else's
    await takeRegister();
    expect(await granted(CARD)).toBe(false);
    answers = [{ complete: false, cards: [{ ...row(1, 1), card: CARD }], contained: [kept!.id] }]; // two were allowed, one was ours
    await takeRegister();
    expect(await granted(CARD)).toBe(true);
  });

  test("on another card of the same family count too", async () => {
    const other = "f".repeat(32);
    answers = [{ cards: [{ ...row(1), card: CARD }, { ...row(1), card: other }] }];
    await takeRegister();
    await keep([handover(other)]);
    expect(await granted(CARD)).toBe(false);
  });

  test("made under an earlier joining are in the rows once they were settled before those", async () => {
    const server = new FakeServer().open();
    await keep([handover()]);
    await sendAll(SELF);
    await join("00000000-0000-4000-8000-0000000000e2", "token-2");
    globalThis.fetch = (async (path: string) => answer(path)) as typeof fetch;
    answers = [{ cards: [{ ...row(1, 1), card: CARD }], server_time: server.now + 5 }];
    await takeRegister();
    expect(await granted(CARD)).toBe(false); // it may not be sealed yet
    answers = [{ cards: [{ ...row(1, 1), card: CARD }], server_time: server.now + 300 }];
    await takeRegister();
    expect(await granted(CARD)).toBe(true);
  });

  test("are let go 14 days after they were settled, once the rows have them", async () => {
    const server = new FakeServer().open();
    vi.useFakeTimers({ toFake: ["Date"], now: server.now * 1000 });
    const [first, second] = await keep([handover(), handover("f".repeat(32))]);
    await sendAll(SELF);
    globalThis.fetch = (async (path: string) => answer(path)) as typeof fetch;
    answers = [{ contained: [first!.id] }];
    await takeRegister();
    server.open().now += 15 * 86_400;
    vi.setSystemTime(server.now * 1000);
    await sendAll(SELF);
    const left = (await recordsFrom(ENROLMENT, 1)).filter(({ record }) => record.kind === "handover");
    expect(left.map(({ id }) => id)).toEqual([second!.id]);
    vi.useRealTimers();
  });
});

test("an answer that comes when the phone has left leaves nothing on it", async () => {
  answers = [{ seal_to: { key_id: "k", public: "p" } }];
  globalThis.fetch = (async (path: string) => {
    await wipeEnrolment(ENROLMENT, "left");
    return answer(path);
  }) as typeof fetch;
  await takeRegister();
  expect(await readSettings("register", "register_load", "seal_to", "clock_mark", "farewell")).toEqual({ farewell: "left" });
});

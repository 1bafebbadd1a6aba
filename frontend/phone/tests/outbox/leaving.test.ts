import { beforeEach, describe, expect, test } from "vitest";
import { leave, leaveClosed, leaveHandedOn } from "../../src/outbox/leaving";
import { carry } from "../../src/outbox/parcels";
import { sendAll } from "../../src/outbox/sending";
import { beginLoad, countRecords, finishLoad, keep, listEnrolments, readSetting, recordsFrom, writeSetting } from "../../src/storage";
import { ENROLMENT, SELF, handover, join, taps } from "../fakes/phone";
import { FakeServer } from "../fakes/server";

const LATER = "00000000-0000-4000-8000-0000000000e2";
let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.ofNewPhone();
});

const send = () => sendAll(SELF);

describe("a phone that was signed off", () => {
  test("hands in everything, and then has nothing left but its language", async () => {
    await writeSetting("language", "ru");
    await taps(3);
    server.revoked.add("token-1");
    await send();
    expect(server.sizes()[0]).toBe(3);
    expect(await listEnrolments()).toEqual([]);
    expect(await recordsFrom(ENROLMENT, 0)).toEqual([]);
    expect([await readSetting("language"), await readSetting("current")]).toEqual(["ru", undefined]);
  });

  test("hands in its open questions too: nobody will say any more how they ended", async () => {
    await keep([{ ...handover(), mode: "ask" }]);
    server.revoked.add("token-1");
    await send();
    expect(server.requests.flatMap(({ body }) => body.records)).toMatchObject([{ mode: "ask" }]);
    expect(await listEnrolments()).toEqual([]);
  });

  test("is wiped though there is something that the server would not even hold, and the office is told how much", async () => {
    const [kept] = await taps(3);
    server.poison.add(kept!.id);
    server.revoked.add("token-1");
    await send();
    expect(server.requests.at(-1)!.body.counts["waiting"]).toBe(1);
    expect([await listEnrolments(), await recordsFrom(ENROLMENT, 0)]).toEqual([[], []]);
    expect(await readSetting("farewell")).toBe("signed_off");
  });

  test("is wiped though the server cannot open what it carries for another one, which it goes on carrying", async () => {
    await carry({ sealed: Uint8Array.from([1, 2, 255]), key_id: "k1" });
    server.opensNoParcel = true;
    server.revoked.add("token-1");
    await send();
    expect(await listEnrolments()).toEqual([]);
  });

  test("has nothing left of the days before it joined again either", async () => {
    await taps(2);
    await join(LATER, "token-2");
    await taps(1);
    server.revoked.add("token-2");
    await send();
    expect([...server.told.values()].filter(({ kind }) => kind === "handover")).toHaveLength(2); // the last one was held
    expect([await listEnrolments(), await recordsFrom(ENROLMENT, 0), await recordsFrom(LATER, 0)]).toEqual([[], [], []]);
  });

  test("keeps what it could not hand in", async () => {
    await taps(250);
    server.revoked.add("token-1");
    server.moods = [undefined as never, "offline"];
    await send();
    expect(await countRecords()).toMatchObject({ waiting: 50, held: 200 });
    await send();
    expect(await listEnrolments()).toEqual([]);
  });
});

describe("leaving", () => {
  test("hands in everything first, and takes everything off the phone", async () => {
    await taps(2);
    expect(await leave(SELF)).toEqual({ left: 0, trouble: null });
    expect([...server.told.values()].filter(({ kind }) => kind === "handover")).toHaveLength(2);
    expect([await listEnrolments(), await recordsFrom(ENROLMENT, 0)]).toEqual([[], []]);
  });

  test("is not possible with unsent work, nor with an open question", async () => {
    await taps(2);
    server.moods = ["offline"];
    expect(await leave(SELF)).toMatchObject({ left: 2, trouble: { trouble: "offline" } });
    await keep([{ ...handover(), mode: "ask" }]);
    expect((await leave(SELF)).left).toBe(1);
    expect(await listEnrolments()).toHaveLength(1);
  });

  test("is possible with unsent work that somebody else has", async () => {
    await taps(2);
    await leaveHandedOn();
    expect([await listEnrolments(), await recordsFrom(ENROLMENT, 0), await readSetting("farewell")]).toEqual([[], [], "left"]);
  });
});

test("a phone whose operation was closed forgets it once all is handed in", async () => {
  const page = { cursor: 1, turn: "1", first: true, complete: true, plan_version: 1, server_time: 1, ledger: server.ledger, status: "closed" };
  await taps(1);
  await beginLoad({ ...page, sites: [], items: [], rounds: [], cards: [], contained: [] } as never, ENROLMENT);
  await finishLoad(1);
  expect(await leaveClosed()).toBe(false);
  await send();
  expect(await leaveClosed()).toBe(true);
  expect([await listEnrolments(), await readSetting("farewell")]).toEqual([[], "closed"]);
});

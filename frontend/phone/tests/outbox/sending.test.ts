import { beforeEach, describe, expect, test, vi } from "vitest";
import { carry } from "../../src/outbox/parcels";
import { sendAll } from "../../src/outbox/sending";
import {
  cardView, closeDatabase, countRecords, currentEnrolment, forgetSettled, latestRecords, listParcels, oldestWaiting, readSetting, recordsOfOperation, shelf, stuckRecords, type KeptRecord,
} from "../../src/storage";
import { CARD, ENROLMENT, SELF, join, taps } from "../fakes/phone";
import { FakeServer } from "../fakes/server";

const OTHER = "00000000-0000-4000-8000-0000000000e2";
let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.ofNewPhone();
});

const send = () => sendAll(SELF);

describe("what waits", () => {
  test("goes out in order, and is settled by its own id", async () => {
    const kept = await taps(3);
    const sent = await send();
    expect(sent.trouble).toBeNull();
    expect([...server.told.keys()].slice(0, 3)).toEqual(kept.map(({ id }) => id));
    expect(await countRecords()).toMatchObject({ waiting: 0, held: 0 });
  });

  test("is counted honestly beside each request", async () => {
    await taps(3);
    await send();
    expect(server.requests[0]!.body.counts).toEqual({ made: 3, waiting: 0, held: 0 });
    expect((await countRecords()).sent).toBe((await countRecords()).made);
  });

  test("goes out at most 200 at a time", async () => {
    await taps(450);
    await send();
    expect(server.sizes().slice(0, 2)).toEqual([200, 200]);
    expect((await countRecords()).waiting).toBe(0);
  });

  test("goes out in halves where the server takes fewer", async () => {
    server.mostRecords = 30;
    await taps(100);
    await send();
    expect(Math.max(...server.sizes().slice(3))).toBeLessThanOrEqual(30);
    expect((await countRecords()).waiting).toBe(0);
  });

  test("is not blocked by one record that no request may hold", async () => {
    const kept = await taps(10);
    server.poison.add(kept[4]!.id);
    expect((await send()).trouble).toBeNull();
    expect((await stuckRecords()).map(({ id }) => id)).toEqual([kept[4]!.id]);
    expect(await countRecords()).toMatchObject({ waiting: 1, stuck: 1 });
  });

  test("stands aside for the others, and is tried again when the app is started", async () => {
    const [kept] = await taps(1);
    server.poison.add(kept!.id);
    await send();
    await taps(3);
    server.requests.length = 0;
    await send();
    expect(server.sizes()[0]).toBe(3);
    server.poison.clear();
    vi.resetModules();
    const page = await import("../../src/outbox/sending"); // as just loaded
    await page.sendAll(SELF);
    expect(server.told.has(kept!.id)).toBe(true);
    expect(await countRecords()).toMatchObject({ waiting: 0, stuck: 0 });
  });

  test("goes out in large batches again once the one that blocked them stands aside", async () => {
    const kept = await taps(400);
    server.poison.add(kept[0]!.id);
    await send();
    expect(server.sizes().length).toBeLessThan(25);
    expect((await countRecords()).waiting).toBe(1);
  });

  test("sets a clock mark with the first answer, and not with each", async () => {
    vi.resetModules();
    const page = await import("../../src/outbox/sending"); // as just loaded
    for (let time = 0; time < 3; time += 1) await page.sendAll(SELF);
    expect([...server.told.values()].filter(({ kind }) => kind === "clock")).toHaveLength(1);
    expect(await readSetting("clock_mark")).toMatchObject({ server_time: server.now });
  });
});

describe("where no answer of ours comes", () => {
  test.each(["offline", "login", "busy"] as const)("%s settles nothing", async (mood) => {
    await taps(2);
    server.moods = [mood];
    expect((await send()).trouble).not.toBeNull();
    expect((await countRecords()).waiting).toBe(2);
  });

  test("an answer that was lost is asked for again, and nothing counts twice", async () => {
    await taps(2);
    server.moods = ["lost"];
    expect((await send()).trouble?.trouble).toBe("offline");
    expect((await countRecords()).waiting).toBe(2);
    await send();
    expect((await countRecords()).waiting).toBe(0);
    expect([...server.told.values()].filter(({ kind }) => kind === "handover")).toHaveLength(2);
  });

  test("a busy server says when to come back", async () => {
    server.moods = ["busy"];
    expect((await send()).trouble).toMatchObject({ trouble: "server", retryAfterSeconds: 7 });
  });

  test("verdicts on strangers' records, of unknown words, or of no shape settle nothing", async () => {
    const [kept] = await taps(1);
    const rows = [{ index: 0, id: "another", verdict: "accepted" }, { index: 0, id: kept!.id, verdict: "perhaps" }, null, 7, "accepted"];
    const answer = { server_time: 1, ledger: server.ledger, verdicts: rows };
    globalThis.fetch = async () => new Response(JSON.stringify(answer), { headers: { "Content-Type": "application/json" } });
    expect((await send()).trouble).toBeNull();
    expect(await oldestWaiting(ENROLMENT, 10)).toContainEqual(kept);
  });
});

describe("what the server holds", () => {
  test("moves to its own shelf, with the reason, and is never deleted", async () => {
    const [kept] = await taps(1);
    const verdicts = [{ index: 0, id: kept!.id, verdict: "held", codes: ["conflict"] }];
    globalThis.fetch = async () =>
      new Response(JSON.stringify({ server_time: 1, ledger: server.ledger, verdicts }), { headers: { "Content-Type": "application/json" } });
    await send();
    expect(await shelf()).toMatchObject([{ id: kept!.id, record: kept!.record, verdict: { word: "held", codes: ["conflict"] } }]);
    expect(await countRecords()).toMatchObject({ held: 1 });
  });

  test.each([["put_aside", "put_aside", 0], ["taken_up", "told", 1]] as const)("and the desk has %s leaves the shelf: it counts as %s", async (as, standing, kept) => {
    const [{ id }] = (await taps(1)) as [KeptRecord];
    const answer = (more: object) => async () =>
      new Response(JSON.stringify({ server_time: 1_363_600_000, ledger: server.ledger, verdicts: [], ...more }), { headers: { "Content-Type": "application/json" } });
    globalThis.fetch = answer({ verdicts: [{ index: 0, id, verdict: "held", codes: ["conflict"] }] });
    await send();
    const given = async () => (await cardView(CARD)).own.find(({ record }) => record.id === id)?.standing;
    expect([(await shelf()).length, await given()]).toEqual([1, "told"]); // the goods have left the table
    globalThis.fetch = answer({ decided: [{ id, as }] });
    await send();
    expect([await shelf(), await given()]).toEqual([[], standing]);
    await forgetSettled(1_363_700_000); // what the register does not have yet still counts
    expect((await latestRecords(ENROLMENT, 10)).filter((each) => each.id === id)).toHaveLength(kept);
  });
});

describe("a phone that joins again", () => {
  test("hands in under each enrolment what was made under it", async () => {
    await taps(1);
    await join(OTHER, "token-2");
    await taps(1);
    await send();
    const sent = server.requests.filter(({ body }) => body.records.some(({ kind }) => kind === "handover"));
    expect(sent.map(({ token, body }) => [token, body.records[0]!.enrolment])).toEqual([["token-1", ENROLMENT], ["token-2", OTHER]]);
  });

  test("hands in with its new token what the server no longer knows the old one for", async () => {
    await taps(1);
    server.tokens.delete("token-1");
    expect((await send()).trouble?.code).toBe("unknown_token");
    await join(OTHER, "token-2");
    await send();
    expect((await countRecords(ENROLMENT)).waiting).toBe(0);
    expect([...server.told.values()].some(({ enrolment }) => enrolment === ENROLMENT)).toBe(true);
  });

  test("goes on with what it has served in this operation", async () => {
    await taps(2);
    await join(OTHER, "token-2");
    await taps(1);
    expect((await recordsOfOperation()).map(({ enrolment, seq }) => [enrolment, seq])).toEqual([[ENROLMENT, 1], [ENROLMENT, 2], [OTHER, 1]]);
  });

  test("forgets in time what was made before, though no register says that it has it", async () => {
    await taps(1);
    await send();
    await forgetSettled(1_363_700_000);
    expect(await latestRecords(ENROLMENT, 10)).not.toEqual([]);
    await join(OTHER, "token-2");
    await forgetSettled(1_363_700_000);
    expect(await latestRecords(ENROLMENT, 10)).toEqual([]);
  });

  test("goes on with its numbers where the same joining was answered twice", async () => {
    await taps(2);
    await join(ENROLMENT, "token-2");
    const [kept] = await taps(1);
    expect(kept!.seq).toBe(3);
  });
});

describe("a server that was brought back from a backup", () => {
  const restored = { id: "22222222-2222-4222-8222-222222222222", position: 3, head: "00", signature: "00", key_id: "k" };

  test("is given again what it lacks, and nothing that it has", async () => {
    await taps(2);
    await send();
    await closeDatabase();
    server.told.clear();
    server.ledger = { ...restored, parent: { id: server.ledger["id"], position: 5 } }; // all was answered at 7
    await send();
    await send();
    expect([...server.told.values()].filter(({ kind }) => kind === "handover")).toHaveLength(2);
    server.told.clear();
    await send();
    expect(server.told.size).toBe(0);
  });

  test("is not given what its parent had", async () => {
    await taps(1);
    await send();
    server.told.clear();
    server.ledger = { ...restored, parent: { id: server.ledger["id"], position: 8 } };
    await send();
    await send();
    expect(server.told.size).toBe(0);
  });

  test("is told the furthest head of the ledger that answers", async () => {
    server.ledger = { ...server.ledger, position: 9 };
    await send();
    server.ledger = { ...server.ledger, position: 4 };
    await send();
    await send();
    expect(server.requests.at(-1)!.body["ledger"]).toMatchObject({ position: 9 });
    expect((await currentEnrolment())!.told).toMatchObject({ position: 9 });
  });
});

test("another phone's parcel is handed in, and kept until the server has it", async () => {
  await carry({ sealed: Uint8Array.from([1, 2, 255]), key_id: "k1" });
  server.unreachable.add("/parcels");
  expect((await send()).trouble?.trouble).toBe("offline");
  expect(await listParcels()).toHaveLength(1);
  server.unreachable.clear();
  await send();
  expect(server.parcels).toEqual([{ key_id: "k1", sealed: "AQL_" }]);
  expect(await listParcels()).toEqual([]);
});

test("what the desk has set for the phone is kept as it was told last", async () => {
  const phone = { label: "table 1", lane: { s1: [2] }, lane_at: 5 };
  const answer = { server_time: 1, ledger: server.ledger, verdicts: [], phone };
  globalThis.fetch = async () => new Response(JSON.stringify(answer), { headers: { "Content-Type": "application/json" } });
  await send();
  expect((await currentEnrolment())!.phone).toEqual(phone);
});

import { beforeEach, expect, test } from "vitest";
import { sendAll } from "../../src/outbox/sending";
import { MISTAKE, lastDone, takeBack } from "../../src/outbox/taking-back";
import { keep } from "../../src/storage";
import { newId } from "../../src/wire/ids";
import { CARD, PARCEL, SELF, SITE, handover } from "../fakes/phone";
import { FakeServer } from "../fakes/server";

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.ofNewPhone();
});

test("undo before the first send is a void, and both go out", async () => {
  const kept = await keep([handover(), handover()]);
  await takeBack(kept.map(({ record }) => record));
  await sendAll(SELF);
  const kinds = [...server.told.values()].map(({ kind }) => kind);
  expect(kinds.slice(0, 4)).toEqual(["handover", "handover", "void", "void"]);
  expect(server.requests[0]!.body.records[2]).toMatchObject({ target: kept[0]!.id, card: CARD, cause: MISTAKE.cause, goods_back: 1 });
});

test("what has no card is taken back by its site, with what became of the goods and why", async () => {
  const people = [{ sex: "female", age_band: "18-59", count: 12 }] as const;
  const [kept] = await keep([{ kind: "contact", fields: { item: PARCEL, site: SITE, people: [...people] } }]);
  await takeBack([kept!.record], { cause: "other", goodsBack: false, reason: "spilt" });
  const [last] = await lastDone();
  expect(last).toMatchObject({ kept: { id: kept!.id }, takenBack: true });
  await sendAll(SELF);
  expect(server.requests[0]!.body.records[1]).toMatchObject({ site: SITE, goods_back: 0, reason: "spilt" });
});

test("the list of the last things shows what can be taken back, newest first", async () => {
  for (let tap = 0; tap < 30; tap += 1) await keep([handover()]);
  await keep([{ ...handover(), mode: "ask" }]);
  const done = await lastDone();
  expect(done).toHaveLength(20);
  expect(done[0]!.kept.seq).toBe(30);
});

test("a family stands among the last things once, as it was corrected last, until its card is cancelled", async () => {
  const person = { id: newId(1), number: 1, sex: "female", age_band: "18-59", disability: "unknown" } as const;
  const registration = (people: number) => ({ kind: "registration", fields: { household: SITE, card: CARD, members: Array.from({ length: people }, () => person) } }) as const;
  await keep([registration(3)]);
  await keep([handover()]);
  const [corrected] = await keep([registration(2)]);
  expect((await lastDone()).map(({ kept }) => kept.seq)).toEqual([3, 2]);
  expect((await lastDone())[0]).toMatchObject({ kept: { id: corrected!.id }, takenBack: false });
  await keep([{ kind: "card", fields: { action: "cancelled", card: CARD, site: SITE } }]);
  expect((await lastDone())[0]).toMatchObject({ kept: { id: corrected!.id }, takenBack: true });
});

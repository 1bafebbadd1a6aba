import { beforeEach, describe, expect, test } from "vitest";
import { askFirst, gave, keptBack } from "../../src/outbox/asking";
import { sendAll } from "../../src/outbox/sending";
import { closeDatabase, countRecords, keep, openQuestions, type KeptRecord } from "../../src/storage";
import { CARD, SELF, handover } from "../fakes/phone";
import { FakeServer } from "../fakes/server";

let server: FakeServer;

beforeEach(async () => {
  server = await FakeServer.ofNewPhone();
});

const asked = async () => (await askFirst([handover()], {}, SELF))[0]!;
const toldOf = (kind: string) => [...server.told.values()].filter((record) => record.kind === kind);

describe("a question", () => {
  test("lies on disk before it is sent", async () => {
    let before: KeptRecord[] = [];
    const fetch = globalThis.fetch;
    globalThis.fetch = async (...given) => ((before = await openQuestions()), fetch(...given));
    await asked();
    expect(before).toMatchObject([{ place: "asking", mode: "ask" }]);
  });

  test("that is granted and given is told under the same id", async () => {
    const { id, answer } = await asked();
    expect(answer).toBe("granted");
    await gave([id]);
    await sendAll(SELF);
    expect(toldOf("handover")).toMatchObject([{ id }]);
    expect((await countRecords()).waiting).toBe(0);
  });

  test("that is refused says what was received, and nothing of it is told", async () => {
    server.empty.add(CARD);
    expect(await asked()).toMatchObject({ answer: "refused", verdict: { codes: ["already_received"], detail: { received: [] } } });
    await sendAll(SELF);
    expect(toldOf("handover")).toEqual([]);
    expect(await openQuestions()).toEqual([]);
  });

  test("that is granted and not given is ended by a void", async () => {
    const { id } = await asked();
    await keptBack([id]);
    await sendAll(SELF);
    expect(toldOf("handover")).toEqual([]);
    expect(toldOf("void")).toMatchObject([{ target: id, cause: "not_given", card: CARD }]);
  });

  test("of several items is one request, answered item by item", async () => {
    const other = "f".repeat(32);
    server.empty.add(other);
    const answers = await askFirst([handover(), handover(other)], { visit: "00000000-0000-4000-8000-00000000000a" }, SELF);
    expect(answers.map(({ answer }) => answer)).toEqual(["granted", "refused"]);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a question without an answer", () => {
  test("becomes a tell when the volunteer gives", async () => {
    server.moods = ["offline"];
    const { id, answer } = await asked();
    expect(answer).toBe("unanswered");
    await gave([id]);
    await sendAll(SELF);
    expect(toldOf("handover")).toMatchObject([{ id }]);
  });

  test("waits two seconds for one, and no longer", async () => {
    server.moods = ["silent"];
    const began = performance.now();
    expect((await asked()).answer).toBe("unanswered");
    expect(performance.now() - began).toBeGreaterThan(1900);
  });

  test("that was not given still goes out, beside the void that ends it", async () => {
    server.moods = ["offline"];
    const { id } = await asked();
    await keptBack([id]);
    await sendAll(SELF);
    expect(server.asked.has(id)).toBe(true);
    expect(toldOf("void")).toMatchObject([{ target: id }]);
    expect((await countRecords()).waiting).toBe(0);
  });

  test("is not sent as a fact by itself, and is asked of the volunteer at the next start", async () => {
    server.moods = ["lost"];
    const { id } = await asked();
    await sendAll(SELF);
    await closeDatabase();
    expect(toldOf("handover")).toEqual([]);
    expect(await openQuestions()).toMatchObject([{ id }]);
    expect(await countRecords()).toMatchObject({ asking: 1, waiting: 1 });
  });

  test("is told although a refusal comes too late", async () => {
    server.empty.add(CARD);
    const { id } = await asked();
    await gave([id]); // the goods have left the table before the screen could say it
    await sendAll(SELF);
    expect(toldOf("handover")).toMatchObject([{ id }]);
  });

  test("keeps no other record from being sent", async () => {
    server.moods = ["offline"];
    await asked();
    const [told] = await keep([handover("e".repeat(32))]);
    await sendAll(SELF);
    expect(toldOf("handover")).toMatchObject([{ id: told!.id }]);
  });
});

import { beforeEach, describe, expect, test } from "vitest";
import { gave, keptBack } from "../../src/outbox/asking";
import { carry, holdsAll, pack, type Packed } from "../../src/outbox/parcels";
import { newKeys, publicText } from "../../src/seal/hpke";
import { keep, keepLook, writeSetting } from "../../src/storage";
import { handover, join, newPhone, taps } from "../fakes/phone";

let question: string;
let packed: Packed;

beforeEach(async () => {
  await newPhone();
  await join();
  await writeSetting("seal_to", { key_id: "k1", public: await publicText(await newKeys()) });
  await taps(2);
  question = (await keep([{ ...handover(), mode: "ask" }]))[0]!.id;
  packed = (await pack())!;
});

describe("what was packed is all that must be handed in", () => {
  test("as long as nothing came to wait since", async () => {
    expect(await holdsAll(packed)).toBe(true);
  });

  test.each([
    ["a record", () => taps(1)],
    ["the answer to a question that was open then: it was given", () => gave([question])],
    ["the answer that it was not given", () => keptBack([question])],
    ["a look of the help desk", () => keepLook({ list: "l", id: "look", at: 1 })],
    ["another phone's parcel", () => carry({ sealed: Uint8Array.from([1, 2, 255]), key_id: "k1" })],
  ])("but not after %s", async (_what, happen) => {
    await happen();
    expect(await holdsAll(packed)).toBe(false);
    expect(await holdsAll((await pack())!)).toBe(true);
  });
});

import { beforeEach, describe, expect, test } from "vitest";
import { takeBack } from "../../src/outbox/taking-back";
import { fromBase45, toBase45 } from "../../src/seal/base64";
import { ownTally } from "../../src/shift/own-tally";
import { countRecords, currentEnrolment, keep, recordsFrom } from "../../src/storage";
import { tallyOf } from "../../src/tally/tally";
import { latestOf, readTally, sumOf, tallyCode, type ToldTally } from "../../src/tally/tally-code";
import { ENROLMENT, PARCEL, SITE, handover, join, newPhone } from "../fakes/phone";

const OTHER = "f".repeat(32);
const SENSITIVE = "00000000-0000-4000-8000-0000000000a9";
const records = () => recordsFrom(ENROLMENT, 0);

describe("a phone's own tally", () => {
  beforeEach(async () => {
    await newPhone();
    await join();
  });

  test("counts each family once, with its people, and every item", async () => {
    await keep([handover(), handover()], { by: "olga" });
    await keep([handover(OTHER, 4)], { by: "ivan" });
    expect(tallyOf(await records())).toEqual({ families: 2, people: 6, items: { [PARCEL]: 6 }, gone: {}, contacts: 0, notServed: 0 });
  });

  test("leaves out what was taken back, and what was only asked", async () => {
    const [kept] = await keep([handover()]);
    await takeBack([kept!.record]);
    await keep([{ ...handover(), mode: "ask" }]);
    expect(tallyOf(await records())).toMatchObject({ families: 0, items: {} });
  });

  test("tells two volunteers on one phone apart", async () => {
    await keep([handover()], { by: "olga" });
    await keep([handover(OTHER)], { by: "ivan" });
    expect(tallyOf(await records(), { by: "ivan" })).toMatchObject({ families: 1, items: { [PARCEL]: 1 } });
  });

  test("counts contacts by heads, and who went without", async () => {
    await keep([{ kind: "contact", fields: { item: PARCEL, site: SITE, people: [{ sex: "male", age_band: "60+", count: 7 }] } }]);
    await keep([{ kind: "not_served", fields: { cause: "absent", site: SITE } }]);
    expect(tallyOf(await records())).toMatchObject({ contacts: 7, notServed: 1, families: 0 });
  });
});

test("what a phone tells its lead has nothing of sensitive items, neither a line nor a family", async () => {
  await newPhone();
  await join();
  const talk = handover(OTHER);
  await keep([handover(), { ...talk, fields: { ...talk.fields, item: SENSITIVE } }]);
  await keep([{ kind: "contact", fields: { item: SENSITIVE, site: SITE, people: [{ sex: "male", age_band: "60+", count: 7 }] } }]);
  const [own] = await records();
  const told = ownTally((await currentEnrolment())!, [], await countRecords(), await records(), { site: SITE, day: own!.day }, [SENSITIVE]);
  expect(told.tally).toEqual({ families: 1, people: 3, items: { [PARCEL]: 1 }, gone: {}, contacts: 0, notServed: 0 });
});

describe("a tally as a code", () => {
  const told: ToldTally = {
    enrolment: ENROLMENT, label: "стол 1", site: SITE, day: "2013-03-18", made: 9, waiting: 2, held: 0, at: 1_363_590_000,
    tally: { families: 3, people: 11, items: { [PARCEL]: 3 }, gone: { [PARCEL]: 1 }, contacts: 0, notServed: 1 },
  };

  test("says it all", () => {
    expect(readTally(tallyCode(told))).toEqual(told);
  });

  test.each(["", "RELIEF.T1.", "RELIEF.T1.BB8.", "RELIEF.T1.№.", "RQA8JT27DFKAW5CA"])("%j is none", (text) => {
    expect(readTally(text)).toBeNull();
  });

  test("of six items is a code that an old camera reads", () => {
    const items = Object.fromEntries([1, 2, 3, 4, 5, 6].map((each) => [`00000000-0000-4000-8000-0000000000b${each}`, 250]));
    expect(tallyCode({ ...told, tally: { ...told.tally, items } }).length).toBeLessThan(300);
  });

  test("cut off, with more behind it, or changed is not believed", () => {
    const bytes = fromBase45(tallyCode(told).slice("RELIEF.T1.".length, -1))!;
    const read = (some: Uint8Array) => readTally(`RELIEF.T1.${toBase45(some)}.`);
    expect(read(bytes)).not.toBeNull();
    for (let length = 0; length < bytes.length; length += 1) expect(read(bytes.slice(0, length))).toBeNull();
    expect(read(Uint8Array.from([...bytes, 0]))).toBeNull();
    expect(read(Uint8Array.from([2, ...bytes.slice(1)]))).toBeNull();
    expect(read(Uint8Array.from([...bytes.slice(0, 33), ...Array(12).fill(255)]))).toBeNull();
  });

  test("counts once, the latest, where a phone is read twice", () => {
    const other = { ...told, enrolment: "another" };
    const later = { ...told, made: 12, tally: { ...told.tally, families: 5 } };
    expect(sumOf(latestOf([later, told, other]).map((each) => each.tally)).families).toBe(8);
  });
});

/** Keeps what happened: records get their number and lie on disk before anybody is told that they are saved. */

import { localDay } from "../clock/wall";
import { presentMoment } from "../clock/present";
import type { FamilyRow } from "../register/rows";
import { draft, numbered, type Draft, type Maker } from "../wire/envelope";
import type { Kind, KindFields, PhoneRecord } from "../wire/records";
import { announce } from "./changes";
import { writing } from "./database";
import { noteUnsent } from "./eviction";
import type { KeptRecord, Records } from "./formats";
import type { Enrolment, RegisterState } from "./settings";
import { StorageTrouble } from "./trouble";

/** Something that happened, before it is a record. `family` and `people` are for the tally alone, `row` is of a card's new family: they stay here. */
export type Happening = { [K in Kind]: { kind: K; fields: KindFields[K] } }[Kind] & {
  mode?: "ask";
  family?: string;
  people?: number;
  row?: FamilyRow;
};

/**
 * Keep what one tap did, all of it or nothing; resolves when it is on disk. Throws StorageTrouble.
 * `change` may touch other records in the same transaction, for instance the question that this answers.
 */
export async function keep(
  happenings: readonly Happening[], maker: Maker = {}, change: Change = noChange,
): Promise<KeptRecord[]> {
  const drafts = happenings.map(({ kind, fields }) => draft(kind, fields as never, maker) as Draft);
  const kept = await writing(["records", "enrolments", "settings"], async (transaction) => {
    const records = transaction.objectStore("records");
    const settings = transaction.objectStore("settings");
    await change(records);
    const done = (await Promise.all(drafts.map((each) => records.get(each.id)))).filter((each) => each !== undefined);
    if (done.length > 0) return done; // by a try whose end was not heard
    const enrolment = await transaction.objectStore("enrolments").get((await settings.get("current")) as string);
    if (enrolment === undefined) throw new StorageTrouble("unusable", "this phone has not joined");
    const register = (await settings.get("register")) as RegisterState | undefined;
    const made = drafts.map((each, place) => keptFrom(each, happenings[place]!, enrolment, place + 1, register));
    await Promise.all(made.map((each) => records.put(each)));
    await transaction.objectStore("enrolments").put({ ...enrolment, seq: enrolment.seq + made.length });
    return made;
  });
  await noteUnsent();
  announce("records");
  return kept;
}

type Change = (records: Records) => Promise<void>;

async function noChange(): Promise<void> {}

function keptFrom(made: Draft, happening: Happening, enrolment: Enrolment, place: number, register?: RegisterState): KeptRecord {
  const record = numbered(made, enrolment.enrolment, enrolment.seq + place);
  const moment = presentMoment();
  const { mode = "tell", family, people, row } = happening;
  return {
    id: record.id, record, place: mode === "ask" ? "asking" : "waiting", mode, enrolment: record.enrolment, seq: record.seq,
    cards: cardsOf(record), moment, day: localDay(moment, zoneOf(record, register)), contained: 0,
    ...(family !== undefined && { family }), ...(people !== undefined && { people }), ...(row !== undefined && { row }),
  };
}

function cardsOf(record: PhoneRecord): string[] {
  const { card, new_card: newCard } = record as { card?: string; new_card?: string };
  return [card, newCard].filter((key) => key !== undefined);
}

function zoneOf(record: PhoneRecord, register?: RegisterState): string {
  const site = (record as { site?: string }).site;
  const sites = register?.plan.sites ?? [];
  return (sites.find((each) => each.id === site) ?? sites[0])?.zone ?? "UTC";
}

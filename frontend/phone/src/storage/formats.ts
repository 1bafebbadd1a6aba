/**
 * What lies on the phone, and how older formats become the present one. A format that was released is never changed: a new one is
 * added at the end of `STEPS`, and `tests/storage/formats/` keeps an outbox of every one of them that must still go out.
 */

import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { CardRow, FamilyRow } from "../register/rows";
import type { Decided, Verdict } from "../outbox/verdicts";
import type { PhoneRecord } from "../wire/records";
import type { Enrolment } from "./settings";

/**
 * Where a record stands:
 * - asking: an ask, stored before it was sent, whose end the volunteer has not told yet;
 * - waiting: to be sent;
 * - settled: the server has it (kept 14 days, against a restored server);
 * - held: the shelf of what the server keeps for a person to decide;
 * - stuck: alone in a request, the server would not even hold it; tried again at the next start.
 */
export type Place = "asking" | "waiting" | "settled" | "held" | "stuck";

/** A record and what became of it. Its `record` is never touched after it was made. */
export interface KeptRecord<R extends PhoneRecord = PhoneRecord> {
  id: string;
  record: R;
  place: Place;
  /** As what it goes out: a question (goods still in hand) or a fact. */
  mode: "ask" | "tell";
  enrolment: string;
  seq: number;
  /** Keys of the cards it is about. */
  cards: string[];
  /** Its effective UTC second as far as the phone knew when it made it, and that day at the site. */
  moment: number;
  day: string;
  /** What the tally counts: whose hand-over it is, and how many people it reaches. */
  family?: string;
  people?: number;
  /** Whose card this made it, as the help desk's list told: until the register does. */
  row?: FamilyRow;
  /** What the server said to an ask that is still open. */
  answer?: "granted";
  verdict?: Verdict;
  /** What the desk made of it, where it was held. */
  decided?: Decided;
  /** Under which ledger, at which position and when (server's UTC seconds) it was settled. */
  receipt?: { ledger: string; position: number; moment: number };
  /** 1: the register's rows have it. */
  contained: 0 | 1;
}

/** The store of records as it is used inside a transaction. */
export interface Records {
  get(id: string): Promise<KeptRecord | undefined>;
  put(kept: KeptRecord): Promise<unknown>;
}

/** A register row of one load: rows of the next load lie beside them until that is complete. */
export interface StoredCard {
  load: number;
  card: string;
  household?: string;
  row: CardRow;
}

/** Another phone's sealed outbox, carried to the server; what is in it only the server can read. `refused`: not even it could. */
export interface Parcel {
  id: string;
  sealed: Uint8Array;
  key_id: string;
  taken_at: number;
  refused: 0 | 1;
}

export interface Shape extends DBSchema {
  records: {
    key: string;
    value: KeptRecord;
    indexes: { queue: [string, string, number]; order: [string, number]; cards: string; settled: number };
  };
  enrolments: { key: string; value: Enrolment };
  cards: { key: [number, string]; value: StoredCard; indexes: { family: [number, string] } };
  parcels: { key: string; value: Parcel; indexes: { refused: number } };
  settings: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Shape>;
export type Upgrade = IDBPTransaction<Shape, StoreNames<Shape>[], "versionchange">;

/** Step n makes format n + 1 out of format n. */
export const STEPS: readonly ((database: Database, upgrade: Upgrade) => void | Promise<void>)[] = [makeFirstFormat, tellRefusedParcels];

export const FORMAT = STEPS.length;

/** Bring what lies there from format `old` (0: nothing) to the present one. */
export async function bringUp(database: Database, upgrade: Upgrade, old: number, steps = STEPS): Promise<void> {
  for (const step of steps.slice(old)) await step(database, upgrade);
}

function makeFirstFormat(database: Database): void {
  const records = database.createObjectStore("records", { keyPath: "id" });
  records.createIndex("queue", ["place", "enrolment", "seq"]);
  records.createIndex("order", ["enrolment", "seq"]);
  records.createIndex("cards", "cards", { multiEntry: true });
  records.createIndex("settled", "receipt.moment");
  database.createObjectStore("enrolments", { keyPath: "enrolment" });
  database.createObjectStore("cards", { keyPath: ["load", "card"] }).createIndex("family", ["load", "household"]);
  database.createObjectStore("parcels", { keyPath: "id" });
  database.createObjectStore("settings");
}

/** A parcel that the server cannot open no longer looks as if it were on its way. */
async function tellRefusedParcels(_database: Database, upgrade: Upgrade): Promise<void> {
  const parcels = upgrade.objectStore("parcels");
  parcels.createIndex("refused", "refused");
  for (let cursor = await parcels.openCursor(); cursor; cursor = await cursor.continue()) await cursor.update({ ...cursor.value, refused: 0 });
}

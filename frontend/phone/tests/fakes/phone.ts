/** A phone's empty storage for each test, and records as tests need them. */

import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { closeDatabase, keep, saveEnrolment, type Happening, type KeptRecord } from "../../src/storage";

export const OPERATION = "018f4e3a-7b1c-7d2e-8f90-a1b2c3d4e5f6";
export const ENROLMENT = "00000000-0000-4000-8000-0000000000e1";
export const SITE = "00000000-0000-4000-8000-0000000000f1";
export const ROUND = "00000000-0000-4000-8000-0000000000f2";
export const PARCEL = "00000000-0000-4000-8000-0000000000a1";
export const CARD = "0123456789abcdef0123456789abcdef";
export const SELF = { appVersion: "test" };

/** The note outside IndexedDB: the browser's localStorage, which Node has not. */
class Notes {
  readonly kept = new Map<string, string>();
  getItem(name: string): string | null { return this.kept.get(name) ?? null; }
  setItem(name: string, value: string): void { this.kept.set(name, value); }
  removeItem(name: string): void { this.kept.delete(name); }
}

/** Begin with a phone that nobody has used. */
export async function newPhone(): Promise<void> {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
  globalThis.localStorage = new Notes() as unknown as Storage;
}

/** Throw away what IndexedDB holds, as a browser does that needs room. */
export async function evict(): Promise<void> {
  await closeDatabase();
  globalThis.indexedDB = new IDBFactory();
}

/** Join, as with the answer to a join code. */
export async function join(enrolment = ENROLMENT, token = "token-1"): Promise<void> {
  await saveEnrolment({
    enrolment, token, operation: { id: OPERATION, name: "Floods", demo: false }, sites: [SITE], site_lead: false, sensitive: false,
    server_time: 1_363_600_000, joined_at: 1_363_600_000,
  });
}

export function handover(card = CARD, quantity = 1): Extract<Happening, { kind: "handover" }> {
  return { kind: "handover", fields: { card, item: PARCEL, quantity, site: SITE, round: ROUND }, family: card, people: 3 };
}

/** Give so many parcels, one after the other, and return what was kept. */
export function taps(count: number): Promise<KeptRecord[]> {
  return keep(Array.from({ length: count }, () => handover()));
}

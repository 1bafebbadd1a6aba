/** Small things the phone remembers, by name; and its enrolments. */

import type { LastMark } from "../clock/present";
import type { LedgerHead, PlanPart, SealTo } from "../register/rows";
import { announce } from "./changes";
import { reading, writing } from "./database";
import type { HelpDeskList, Look } from "./help-desk";
import type { Farewell } from "./wiping";

/**
 * One joining of an operation. A phone that joins again keeps the old one: what was recorded under it is handed in under it.
 * `seq` is the last number given out, `sent` how many records were settled.
 */
export interface Enrolment {
  enrolment: string;
  token: string;
  operation: { id: string; name: string; demo: boolean };
  sites: string[];
  site_lead: boolean;
  sensitive: boolean;
  server_time: number;
  joined_at: number;
  /** What the desk has set for this phone, as it was told last. */
  phone?: PhonePart;
  seq: number;
  sent: number;
  /** The server said that this phone is signed off: hand in everything, then wipe. */
  revoked?: boolean;
  /** The server does not know the token any more: another enrolment hands its records in. */
  forgotten?: boolean;
  /** The ledger that answers, and the furthest head it told: sent back, it shows the server when its ledger lost its end. */
  ledger?: string;
  told?: LedgerHead;
}

/** `lane`: site id -> its lanes there, all of them where a site is not named; `help_desk`: the site whose help desk it is. */
export interface PhonePart {
  label: string;
  sites: string[];
  lane: Record<string, number[]>;
  lane_at: number;
  site_lead: boolean;
  sensitive: boolean;
  help_desk?: string;
  registers?: Registers;
}

/** That this phone may register families, and what is asked of them: `notice` is read out first. */
export interface Registers {
  names: boolean;
  disability: boolean;
  notice: string;
}

/** What the last register said, beside its cards; `load` numbers its rows. */
export interface RegisterState {
  load: number;
  cards: number;
  cursor: number;
  turn: string;
  ledger: string;
  plan_version: number;
  server_time: number;
  taken_at: number;
  enrolment: string;
  plan: PlanPart;
  etag?: string | null;
}

/** A complete register on its way: where to go on after the page was closed in the middle of it. */
export interface RegisterLoad {
  load: number;
  after: string;
  cards: number;
  first: Omit<RegisterState, "load" | "cards" | "taken_at"> & { contained: string[]; total: number | null };
}

export interface Settings {
  current: string;
  language: string;
  volunteer: { id: string; name: string };
  lock: { salt: string; hash: string; rounds: number };
  /** Others who share this phone, each with her PIN. */
  volunteers: { id: string; name: string; lock: { salt: string; hash: string; rounds: number } }[];
  /** `lanes_at`: the desk's word about lanes (`PhonePart.lane_at`) that was known when these were chosen; a newer one holds instead. */
  table: { site: string; items: string[]; run_out: string[]; lanes: number[]; lanes_at?: number };
  register: RegisterState;
  register_load: RegisterLoad;
  seal_to: SealTo;
  clock_mark: LastMark;
  /** How many unsent records the browser threw away, for the desk to know. */
  lost: number;
  help_desk: HelpDeskList;
  help_desk_looks: Look[];
  /** Why there is nothing else on this phone. */
  farewell: Farewell;
  [more: `screen_${string}`]: unknown;
}

/** Return a setting, or undefined. */
export async function readSetting<K extends keyof Settings>(name: K): Promise<Settings[K] | undefined> {
  return reading(["settings"], async (transaction) =>
    (await transaction.objectStore("settings").get(name as string)) as Settings[K] | undefined);
}

/** Return several settings at one moment, each undefined where it is not there. */
export async function readSettings<K extends keyof Settings>(...names: K[]): Promise<Partial<Pick<Settings, K>>> {
  return reading(["settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    const found = await Promise.all(names.map(async (name) => [name, await settings.get(name as string)] as const));
    return Object.fromEntries(found) as Partial<Pick<Settings, K>>;
  });
}

export async function writeSetting<K extends keyof Settings>(name: K, value: Settings[K]): Promise<void> {
  await writing(["settings"], async (transaction) => transaction.objectStore("settings").put(value, name as string));
  announce("settings");
}

/** Write what `change` makes of a setting as it lies there: two who change it at once lose nothing. */
export async function changeSetting<K extends keyof Settings>(name: K, change: (before: Settings[K] | undefined) => Settings[K]): Promise<void> {
  await writing(["settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    await settings.put(change((await settings.get(name as string)) as Settings[K] | undefined), name as string);
  });
  announce("settings");
}

/** Write what an answer said, but not on a phone that has left meanwhile: nothing may come back onto it. */
export async function writeHeard(values: Partial<Settings>): Promise<void> {
  await writing(["settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    if ((await settings.get("current")) === undefined) return;
    await Promise.all(Object.entries(values).map(([name, value]) => settings.put(value, name)));
  });
  announce("settings");
}

/** Write several settings, all or none. */
export async function writeSettings(values: Partial<Settings>): Promise<void> {
  await writing(["settings"], async (transaction) => {
    const settings = transaction.objectStore("settings");
    await Promise.all(Object.entries(values).map(([name, value]) => settings.put(value, name)));
  });
  announce("settings");
}

export async function forgetSetting(name: keyof Settings): Promise<void> {
  await writing(["settings"], async (transaction) => transaction.objectStore("settings").delete(name as string));
  announce("settings");
}

/** Keep a new enrolment, and work under it from now on. */
export async function saveEnrolment(joined: Omit<Enrolment, "seq" | "sent">): Promise<void> {
  await writing(["enrolments", "settings"], async (transaction) => {
    const enrolments = transaction.objectStore("enrolments");
    const known = await enrolments.get(joined.enrolment); // the same joining, answered twice: its numbers go on
    await enrolments.put({ ...joined, seq: known?.seq ?? 0, sent: known?.sent ?? 0 });
    await transaction.objectStore("settings").put(joined.enrolment, "current");
    await transaction.objectStore("settings").delete("farewell");
  });
  announce("enrolment");
}

/** Return the enrolment that this phone works under, or undefined before it has joined. */
export async function currentEnrolment(): Promise<Enrolment | undefined> {
  return reading(["enrolments", "settings"], async (transaction) => {
    const id = (await transaction.objectStore("settings").get("current")) as string | undefined;
    return id === undefined ? undefined : transaction.objectStore("enrolments").get(id);
  });
}

export async function listEnrolments(): Promise<Enrolment[]> {
  return reading(["enrolments"], async (transaction) => transaction.objectStore("enrolments").getAll());
}

/** Change what is known of an enrolment; nothing happens where it is gone. */
export async function changeEnrolment(id: string, change: Partial<Enrolment>): Promise<void> {
  await writing(["enrolments"], async (transaction) => {
    const enrolments = transaction.objectStore("enrolments");
    const known = await enrolments.get(id);
    if (known !== undefined) await enrolments.put({ ...known, ...change });
  });
  announce("enrolment");
}

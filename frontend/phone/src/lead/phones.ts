/** The phones of a site as the lead sees them: this one, those whose tally was read, those the office has heard. */

import { NO_LANE } from "../cards/lanes";
import type { ToldTally } from "../tally/tally-code";
import type { OfficePhone } from "./day";

/** `heardAt`: when that was so; null: never heard. `done`: nothing waits on it, and that is fresh. */
export interface PhoneState {
  label: string;
  enrolment?: string;
  made: number;
  waiting: number;
  heardAt: number | null;
  how: "self" | "read" | "office";
  lanes: number[];
  done: boolean;
}

const FRESH_SECONDS = 30 * 60; // a phone with a network says hello every ten minutes

/** Return the phones, this one first, then those that somebody must look at. Of one known twice the word counts that knows of more. */
export function phonesOf(own: Omit<PhoneState, "how" | "done" | "heardAt">, read: readonly ToldTally[], office: readonly OfficePhone[], now: number): PhoneState[] {
  const others = new Map<string, PhoneState>();
  const heard = office.map(ofOffice).filter((each) => each.enrolment === undefined || each.enrolment !== own.enrolment);
  for (const phone of [...heard, ...read.map(ofTally)]) {
    const key = phone.enrolment ?? phone.label;
    others.set(key, newer(others.get(key), phone));
  }
  const judged = [...others.values()].map((each) => ({ ...each, done: each.waiting === 0 && now - (each.heardAt ?? 0) < FRESH_SECONDS }));
  judged.sort((one, other) => Number(one.done) - Number(other.done) || one.label.localeCompare(other.label));
  return [{ ...own, how: "self", heardAt: now, done: own.waiting === 0 }, ...judged];
}

/** Return who serves each lane of a site, from 1 on. */
export function laneHolders(phones: readonly PhoneState[], lanes: number): string[][] {
  const serves = (phone: PhoneState, lane: number) => !phone.lanes.includes(NO_LANE) && (phone.lanes.length === 0 || phone.lanes.includes(lane));
  return Array.from({ length: lanes }, (_each, place) => phones.filter((phone) => serves(phone, place + 1)).map((phone) => phone.label));
}

function ofOffice({ enrolment, label, made, waiting, missing, last_contact_at: heardAt, lanes }: OfficePhone): PhoneState {
  return { label, made, waiting: waiting + missing, heardAt, how: "office", lanes, done: false, ...(enrolment && { enrolment }) };
}

function ofTally({ enrolment, label, made, waiting, at, lanes = [] }: ToldTally): PhoneState {
  return { label, enrolment, made, waiting, heardAt: at, how: "read", lanes, done: false };
}

function newer(one: PhoneState | undefined, other: PhoneState): PhoneState {
  if (one === undefined || other.made > one.made) return other;
  return other.made === one.made && (other.heardAt ?? 0) >= (one.heardAt ?? 0) ? other : one;
}

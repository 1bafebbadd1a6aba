// What the phone remembers, as the screens see it: read at the start, and again whenever the storage says that it changed.

import { signal } from "@preact/signals";
import type { Lock } from "./lock";
import {
  changeSetting, countRecords, currentEnrolment, findLost, listParcels, onChange, readSettings, StorageTrouble,
  type Counts, type Enrolment, type Farewell, type Lost, type RegisterState, type Settings, type StorageCode,
} from "./storage";

export interface Memory {
  language: string | undefined;
  enrolment: Enrolment | undefined;
  volunteer: { id: string; name: string } | undefined;
  lock: Lock | undefined;
  volunteers: Settings["volunteers"]; // the others who share the phone
  register: RegisterState | undefined;
  table: Settings["table"] | undefined;
  counts: Counts;
  carried: number; // parcels of other phones that are on their way
  looks: string[]; // ids of what the help desk looked up, and the office has not heard of
  lost: number; // told to the desk
  loss: Lost | null; // not read by anybody yet
  farewell: Farewell | undefined;
  steps: Steps;
}

/** What was done on the way to the field, and what only hands and ears can find out. */
export interface Steps {
  code?: string; // the join code that a link brought, until it is spent
  attempt?: string; // of joining: the same code with the same attempt is answered again
  passedInstall?: boolean;
  asked?: boolean; // for camera, sound and storage
  checked?: boolean; // the field check was seen
  servingSince?: number | undefined; // milliseconds of the phone's clock; until she goes back to the first screen
  heard?: boolean;
  camera?: string; // "works", or its trouble
}

/** Null until it was read. */
export const memory = signal<Memory | null>(null);

/** Why the storage cannot be used; then nothing works, and the screen says so. */
export const storageTrouble = signal<StorageCode | null>(null);

/** Read everything, and go on listening for changes, of other tabs too. */
export async function remember(): Promise<void> {
  await recall();
  onChange(() => void recall());
}

let begun = 0;
let shown = 0; // of the readings that were begun, the latest that is on the screen

/** Read everything again. A reading that ends after a later one has nothing new to say. */
export async function recall(): Promise<void> {
  const reading = (begun += 1);
  try {
    const [kept, enrolment, counts, parcels, loss] = await Promise.all([
      readSettings("language", "volunteer", "lock", "volunteers", "register", "table", "lost", "farewell", "help_desk_looks", "screen_steps"), currentEnrolment(), countRecords(),
      listParcels(), findLost(),
    ]);
    const { language, volunteer, lock, volunteers = [], register, table, lost = 0, farewell, help_desk_looks: looked = [], screen_steps: steps } = kept;
    const [carried, looks] = [parcels.length, looked.map(({ id }) => id)];
    if (reading < shown) return;
    shown = reading;
    memory.value = { language, enrolment, volunteer, lock, volunteers, register, table, counts, carried, looks, lost, loss, farewell, steps: (steps ?? {}) as Steps };
    storageTrouble.value = null;
  } catch (error) {
    storageTrouble.value = error instanceof StorageTrouble ? error.code : "unusable";
  }
}

/** Note steps that were done; returns when that is stored. */
export async function note(done: Steps): Promise<void> {
  await changeSetting("screen_steps", (before) => ({ ...(before as Steps | undefined), ...done })); // others may be noted just now
  await recall();
}

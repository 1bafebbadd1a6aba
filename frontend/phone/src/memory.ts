// What the phone remembers, as the screens see it: read at the start, and again whenever the storage says that it changed.

import { signal } from "@preact/signals";
import type { Lock } from "./lock";
import {
  changeSetting, countParcels, countRecords, currentEnrolment, findLost, onChange, readSettings, StorageTrouble,
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
  counts: Counts | null; // not counted yet
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
  warned?: number; // that the list is old, at this moment; milliseconds of the phone's clock, as above
  tries?: { wrong: number; until: number }; // of the PIN, in a row; when the next one may be, in milliseconds of the phone's clock
  heard?: boolean;
  camera?: string; // "works", or its trouble
}

/** Null until it was read. */
export const memory = signal<Memory | null>(null);

/** Why the storage cannot be used; then nothing works, and the screen says so. */
export const storageTrouble = signal<StorageCode | null>(null);

/** Read what asking for the PIN needs, which is soon done, and go on listening for changes, of other tabs too. */
export async function remember(): Promise<void> {
  await show(async () => ({ ...(await readKnown()), counts: null, carried: 0, loss: null }));
  onChange(() => void recall());
}

/** Read everything again. */
export async function recall(): Promise<void> {
  await show(async () => {
    const [known, counts, carried, loss] = await Promise.all([readKnown(), countRecords(), countParcels(), findLost()]);
    return { ...known, counts, carried, loss };
  });
}

let begun = 0;
let shown = 0; // of the readings that were begun, the latest that is on the screen

/** A reading that ends after a later one has nothing new to say. */
async function show(read: () => Promise<Memory>): Promise<void> {
  const reading = (begun += 1);
  try {
    const found = await read();
    if (reading < shown) return;
    shown = reading;
    memory.value = found;
    storageTrouble.value = null;
  } catch (error) {
    if (reading < shown) return;
    storageTrouble.value = error instanceof StorageTrouble ? error.code : "unusable";
  }
}

async function readKnown(): Promise<Omit<Memory, "counts" | "carried" | "loss">> {
  const [kept, enrolment] = await Promise.all([
    readSettings("language", "volunteer", "lock", "volunteers", "register", "table", "lost", "farewell", "help_desk_looks", "screen_steps"), currentEnrolment(),
  ]);
  const { language, volunteer, lock, volunteers = [], register, table, lost = 0, farewell, help_desk_looks: looked = [], screen_steps } = kept;
  return { language, enrolment, volunteer, lock, volunteers, register, table, looks: looked.map(({ id }) => id), lost, farewell, steps: (screen_steps ?? {}) as Steps };
}

/** Note steps that were done; returns when that is stored. */
export async function note(done: Steps): Promise<void> {
  await changeSetting("screen_steps", (before) => ({ ...(before as Steps | undefined), ...done })); // others may be noted just now
  await recall();
}

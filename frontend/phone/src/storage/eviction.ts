/**
 * Notices that the browser threw the storage away. A note outside IndexedDB says how much unsent work there was; where it says so
 * and the storage is empty, the work is gone, and the volunteer is told.
 */

import { countRecords } from "./counts";
import { listEnrolments, readSetting, writeSetting } from "./settings";

const NOTE = "relief.unsent";

/** How many records had not been sent when the storage was last seen, and when that was (the phone's own milliseconds). */
export interface Lost {
  unsent: number;
  at: number;
}

/** Write down how much unsent work there is; called after every change of it. */
export async function noteUnsent(): Promise<void> {
  const { waiting } = await countRecords();
  const note: Lost = { unsent: waiting, at: Date.now() };
  try {
    localStorage.setItem(NOTE, JSON.stringify(note));
  } catch {
    // No room for a note, or none allowed: the records themselves are safe.
  }
}

/** Return what was lost when the browser emptied the storage; null where nothing was. Ask before joining. */
export async function findLost(): Promise<Lost | null> {
  const note = readNote();
  if (note === null || note.unsent === 0) return null;
  return (await listEnrolments()).length === 0 ? note : null;
}

/** Put the note away once the volunteer has read it: the desk is told how many, when the phone has joined again. */
export async function acknowledgeLost(): Promise<void> {
  const lost = await findLost();
  if (lost !== null) await writeSetting("lost", ((await readSetting("lost")) ?? 0) + lost.unsent);
  try {
    localStorage.removeItem(NOTE);
  } catch {
    // It was never written then.
  }
}

function readNote(): Lost | null {
  try {
    const note: unknown = JSON.parse(localStorage.getItem(NOTE) ?? "null");
    const { unsent, at } = (note ?? {}) as Partial<Lost>;
    return typeof unsent === "number" && typeof at === "number" ? { unsent, at } : null;
  } catch {
    return null;
  }
}

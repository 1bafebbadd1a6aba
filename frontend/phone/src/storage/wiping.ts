/** Takes off the phone what must not stay on it. Never anything that was not handed in. */

import { announce } from "./changes";
import { inQueue } from "./counts";
import { writing } from "./database";
import { noteUnsent } from "./eviction";

/** Take the register off the phone; records stay. */
export async function wipeRegister(): Promise<void> {
  await writing(["cards", "settings"], async (transaction) => {
    await transaction.objectStore("cards").clear();
    const settings = transaction.objectStore("settings");
    await Promise.all(["register", "register_load"].map((name) => settings.delete(name)));
  });
  announce("register");
}

/**
 * Take an enrolment and all that came with it off the phone. Returns false, and does nothing, while something of it is not handed
 * in: what a table gave out must not vanish with a phone's access.
 */
export async function wipeEnrolment(enrolment: string): Promise<boolean> {
  const wiped = await writing(["records", "enrolments", "cards", "settings", "parcels"], async (transaction) => {
    const records = transaction.objectStore("records");
    const queue = records.index("queue");
    const unsent = (await queue.count(inQueue("waiting", enrolment))) + (await queue.count(inQueue("asking", enrolment)));
    const settings = transaction.objectStore("settings");
    const isCurrent = (await settings.get("current")) === enrolment;
    const looks = isCurrent ? (((await settings.get("help_desk_looks")) as unknown[] | undefined) ?? []).length : 0;
    if (unsent + looks > 0 || (isCurrent && (await transaction.objectStore("parcels").count()) > 0)) return false;
    const mine = await records.index("order").getAllKeys(IDBKeyRange.bound([enrolment], [enrolment, []]));
    for (const id of mine) await records.delete(id);
    await transaction.objectStore("enrolments").delete(enrolment);
    if (isCurrent) await wipeRest(transaction.objectStore("cards"), settings);
    return true;
  });
  if (wiped) await noteUnsent();
  if (wiped) announce("enrolment");
  return wiped;
}

/** All but the language goes: the next volunteer may speak it too. */
async function wipeRest(
  cards: { clear(): Promise<void> },
  settings: { get(name: string): Promise<unknown>; clear(): Promise<void>; put(value: unknown, name: string): Promise<unknown> },
): Promise<void> {
  const language = await settings.get("language");
  await cards.clear();
  await settings.clear();
  if (language !== undefined) await settings.put(language, "language");
}

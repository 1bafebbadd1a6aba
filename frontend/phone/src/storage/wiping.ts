/** Takes off the phone what must not stay on it. Never anything that was not handed in. */

import { announce } from "./changes";
import { inQueue } from "./counts";
import { writing } from "./database";
import { noteUnsent } from "./eviction";
import { currentEnrolment, listEnrolments, type Settings } from "./settings";

/** Why a phone has nothing on it any more: the office signed it off, its volunteer left, or the operation was closed. */
export type Farewell = "signed_off" | "left" | "closed";

/**
 * Take an enrolment and all that came with it off the phone. Returns false, and does nothing, while something of it is not handed
 * in: what a table gave out must not vanish with a phone's access. Of a phone that was signed off, what the server would not take
 * stops nothing. `handedOn`: another phone or the desk has a parcel of what is left. With the joining in use go the earlier ones of
 * its operation, as far as they are handed in.
 */
export async function wipeEnrolment(enrolment: string, why: Farewell, handedOn = false): Promise<boolean> {
  const [current, all] = await Promise.all([currentEnrolment(), listEnrolments()]);
  const wiped = await wipeOne(enrolment, why, handedOn);
  if (!wiped) return false;
  const earlier = current?.enrolment === enrolment ? all.filter((each) => each.operation.id === current.operation.id && each.enrolment !== enrolment) : [];
  for (const each of earlier) await wipeOne(each.enrolment, why, handedOn);
  await noteUnsent();
  announce("enrolment");
  return true;
}

async function wipeOne(enrolment: string, why: Farewell, handedOn: boolean): Promise<boolean> {
  return writing(["records", "enrolments", "cards", "settings", "parcels"], async (transaction) => {
    const records = transaction.objectStore("records");
    const queue = records.index("queue");
    const places = why === "signed_off" ? (["waiting", "asking"] as const) : (["waiting", "asking", "stuck"] as const);
    const unsent = await Promise.all(places.map((place) => queue.count(inQueue(place, enrolment))));
    const settings = transaction.objectStore("settings");
    const isCurrent = (await settings.get("current")) === enrolment;
    const carried = isCurrent ? await transaction.objectStore("parcels").index("refused").count(0) : 0;
    const looks = isCurrent ? (((await settings.get("help_desk_looks")) as unknown[] | undefined) ?? []).length : 0;
    if (!handedOn && [carried, looks, ...unsent].some((count) => count > 0)) return false;
    const mine = await records.index("order").getAllKeys(IDBKeyRange.bound([enrolment], [enrolment, []]));
    for (const id of mine) await records.delete(id);
    await transaction.objectStore("enrolments").delete(enrolment);
    if (isCurrent) await wipeRest(transaction.objectStore("cards"), settings, why);
    return true;
  });
}

interface SettingsStore {
  get(name: string): Promise<unknown>;
  clear(): Promise<void>;
  put(value: unknown, name: string): Promise<unknown>;
}

/** All but the language goes, for the next volunteer may speak it too, and a word on why. */
async function wipeRest(cards: { clear(): Promise<void> }, settings: SettingsStore, why: Farewell): Promise<void> {
  const language = await settings.get("language");
  await cards.clear();
  await settings.clear();
  if (language !== undefined) await settings.put(language, "language");
  await settings.put(why satisfies Settings["farewell"], "farewell");
}

/**
 * Sealed outboxes: this phone packs its own for others to carry, and hands in what it carries for others. What is in those it
 * cannot read; the server says only how many it took.
 */

import { presentMoment } from "../clock/present";
import { ask, type Troubled } from "../network";
import { currentEnrolment, dropParcel, keepParcel, listEnrolments, listLooks, listParcels, oldestWaiting, readSetting, setAsideParcel } from "../storage";
import { toBase64 } from "../seal/base64";
import { makeParcel, type SealedParcel } from "../seal/parcel";
import { parcelId } from "../seal/series";

const MOST_PACKED = 50_000;
const RECORDS_A_PARCEL = 1000; // about 100 kB: two hundred codes

/** What was packed; `holds`: the ids of everything in it. */
export interface Packed {
  parcels: SealedParcel[];
  holds: ReadonlySet<string>;
}

/**
 * Pack all that waits, of each enrolment that has any, whom the help desk looked up, and what this phone carries for others. Null before the server has told
 * its key, and in pages without HTTPS, where nothing can be sealed.
 */
export async function pack(): Promise<Packed | null> {
  const to = await readSetting("seal_to");
  if (to === undefined || !globalThis.crypto?.subtle) return null;
  const holds = new Set(await listToHandIn()); // what comes meanwhile is rather in no list than in no parcel
  const parcels: SealedParcel[] = await listParcels();
  const current = await currentEnrolment();
  const looks = await listLooks();
  if (current !== undefined && looks.length > 0) parcels.push(await makeParcel(current, [], to, looks));
  for (const enrolment of await listEnrolments()) {
    const waiting = await oldestWaiting(enrolment.enrolment, MOST_PACKED);
    for (let start = 0; start < waiting.length; start += RECORDS_A_PARCEL) {
      parcels.push(await makeParcel(enrolment, waiting.slice(start, start + RECORDS_A_PARCEL), to));
    }
  }
  return { parcels, holds };
}

/** Tell whether it holds all that is to be handed in now: also a question that was answered since, and what was taken in, came to wait. */
export async function holdsAll({ holds }: Pick<Packed, "holds">): Promise<boolean> {
  return (await listToHandIn()).every((id) => holds.has(id));
}

async function listToHandIn(): Promise<string[]> {
  const enrolments = await listEnrolments();
  const waiting = await Promise.all(enrolments.map(({ enrolment }) => oldestWaiting(enrolment, MOST_PACKED)));
  return [...waiting.flat(), ...(await listLooks()), ...(await listParcels())].map(({ id }) => id);
}

/** Carry another phone's parcel from now on; it goes out with the next sending. */
export async function carry(parcel: SealedParcel): Promise<void> {
  await keepParcel({ ...parcel, id: parcelId(parcel), taken_at: presentMoment(), refused: 0 });
}

/** Send every parcel; returns what stopped it. One that the server cannot open is kept aside, and stops no other. */
export async function sendParcels(): Promise<Troubled | null> {
  const token = (await currentEnrolment())?.token;
  const parcels = token === undefined ? [] : await listParcels();
  for (const { id, key_id, sealed } of parcels) {
    const reply = await ask("POST", "/parcels", { token: token!, body: { key_id, sealed: toBase64(sealed) } });
    if (reply.ok) await dropParcel(id);
    else if (reply.trouble !== "refused") return reply;
    else if (reply.status !== 401) await setAsideParcel(id); // else the server does not know the carrier, and says nothing of the parcel
  }
  return null;
}

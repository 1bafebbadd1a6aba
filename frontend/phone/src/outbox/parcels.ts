/** Hands in other phones' sealed outboxes. What is in them this phone cannot read; the server says only how many it took. */

import { ask, type Troubled } from "../network";
import { currentEnrolment, dropParcel, listParcels } from "../storage";
import { toBase64 } from "../seal/base64";

/** Send every parcel; returns what stopped it. One that the server cannot open is kept, and stops no other. */
export async function sendParcels(): Promise<Troubled | null> {
  const token = (await currentEnrolment())?.token;
  const parcels = token === undefined ? [] : await listParcels();
  for (const { id, key_id, sealed } of parcels) {
    const reply = await ask("POST", "/parcels", { token: token!, body: { key_id, sealed: toBase64(sealed) } });
    if (reply.ok) await dropParcel(id);
    else if (reply.trouble !== "refused") return reply;
  }
  return null;
}

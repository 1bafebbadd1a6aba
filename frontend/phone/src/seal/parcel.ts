/**
 * A parcel: this phone's unsent work, sealed so that only the server can read it, for another phone or the desk to carry there.
 * Inside is what the phone would have sent itself, with its token, so that the server knows whose it is. Handing the same
 * parcel in twice, or sending the records as well, does no harm.
 */

import { asSent } from "../outbox/batch";
import type { SealTo } from "../register/rows";
import type { KeptRecord } from "../storage/formats";
import type { Look } from "../storage/help-desk";
import type { Enrolment } from "../storage/settings";
import { sealTo } from "./hpke";

export const PURPOSE = "relief outbox";

export interface SealedParcel {
  key_id: string;
  sealed: Uint8Array;
}

/**
 * Seal an enrolment's unsent records, and whom its help desk looked up. Questions whose end nobody told are left out: nothing is
 * known to have happened.
 */
export async function makeParcel(enrolment: Enrolment, records: readonly KeptRecord[], to: SealTo, looks: readonly Look[] = []): Promise<SealedParcel> {
  const text = JSON.stringify({ v: 1, token: enrolment.token, records: records.map(asSent), ...(looks.length > 0 && { look_ups: looks }) });
  return { key_id: to.key_id, sealed: await sealTo(to.public, await packed(new TextEncoder().encode(text)), PURPOSE) };
}

/** Pack bytes where the browser can; the server sees by itself whether they are. */
async function packed(plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (typeof CompressionStream === "undefined") return plain;
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

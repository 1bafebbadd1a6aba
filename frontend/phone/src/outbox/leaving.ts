/** Leaving an operation: everything is handed in, then everything goes off the phone. */

import type { Troubled } from "../network";
import { countParcels, countRecords, currentEnrolment, forgetSetting, listEnrolments, listLooks, registerInfo, wipeEnrolment } from "../storage";
import type { Self } from "./exchange";
import { inTurn } from "./one-sender";
import { sendAll } from "./sending";

/** How many records, parcels and looks of a help desk still keep the phone from leaving - none, and it has left - and what stopped them. */
export interface Leaving {
  left: number;
  trouble: Troubled | null;
}

/** Hand in everything, and take everything off the phone. Open questions must be answered first. */
export async function leave(self: Self): Promise<Leaving> {
  const { trouble } = await inTurn(async () => {
    const sent = await sendAll(self);
    await wipeAll();
    return sent;
  });
  const left = (await countRecords()).waiting + (await countParcels()) + (await listLooks()).length;
  return { left, trouble };
}

/** Take everything off the phone without handing it in: somebody else has a parcel of it, and said so. */
export async function leaveHandedOn(): Promise<void> {
  await wipeAll(true);
}

/** The operation was closed: what was handed in goes off the phone. Tells whether all of it did. */
export async function leaveClosed(): Promise<boolean> {
  const enrolment = await currentEnrolment();
  const isClosed = (await registerInfo())?.plan.status === "closed";
  return isClosed && enrolment !== undefined && (await wipeEnrolment(enrolment.enrolment, "closed"));
}

async function wipeAll(handedOn = false): Promise<void> {
  await forgetSetting("help_desk"); // names go in any case, also where something else keeps the phone
  for (const { enrolment } of await listEnrolments()) await wipeEnrolment(enrolment, "left", handedOn);
}

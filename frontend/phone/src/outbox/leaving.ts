/** Leaving an operation: everything is handed in, then everything goes off the phone. */

import { countRecords, listEnrolments, wipeEnrolment } from "../storage";
import type { Self } from "./exchange";
import { asOnlySender } from "./one-sender";
import { sendAll } from "./sending";

/** Return how many records still keep the phone from leaving: 0, and it has left. Open questions must be answered first. */
export async function leave(self: Self): Promise<number> {
  await asOnlySender(() => sendAll(self));
  for (const { enrolment } of await listEnrolments()) await wipeEnrolment(enrolment);
  return (await countRecords()).waiting;
}

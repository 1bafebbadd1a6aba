/** Sends what waits: batch by batch, enrolment by enrolment, until nothing waits or the network says no. */

import { uptimeMs } from "../clock/page-clock";
import { presentMoment } from "../clock/present";
import { tellLooks } from "../help-desk/desk";
import type { Troubled } from "../network";
import {
  changeEnrolment, changeKept, countParcels, countRecords, currentEnrolment, forgetSettled, keep, listEnrolments, listLooks, oldestWaiting,
  readyToGo, stuckRecords, wipeEnrolment, type Enrolment, type KeptRecord,
} from "../storage";
import { closeQuestions } from "./asking";
import { MOST_RECORDS, chooseBatch } from "./batch";
import { exchange, type Exchanged, type Self } from "./exchange";
import { sendParcels } from "./parcels";
import { KEPT_SECONDS } from "./settling";

const MARK_EVERY_MS = 30 * 60_000;

/** How a round of sending ended. `changed`: the records that got an answer; `trouble`: what stopped it. */
export interface Sent {
  changed: KeptRecord[];
  trouble: Troubled | null;
}

/** When this page last set a mark, by enrolment: marks of one say nothing about another. */
const markedAtMs = new Map<string, number>();

/** Stuck records that this page has tried once more: app or server may be another one since they stuck. */
const triedAgain = new Set<string>();

/** Send everything; then wipe what the server took away. One tab at a time: see `one-sender`. */
export async function sendAll(self: Self): Promise<Sent> {
  const all: Sent = { changed: [], trouble: null };
  const current = (await currentEnrolment())?.enrolment;
  for (const { enrolment } of await listEnrolments()) {
    const sent = await sendEnrolment(enrolment, self, enrolment === current);
    all.changed.push(...sent.changed);
    all.trouble = sent.trouble ?? all.trouble;
    if (all.trouble !== null && !isOfOnePhone(all.trouble)) return all;
  }
  all.trouble ??= await sendParcels();
  all.trouble ??= await tellLooks();
  for (const { enrolment, revoked } of await listEnrolments()) if (revoked) await wipeEnrolment(enrolment, "signed_off");
  await forgetSettled(presentMoment() - KEPT_SECONDS);
  return all;
}

/** Tell whether there is anything that `sendAll` would send. */
export async function somethingWaits(): Promise<boolean> {
  const [counts, parcels, looks] = await Promise.all([countRecords(), countParcels(), listLooks()]);
  return readyToGo(counts) + parcels + looks.length > 0;
}

/** Send one enrolment's records; the one in use says hello even where nothing waits, which sets its clock, and one with held records. */
async function sendEnrolment(id: string, self: Self, isCurrent: boolean): Promise<Sent> {
  const changed: KeptRecord[] = [];
  let [most, top] = [MOST_RECORDS, MOST_RECORDS];
  const asks = isCurrent || (await countRecords(id)).held > 0; // what the desk has decided about them is told in any answer
  for (let hello = asks; ; ) {
    const enrolment = (await listEnrolments()).find((each) => each.enrolment === id);
    if (enrolment === undefined) return { changed, trouble: null };
    if (enrolment.revoked) await closeQuestions(id);
    const batch = await nextBatch(id, most);
    if (batch.length === 0 && !hello) return { changed, trouble: null };
    const answer = await exchange(enrolment, batch, await tokenFor(enrolment), self);
    if (answer.ok) {
      hello = false;
      most = Math.min(most * 2, top);
      changed.push(...answer.settled);
      if (batch.length > 0 && answer.settled.length === 0) return { changed, trouble: null }; // it answered for others than these
      if (isCurrent && !answer.revoked) await markClock(id, answer);
    } else if (isAboutBatch(answer) && batch.length > 0) {
      if (batch.length === 1) await setAside(batch[0]!);
      most = Math.ceil(batch.length / 2);
      if (answer.status === 413 && batch.length > 1) top = most;
    } else if (!(await wasForgotten(enrolment, answer))) {
      return { changed, trouble: answer };
    }
  }
}

/** Return what goes out next: the oldest that wait, then, alone, one that was stuck when the app was started. */
async function nextBatch(enrolment: string, most: number): Promise<KeptRecord[]> {
  const waiting = chooseBatch(await oldestWaiting(enrolment, most), most);
  return waiting.length > 0 ? waiting : (await stuckRecords(enrolment)).filter(({ id }) => !triedAgain.has(id)).slice(0, 1);
}

/** One record that cannot pass must not block the others. */
async function setAside({ id }: KeptRecord): Promise<void> {
  triedAgain.add(id);
  await changeKept([id], (kept) => ({ ...kept, place: "stuck" }));
}

/** Set a clock mark when this session has none that is recent. */
async function markClock(enrolment: string, { serverTime, roundTripMs }: Extract<Exchanged, { ok: true }>): Promise<void> {
  const before = markedAtMs.get(enrolment);
  if (before !== undefined && uptimeMs() - before < MARK_EVERY_MS) return;
  markedAtMs.set(enrolment, uptimeMs());
  await keep([{ kind: "clock", fields: { server_time: serverTime, round_trip_ms: roundTripMs } }]);
}

/** Return the token that an enrolment's records go out with: where its own is known no more, another one's of the operation. */
async function tokenFor(enrolment: Enrolment): Promise<string> {
  if (!enrolment.forgotten) return enrolment.token;
  const others = await listEnrolments();
  return others.find((each) => !each.forgotten && each.operation.id === enrolment.operation.id)?.token ?? enrolment.token;
}

/** Note that the server does not know the token any more; true where another one may be tried now. */
async function wasForgotten(enrolment: Enrolment, trouble: Troubled): Promise<boolean> {
  if (trouble.code !== "unknown_token" || enrolment.forgotten) return false;
  await changeEnrolment(enrolment.enrolment, { forgotten: true });
  return (await tokenFor({ ...enrolment, forgotten: true })) !== enrolment.token;
}

function isAboutBatch(trouble: Troubled): boolean {
  return trouble.status === 413 || (trouble.trouble === "refused" && (trouble.status === 400 || trouble.status === 422));
}

/** Trouble with one enrolment says nothing about the next one. */
function isOfOnePhone(trouble: Troubled): boolean {
  return trouble.trouble === "refused" && trouble.status === 401;
}

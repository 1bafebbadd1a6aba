/** One request with records, and everything that its answer changes on the phone. */

import { uptimeMs, wallText } from "../clock/page-clock";
import { noteServerTime } from "../clock/present";
import { ask, type Troubled } from "../network";
import type { LedgerHead } from "../register/rows";
import {
  changeEnrolment, countRecords, meetLedger, takeDecided, takeVerdicts, writeHeard, type Enrolment, type KeptRecord,
  type PhonePart,
} from "../storage";
import { asSent } from "./batch";
import { NO_LEDGER } from "./settling";
import { saysRevoked } from "./verdict-words";
import { readDecided, readVerdicts } from "./verdicts";

/** What the phone says of itself beside its records: the app's version, and what the desk's list of phones shows. */
export interface Self {
  appVersion: string;
  state?: Record<string, unknown>;
}

/** `settled`: the records that the answer changed; `revoked`: the server says that this phone is signed off. */
export type Exchanged =
  | { ok: true; settled: KeptRecord[]; revoked: boolean; serverTime: number; roundTripMs: number }
  | Troubled;

interface SyncAnswer {
  server_time: number;
  ledger: LedgerHead;
  verdicts: unknown;
  revoked?: boolean;
  phone?: PhonePart;
  decided?: unknown;
}

/** Send records of one enrolment, with `token`, and take the answer in. An answer that is not ours settles nothing. */
export async function exchange(
  enrolment: Enrolment, records: readonly KeptRecord[], token: string, self: Self, timeoutSeconds?: number,
): Promise<Exchanged> {
  const body = await bodyOf(enrolment, records, self);
  const reply = await ask<SyncAnswer>("POST", "/sync", { token, body, gzip: true, ...(timeoutSeconds && { timeoutSeconds }) });
  if (!reply.ok) return reply;
  const { server_time: now, ledger, verdicts, revoked, phone, decided } = reply.body;
  if (!Array.isArray(verdicts) || typeof now !== "number") return notOurs(reply.status);
  await writeHeard({ clock_mark: noteServerTime(now, reply.roundTripMs) });
  const receipt = { ledger: ledger?.id ?? NO_LEDGER, position: ledger?.position ?? 0, moment: now };
  const read = readVerdicts(verdicts);
  const settled = await takeVerdicts(enrolment.enrolment, records, read, receipt);
  if (Array.isArray(decided)) await takeDecided(enrolment.enrolment, readDecided(decided), receipt);
  const isRevoked = revoked === true || [...read.values()].some(saysRevoked);
  if (isRevoked && !enrolment.revoked) await changeEnrolment(enrolment.enrolment, { revoked: true });
  if (phone !== undefined && !isSame(phone, enrolment.phone)) await changeEnrolment(enrolment.enrolment, { phone });
  if (ledger !== undefined) await meetLedger(enrolment.enrolment, ledger, now);
  return { ok: true, settled, revoked: isRevoked, serverTime: now, roundTripMs: reply.roundTripMs };
}

async function bodyOf(enrolment: Enrolment, records: readonly KeptRecord[], self: Self): Promise<object> {
  const { made, waiting, held } = await countRecords(enrolment.enrolment);
  return {
    clock: { at: wallText(), uptime_ms: uptimeMs() },
    app_version: self.appVersion,
    counts: { made, waiting: waiting - records.length, held }, // `waiting` is what stays behind this request
    records: records.map(asSent),
    ...(enrolment.told && { ledger: enrolment.told }),
    ...(self.state && { state: self.state }),
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other); // both came as JSON from one server
}

function notOurs(status: number): Troubled {
  return { ok: false, trouble: "not_ours", status, code: "", message: "", limit: null, retryAfterSeconds: null };
}

/** Makes records: the envelope around what happened. */

import { sessionId, uptimeMs, wallMs, wallText } from "../clock/page-clock";
import { composed } from "./canonical";
import { newId } from "./ids";
import type { Envelope, Kind, KindFields, PhoneRecord } from "./records";

const VERSION = 1;

/** A record that has its id and its times, and gets its number when it is stored: only then no number can be lost. */
export type Draft<K extends Kind = Kind> = { [Each in K]: Omit<Envelope<Each>, "enrolment" | "seq"> & KindFields[Each] }[K];

/** Who made it, and the one tap that several records belong to. */
export interface Maker {
  by?: string | undefined;
  visit?: string | undefined;
}

/** Return a new record of this moment, but for its number. Throws NotCanonical for what no record may hold. */
export function draft<K extends Kind>(kind: K, fields: KindFields[K], maker: Maker = {}): Draft<K> {
  const now = wallMs();
  const envelope = { v: VERSION, id: newId(now), kind, session: sessionId, at: wallText(now), uptime_ms: uptimeMs(), ...maker };
  return composed({ ...envelope, ...fields }) as unknown as Draft<K>;
}

/** Return the whole record. `seq` is the next number of the enrolment, without a gap. */
export function numbered(made: Draft, enrolment: string, seq: number): PhoneRecord {
  return { ...made, enrolment, seq } as PhoneRecord;
}

// From a join code to an enrolment that is on the phone.

import { noteServerTime } from "./clock/present";
import { plainJoinCode } from "./join-code";
import { memory, note } from "./memory";
import { ask, type Troubled } from "./network";
import { saveEnrolment, writeSetting, type Enrolment, type Settings } from "./storage";
import { hex } from "./wire/ids";

type Joined = Omit<Enrolment, "seq" | "sent" | "joined_at"> & { seal_to?: Settings["seal_to"] };

/** Join with a code; returns what stood in the way, or null: then the enrolment is stored. */
export async function join(typed: string): Promise<Troubled | null> {
  const code = plainJoinCode(typed);
  const known = memory.value?.steps;
  // The attempt is stored before it is sent: an answer that gets lost can be asked for again.
  const attempt = known?.attempt && known.code === code ? known.attempt : hex(crypto.getRandomValues(new Uint8Array(16)));
  await note({ code, attempt });
  const reply = await ask<Joined>("POST", "/enrol", { body: { code, attempt, app_version: __APP_VERSION__ } });
  if (!reply.ok) return reply;
  const { seal_to, ...enrolment } = reply.body;
  if (typeof enrolment.token !== "string") return { ...NOT_OURS, status: reply.status };
  await writeSetting("clock_mark", noteServerTime(enrolment.server_time, reply.roundTripMs));
  if (seal_to) await writeSetting("seal_to", seal_to);
  await saveEnrolment({ ...enrolment, joined_at: enrolment.server_time });
  await note({ code: undefined, attempt: undefined, checked: false });
  return null;
}

const NOT_OURS: Troubled = {
  ok: false, trouble: "not_ours", status: 0, code: "", message: "", limit: null, retryAfterSeconds: null,
};

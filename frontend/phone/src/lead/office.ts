// What the lead's phone asks the office: her site's day, and a code for another phone.

import { ask, type Reply } from "../network";
import type { JoinCode } from "../screens/lead/new-phone";
import type { Enrolment } from "../storage";
import type { OfficeDay, Place } from "./day";

/** Ask for the stock and the phones of a site's day. */
export const askDay = ({ token }: Enrolment, { site, day }: Place): Promise<Reply<OfficeDay>> =>
  ask<OfficeDay>("GET", `/lead/day?site=${site}&day=${day}`, { token });

/** Ask for a code with which an ordinary phone joins at a site; `lane` 0: all of them. */
export const askJoinCode = ({ token }: Enrolment, site: string, label: string, lane: number): Promise<Reply<JoinCode>> =>
  ask<JoinCode>("POST", "/lead/join-codes", { token, body: { site, label, ...(lane > 0 && { lane }) } });

/** How long a list of names may stay: a day, on a phone that is this site's help desk, with a clock that tells the truth. */

import type { Enrolment, HelpDeskList } from "../storage";

const CLOCK_SLACK_SECONDS = 600;

/** Tell whether a list may still be opened at `now` (UTC seconds); else it goes off the phone. */
export function isGood(list: HelpDeskList, now: number, enrolment: Pick<Enrolment, "enrolment" | "phone" | "revoked" | "forgotten"> | undefined): boolean {
  if (enrolment === undefined || enrolment.revoked || enrolment.forgotten || enrolment.enrolment !== list.enrolment) return false;
  if (enrolment.phone?.help_desk !== list.site) return false;
  return now < list.expires_at && now > list.made_at - CLOCK_SLACK_SECONDS; // a clock that was put back does not lengthen the day
}

/** What a verdict's codes mean for the phone. */

import type { Verdict } from "./verdicts";

const EXCESS = [
  "already_received", "over_entitlement", "too_soon", "daily_maximum", "old_card", "not_approved", "withdrawn", "no_rule",
];

/** Tell whether a hand-over was kept, but beyond what was left: it used up nothing. */
export function isExcess(verdict: Verdict | undefined): boolean {
  return verdict?.word === "flagged" && verdict.codes.some((code) => EXCESS.includes(code));
}

/** Tell whether the server answered as one answers a phone that is signed off. */
export function saysRevoked(verdict: Verdict): boolean {
  return verdict.word === "held" && verdict.codes.includes("revoked");
}

/** What a verdict makes of a record on the phone. Pure: storage reads, asks here, and writes. */

import type { LedgerHead } from "../register/rows";
import type { KeptRecord } from "../storage/formats";
import type { Decided, Verdict } from "./verdicts";

export const KEPT_SECONDS = 14 * 86_400;
/** What an operation says before its first entry is sealed. */
export const NO_LEDGER = "00000000-0000-0000-0000-000000000000";

/** Under which ledger, at which position and when (the server's UTC seconds) an answer was given. */
export type Receipt = NonNullable<KeptRecord["receipt"]>;

/**
 * Return the record after a verdict, or null where it changes nothing: somebody else's, or a question's answer that came after
 * the volunteer had given (the record is a tell by then, and only a tell's verdict settles it).
 */
export function settled(kept: KeptRecord, verdict: Verdict, sentAs: "ask" | "tell", receipt: Receipt): KeptRecord | null {
  if (kept.mode !== sentAs || kept.place === "settled" || kept.place === "held") return null;
  if (kept.place === "asking" && verdict.word === "held") return null; // not answered: the volunteer decides
  if (kept.place === "asking" && verdict.granted) return { ...kept, answer: "granted", verdict, receipt };
  return { ...kept, place: verdict.word === "held" ? "held" : "settled", verdict, receipt };
}

/** Return a record on the shelf once the desk has taken it up or put it aside: nobody must be asked about it any more. */
export function decided(kept: KeptRecord, as: Decided, receipt: Receipt): KeptRecord | null {
  return kept.place === "held" ? { ...kept, place: "settled", decided: as, receipt } : null;
}

/** Return an open question's record once it was given: the same record, now told. */
export function given(kept: KeptRecord): KeptRecord {
  return { ...kept, place: "waiting", mode: "tell" };
}

/**
 * Return an open question's record once it was not given; a void beside it ends the grant. Where no answer came the question
 * still goes out, so that no number is missing; the void answers it.
 */
export function notGiven(kept: KeptRecord): KeptRecord {
  return kept.answer === "granted" ? { ...kept, place: "settled" } : { ...kept, place: "waiting" };
}

/** Tell whether a ledger was not there before: the server was brought back from a backup. */
export function isRestored(before: string | undefined, ledger: LedgerHead): boolean {
  if (before === undefined || before === ledger.id) return false;
  return before !== NO_LEDGER || ledger.parent !== undefined;
}

/**
 * Return a record as it goes out again to a restored server, or null where it need not: the server has it, nothing was given, or
 * it waits anyway. An open question loses its answer, and what the desk had decided since is to be decided anew.
 */
export function sentAgain(kept: KeptRecord, ledger: LedgerHead, now: number): KeptRecord | null {
  const { receipt } = kept;
  if (receipt === undefined || isCovered(receipt, ledger) || receipt.moment <= now - KEPT_SECONDS) return null;
  const { answer: _answer, decided: _decided, ...unanswered } = kept;
  if (kept.place === "asking") return unanswered;
  if (kept.place === "waiting" || kept.verdict?.word === "refused") return null;
  return { ...unanswered, place: "waiting" };
}

function isCovered(receipt: Receipt, ledger: LedgerHead): boolean {
  if (receipt.ledger === ledger.id) return true;
  return ledger.parent !== undefined && receipt.ledger === ledger.parent.id && receipt.position < ledger.parent.position;
}

/** Return the head to tell back: the furthest of the ledger that answers now. */
export function furthest(told: LedgerHead | undefined, ledger: LedgerHead): LedgerHead {
  return told === undefined || told.id !== ledger.id || ledger.position >= told.position ? ledger : told;
}

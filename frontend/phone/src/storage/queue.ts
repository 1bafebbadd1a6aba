/** What waits to be sent, and what verdicts make of it. */

import { decided, furthest, isRestored, sentAgain, settled, type Receipt } from "../outbox/settling";
import type { Decided, Verdict } from "../outbox/verdicts";
import type { LedgerHead } from "../register/rows";
import { announce } from "./changes";
import { inQueue } from "./counts";
import { reading, writing } from "./database";
import { noteUnsent } from "./eviction";
import type { KeptRecord } from "./formats";
import { currentEnrolment, listEnrolments } from "./settings";

/** Return the oldest waiting records of an enrolment, at most so many. */
export async function oldestWaiting(enrolment: string, most: number): Promise<KeptRecord[]> {
  return reading(["records"], (transaction) =>
    transaction.objectStore("records").index("queue").getAll(inQueue("waiting", enrolment), most));
}

/** Return the questions whose end nobody has told, the oldest first: after a restart, "Did you give it?". */
export async function openQuestions(): Promise<KeptRecord[]> {
  return reading(["records"], (transaction) => transaction.objectStore("records").index("queue").getAll(inQueue("asking")));
}

/** Return what the server keeps for a person to decide. */
export async function shelf(): Promise<KeptRecord[]> {
  return reading(["records"], (transaction) => transaction.objectStore("records").index("queue").getAll(inQueue("held")));
}

/** Return what the server would not take, of one enrolment or of all. */
export async function stuckRecords(enrolment?: string): Promise<KeptRecord[]> {
  return reading(["records"], (transaction) => transaction.objectStore("records").index("queue").getAll(inQueue("stuck", enrolment)));
}

/** Change records one by one, all or none of them; null leaves one as it is. */
export async function changeKept(ids: readonly string[], change: (kept: KeptRecord) => KeptRecord | null): Promise<void> {
  await writing(["records"], async (transaction) => {
    const records = transaction.objectStore("records");
    for (const id of ids) {
      const kept = await records.get(id);
      const next = kept && change(kept);
      if (next) await records.put(next);
    }
  });
  await noteUnsent();
  announce("records");
}

/** Return the last records of an enrolment, the newest first. */
export async function latestRecords(enrolment: string, most: number): Promise<KeptRecord[]> {
  return reading(["records"], async (transaction) => {
    const found: KeptRecord[] = [];
    const order = transaction.objectStore("records").index("order");
    const range = IDBKeyRange.bound([enrolment], [enrolment, []]);
    for (let cursor = await order.openCursor(range, "prev"); cursor && found.length < most; cursor = await cursor.continue()) {
      found.push(cursor.value);
    }
    return found;
  });
}

/** Return an enrolment's records from number `from` on, whatever became of them. */
export async function recordsFrom(enrolment: string, from: number): Promise<KeptRecord[]> {
  const range = IDBKeyRange.bound([enrolment, from], [enrolment, []]);
  return reading(["records"], (transaction) => transaction.objectStore("records").index("order").getAll(range));
}

/** Return what this phone has recorded in its operation, under whichever of its joinings, the oldest first. */
export async function recordsOfOperation(): Promise<KeptRecord[]> {
  const operation = (await currentEnrolment())?.operation.id;
  const joinings = (await listEnrolments()).filter((each) => each.operation.id === operation).sort((one, other) => one.joined_at - other.joined_at);
  return (await Promise.all(joinings.map(({ enrolment }) => recordsFrom(enrolment, 0)))).flat();
}

/**
 * Take an answer: what was sent is settled by its own id alone, so that a stranger's answer settles nothing. Returns the records
 * that it changed. `sent` are the records as they went out.
 */
export async function takeVerdicts(
  enrolment: string, sent: readonly KeptRecord[], verdicts: ReadonlyMap<string, Verdict>, receipt: Receipt,
): Promise<KeptRecord[]> {
  const changed = await writing(["records", "enrolments"], async (transaction) => {
    const records = transaction.objectStore("records");
    const after: KeptRecord[] = [];
    for (const { id, mode } of sent) {
      const verdict = verdicts.get(id);
      const kept = verdict && (await records.get(id));
      const next = kept && settled(kept, verdict, mode, receipt);
      if (next) after.push(next);
    }
    await Promise.all(after.map((next) => records.put(next)));
    const enrolments = transaction.objectStore("enrolments");
    const known = await enrolments.get(enrolment);
    const done = after.filter((next) => next.place === "settled").length;
    if (known !== undefined && done > 0) await enrolments.put({ ...known, sent: known.sent + done });
    return after;
  });
  if (changed.length > 0) await noteUnsent();
  if (changed.length > 0) announce("records");
  return changed;
}

/** Take held records off the shelf, each by its own id: the desk has decided about them. */
export async function takeDecided(enrolment: string, made: ReadonlyMap<string, Decided>, receipt: Receipt): Promise<void> {
  await writing(["records", "enrolments"], async (transaction) => {
    const [records, enrolments] = [transaction.objectStore("records"), transaction.objectStore("enrolments")];
    let count = 0;
    for (const [id, as] of made) {
      const kept = await records.get(id);
      const next = kept?.enrolment === enrolment ? decided(kept, as, receipt) : null;
      if (next === null) continue;
      await records.put(next);
      count += 1;
    }
    const known = await enrolments.get(enrolment);
    if (known !== undefined && count > 0) await enrolments.put({ ...known, sent: known.sent + count });
  });
  announce("records");
}

/** Notice which ledger answers; where the server was restored from a backup, put back what it lacks. Returns how many. */
export async function meetLedger(enrolment: string, ledger: LedgerHead, now: number): Promise<number> {
  const again = await writing(["records", "enrolments"], async (transaction) => {
    const enrolments = transaction.objectStore("enrolments");
    const known = await enrolments.get(enrolment);
    if (known === undefined) return 0;
    let count = 0;
    if (isRestored(known.ledger, ledger)) {
      const records = transaction.objectStore("records");
      const mine = await records.index("order").getAll(IDBKeyRange.bound([enrolment], [enrolment, []]));
      for (const kept of mine) {
        const next = sentAgain(kept, ledger, now);
        if (next === null) continue;
        await records.put({ ...next, contained: 0 });
        count += next.place === "waiting" && kept.place === "settled" ? 1 : 0;
      }
    }
    const sent = Math.max(0, known.sent - count);
    await enrolments.put({ ...known, sent, ledger: ledger.id, told: furthest(known.told, ledger) });
    return count;
  });
  if (again > 0) await noteUnsent();
  if (again > 0) announce("records");
  return again;
}

/**
 * Let go of what was settled before `moment`, as far as the register has it or it changes nothing there: what was put aside never will.
 * Of an earlier joining's records no register says that it has them; by then it does.
 */
export async function forgetSettled(moment: number): Promise<void> {
  await writing(["records", "settings"], async (transaction) => {
    const current = await transaction.objectStore("settings").get("current");
    const settledBefore = transaction.objectStore("records").index("settled");
    for (let cursor = await settledBefore.openCursor(IDBKeyRange.upperBound(moment)); cursor; cursor = await cursor.continue()) {
      const { place, contained, cards, decided: as, enrolment } = cursor.value;
      const isKnown = contained === 1 || cards.length === 0 || as === "put_aside" || enrolment !== current;
      if (place === "settled" && isKnown) await cursor.delete();
    }
  });
}

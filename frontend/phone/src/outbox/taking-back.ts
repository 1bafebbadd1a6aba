/** Undo, and taking back later with a reason: a void. Nothing is ever deleted, not even what was not sent yet. */

import { currentEnrolment, keep, latestRecords, type Happening, type KeptRecord } from "../storage";
import type { Maker } from "../wire/envelope";
import type { Kind, PhoneRecord, VoidCause } from "../wire/records";

/** Why something is taken back, and whether the goods are on the table again. */
export interface Why {
  cause: Exclude<VoidCause, "not_given">;
  goodsBack: boolean;
  reason?: string;
}

export const MISTAKE: Why = { cause: "mistake", goodsBack: true };

const VOIDABLE: readonly Kind[] = ["handover", "contact", "not_served", "stock"];

/** Take records back. Throws StorageTrouble: then nothing was. */
export async function takeBack(records: readonly PhoneRecord[], why: Why = MISTAKE, maker: Maker = {}): Promise<void> {
  await keep(records.map((record) => voidOf(record, why)), maker);
}

function voidOf(record: PhoneRecord, { cause, goodsBack, reason }: Why): Happening {
  const { card, site } = record as { card?: string; site?: string };
  const whose = card === undefined ? { site: site! } : { card };
  const fields = { target: record.id, ...whose, cause, goods_back: goodsBack ? 1 : 0, ...(reason && { reason }) } as const;
  return { kind: "void", fields };
}

/** What the list of the last things done shows: a record, and whether it was taken back - of a registration, its card cancelled. */
export interface Done {
  kept: KeptRecord;
  takenBack: boolean;
}

/** Return the last things done on this phone, the newest first: those that can be taken back, and families as they were registered last. */
export async function lastDone(most = 20): Promise<Done[]> {
  const enrolment = await currentEnrolment();
  const latest = enrolment === undefined ? [] : await latestRecords(enrolment.enrolment, 3 * most);
  return [...doneOf(latest), ...registeredIn(latest)].sort((one, other) => other.kept.seq - one.kept.seq).slice(0, most);
}

// No void touches a registration: it is corrected by the next one of its family, and its card may be cancelled.
function registeredIn(newestFirst: readonly KeptRecord[]): Done[] {
  const ended = new Set(newestFirst.map(({ record }) => (record.kind === "card" && record.action === "cancelled" ? record.card : "")));
  const families = new Map<string, Done>();
  for (const kept of newestFirst) {
    const { record } = kept;
    if (record.kind !== "registration" || families.has(record.household)) continue;
    families.set(record.household, { kept, takenBack: ended.has(record.card ?? "none") });
  }
  return [...families.values()];
}

/** Pick out of a phone's records what it did, and say what was taken back. */
export function doneOf(records: readonly KeptRecord[]): Done[] {
  const voided = new Set(records.map(({ record }) => (record.kind === "void" ? record.target : "")));
  const did = records.filter((kept) => VOIDABLE.includes(kept.record.kind) && kept.mode === "tell");
  return did.map((kept) => ({ kept, takenBack: voided.has(kept.id) }));
}

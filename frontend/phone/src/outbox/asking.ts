/**
 * May I? Goods still in hand, the phone asks the server first where there is a network. The question lies on disk before it is
 * sent; it ends in a tell or in a void, said by the volunteer: now, or at the next start ("Did you give it?").
 */

import { changeKept, currentEnrolment, keep, openQuestions, type Happening, type KeptRecord } from "../storage";
import type { Maker } from "../wire/envelope";
import type { PhoneRecord } from "../wire/records";
import { exchange, type Self } from "./exchange";
import { given, notGiven } from "./settling";
import type { Verdict } from "./verdicts";

const PATIENCE_SECONDS = 2;

/** What a question came to. Unanswered, the volunteer may give all the same: then it is told. */
export type Asked = { id: string; answer: "granted" | "unanswered" } | { id: string; answer: "refused"; verdict: Verdict };

/** Ask for what one tap would give; the answers come in its order. Throws StorageTrouble: then nothing was asked. */
export async function askFirst(
  wanted: readonly Extract<Happening, { kind: "handover" }>[], maker: Maker, self: Self,
): Promise<Asked[]> {
  const kept = await keep(wanted.map((each) => ({ ...each, mode: "ask" as const })), maker);
  const enrolment = await currentEnrolment();
  const answer = enrolment && (await exchange(enrolment, kept, enrolment.token, self, PATIENCE_SECONDS));
  const settled = answer?.ok ? answer.settled : [];
  return kept.map(({ id }) => askedFrom(id, settled.find((each) => each.id === id)));
}

function askedFrom(id: string, kept: KeptRecord | undefined): Asked {
  if (kept?.verdict?.word === "refused") return { id, answer: "refused", verdict: kept.verdict };
  return { id, answer: kept?.answer ?? "unanswered" };
}

/** It was given: the same records, now told. Also after a refusal that came too late: what happened is told. */
export async function gave(ids: readonly string[]): Promise<void> {
  await changeKept(ids, (kept) => (kept.mode === "ask" ? given(kept) : null));
}

/** It was not given: the questions end, and voids say so to the server. */
export async function keptBack(ids: readonly string[], maker: Maker = {}): Promise<void> {
  const open = (await openQuestions()).filter((kept) => ids.includes(kept.id));
  await keep(open.map(voidOf), maker, async (records) => {
    for (const { id } of open) {
      const kept = await records.get(id);
      if (kept?.place === "asking") await records.put(notGiven(kept));
    }
  });
}

/** Let a signed-off phone's open questions go out as they are: nobody will say any more how they ended. */
export async function closeQuestions(enrolment: string): Promise<void> {
  const open = (await openQuestions()).filter((kept) => kept.enrolment === enrolment);
  if (open.length > 0) await changeKept(open.map((kept) => kept.id), (kept) => ({ ...kept, place: "waiting" }));
}

function voidOf(kept: KeptRecord): Happening {
  const { id, card } = kept.record as PhoneRecord<"handover">;
  return { kind: "void", fields: { target: id, card, cause: "not_given", goods_back: 1 } };
}

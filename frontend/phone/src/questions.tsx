// Questions to the office whose end nobody has told: the page was stopped in between. Asked before anything else, for only she knows.

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { memory } from "./memory";
import { gave, keptBack } from "./outbox/asking";
import { QuestionScreen } from "./screens/outbox/question";
import type { Named } from "./screens/outbox/shelf";
import { storageWords } from "./screens/trouble-words";
import { inView, maker } from "./serving/serving";
import { cardView, openQuestions, StorageTrouble, type KeptRecord } from "./storage";

const putOff = signal(false); // until the app is opened again, or she comes back to them

/** Tell whether there are questions to be answered now: none while a card is in view, whose answer may be on its way. */
export const mustAnswer = () => (memory.value?.counts?.asking ?? 0) > 0 && !inView.value && !putOff.value;

/** Ask them again, though she had put them off. */
export const answerNow = () => void (putOff.value = false);

export function Questions() {
  const [asked, setAsked] = useState<Named[]>([]);
  const [problem, setProblem] = useState("");
  const counts = memory.value?.counts;
  useEffect(() => void openQuestions().then(named).then(setAsked), [counts]);
  const [first, ...others] = asked;
  const plan = memory.value?.register?.plan;
  if (!first || !plan) return null;
  const end = async (how: () => Promise<void>) => {
    try {
      await how();
      setProblem("");
    } catch (error) {
      if (!(error instanceof StorageTrouble)) throw error;
      setProblem(storageWords(error.code));
    }
  };
  return (
    <QuestionScreen asked={first} others={others.length} plan={plan} problem={problem} onLater={() => (putOff.value = true)}
      onGave={() => void end(() => gave([first.kept.id]))} onKept={() => void end(() => keptBack([first.kept.id], maker()))} />
  );
}

/** Return records with their cards' running numbers, as far as the phone knows them. */
export function named(records: readonly KeptRecord[]): Promise<Named[]> {
  return Promise.all(records.map(async (kept) => ({ kept, number: await numberOf(kept.cards[0]) })));
}

async function numberOf(card: string | undefined): Promise<string | undefined> {
  return card === undefined ? undefined : (await cardView(card)).rows.find((row) => row.card === card)?.number;
}

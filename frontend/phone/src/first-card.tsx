// A blank card for a family that the help desk found by name, and that has none: which card, a last look, and on to its answer.

import { useState } from "preact/hooks";
import type { Family } from "./help-desk/finding";
import { CardScanner } from "./lead/card-scanner";
import { findNew, firstCard, type Card } from "./lead/replacing";
import { memory } from "./memory";
import { BlankCardTextScreen, ConfirmFirstCardScreen } from "./screens/lead/replace";
import { unfitWords } from "./screens/lead/told-words";
import { storageWords } from "./screens/trouble-words";
import { maker } from "./serving/serving";
import { keep, troubleIn } from "./storage";
import { _ } from "./words";

interface Props {
  family: Family;
  site: string;
  onDone: (card: string) => void; // it is hers
  onBack: () => void;
}

export function FirstCard({ family, site, onDone, onBack }: Props) {
  const [fresh, setFresh] = useState<Card | null>(null);
  const [typing, setTyping] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const { household, row } = family;
  const open = (types: boolean, card: Card | null = null) => {
    setProblem("");
    setTyping(types);
    setFresh(card);
  };
  const take = async (text: string) => {
    const found = await findNew(text, memory.value?.enrolment?.operation.id ?? "");
    if ("card" in found) open(typing, found.card);
    else setProblem(unfitWords(found.unfit));
  };
  const give = async (card: string) => {
    setBusy(true);
    const trouble = await troubleIn(() => keep(firstCard({ ...row, household }, card, site), maker()));
    setBusy(false);
    if (trouble) setProblem(storageWords(trouble));
    else onDone(card);
  };
  if (fresh) {
    return (
      <ConfirmFirstCardScreen family={family} fresh={fresh} busy={busy} problem={problem} onKeep={() => void give(fresh.key)}
        onBack={() => open(typing)} />
    );
  }
  if (typing) return <BlankCardTextScreen problem={problem} onText={(text) => void take(text)} onScan={() => open(false)} onBack={onBack} />;
  return <CardScanner title={_("A blank card")} problem={problem} onCard={(code) => void take(code)} onBack={() => open(true)} />;
}

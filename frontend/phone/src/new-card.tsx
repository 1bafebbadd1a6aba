// A new card for the family in view, whose own is lost: it was found by name, and is answered on the new card next.

import { useMemo } from "preact/hooks";
import { Replace, startReplacing } from "./lead/replace";
import { memory } from "./memory";
import { openHolding } from "./serving/found";
import { closeCard, type InView } from "./serving/serving";

interface Props {
  card: InView;
  site: string;
  onDone: () => void;
}

export function NewCard({ card: { key, offer }, site, onDone }: Props) {
  const old = useMemo(() => ({ key, number: offer.number ?? "", people: offer.members.length, given: offer.had.length > 0 }), [key]);
  useMemo(() => startReplacing(old), [old]);
  const operation = memory.value?.enrolment?.operation.id ?? "";
  const done = () => {
    onDone();
    closeCard();
    void openHolding(key);
  };
  return <Replace old={old} operation={operation} site={site} onDone={done} onBack={onDone} />;
}

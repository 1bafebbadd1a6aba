// Whoever stands there without a card: people who are counted, somebody who goes without, a family to be found by name.

import { useState } from "preact/hooks";
import { HelpDesk, isHelpDesk } from "./help-desk";
import type { PlanPart } from "./register/rows";
import { ChooseScreen } from "./screens/choose";
import { CAUSES } from "./screens/offer-words";
import { storageWords } from "./screens/trouble-words";
import { WithoutCardScreen } from "./screens/without-card";
import { keepTrouble, keepWithoutCard, practising } from "./serving/serving";
import type { NotServedCause } from "./wire/records";
import { _ } from "./words";

type Way = "choose" | "people" | "goes_without" | "find";

const WHY: readonly NotServedCause[] = ["unknown_card", "ineligible", "run_out", "refused", "absent"];

export function WithoutCard({ plan, site, onDone }: { plan: PlanPart; site: string; onDone: () => void }) {
  const [way, setWay] = useState<Way>("choose");
  const back = () => setWay("choose");
  const problem = keepTrouble.value ? storageWords(keepTrouble.value) : "";
  const keep = (happened: Parameters<typeof keepWithoutCard>[0]) => void keepWithoutCard(happened).then((kept) => kept && onDone());
  const ways: (readonly [Way, string])[] = [["people", _("Count people")], ["goes_without", _("Goes without")]];
  if (isHelpDesk(site) && !practising.value) ways.unshift(["find", _("Find by name")]);
  switch (way) {
    case "people": return (
      <WithoutCardScreen items={plan.items} problem={problem} busy={false} onBack={back}
        onKeep={(item, people, place) => keep({ kind: "contact", fields: { item, site, people, ...(place && { place }) } })} />
    );
    case "goes_without": return (
      <ChooseScreen title={_("Goes without: why?")} answers={WHY.map((cause) => [cause, cause === "unknown_card" ? _("Has no card") : CAUSES[cause]()] as const)}
        problem={problem} onChoose={(cause) => keep({ kind: "not_served", fields: { cause, site } })} onBack={back} />
    );
    case "find": return <HelpDesk site={site} onFound={onDone} onBack={back} />;
  }
  return <ChooseScreen title={_("No card")} answers={ways} onChoose={setWay} onBack={onDone} />;
}

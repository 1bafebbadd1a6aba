// The shelf: what the server keeps until somebody has looked at it, each with its reason.

import type { PlanPart } from "../../register/rows";
import type { KeptRecord } from "../../storage";
import { _ } from "../../words";
import { Icon } from "../icons";
import { whatWords } from "../lately";
import { momentWords } from "../offer-words";
import { Button, Screen } from "../pieces";
import { heldWords } from "./held-words";

/** A record, and the running number of its card where the phone knows it. */
export interface Named {
  kept: KeptRecord;
  number: string | undefined;
}

interface ShelfProps {
  records: Named[];
  plan: PlanPart;
  busy: boolean;
  onAgain: () => void;
  onBack: () => void;
}

export function ShelfScreen({ records, plan, busy, onAgain, onBack }: ShelfProps) {
  return (
    <Screen title={_("Ask your lead")} actions={
      <>
        {records.length > 0 && <Button off={busy} onPress={onAgain}>{busy ? _("One moment …") : _("Ask again")}</Button>}
        <Button kind="main" icon="left" onPress={onBack}>{_("Back")}</Button>
      </>
    }>
      <p>{records.length > 0 ? _("The office must look at these. Nothing is lost, and nothing is to be given again.") : _("Nothing waits for your lead.")}</p>
      <ul class="lately">
        {records.map((each) => (
          <li key={each.kept.id}>
            <p><Icon sign="warn" /><span>{recordWords(each, plan)}</span></p>
            <p>{heldWords(each.kept)}</p>
          </li>
        ))}
      </ul>
    </Screen>
  );
}

/** Say what a record is about, for whom and when: `1 × Food parcel · 17-0403 · 09:12`. */
export function recordWords({ kept, number }: Named, plan: PlanPart): string {
  return [whatWords(kept, plan), number && _("card %(number)s", { number }), momentWords(kept.moment)].filter(Boolean).join(" · ");
}

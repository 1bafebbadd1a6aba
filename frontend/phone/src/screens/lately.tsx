// The last twenty things done on this phone, and the way to take one back.

import type { Done } from "../outbox/taking-back";
import type { KeptRecord } from "../storage";
import type { PlanPart } from "../register/rows";
import { _, ngettext } from "../words";
import { Icon, type Sign } from "./icons";
import { CAUSES, itemName, momentWords } from "./offer-words";
import { Button, Screen } from "./pieces";

interface LatelyProps {
  done: Done[];
  plan: PlanPart;
  onTakeBack: (done: Done) => void;
  onCorrect: (done: Done) => void; // a family that was registered
  onBack: () => void;
}

export function LatelyScreen({ done, plan, onTakeBack, onCorrect, onBack }: LatelyProps) {
  return (
    <Screen title={_("The last twenty")} actions={<Button kind="main" icon="camera" onPress={onBack}>{_("Next card")}</Button>}>
      {done.length === 0 && <p>{_("Nothing yet. What you give stands here, and can be taken back.")}</p>}
      <ul class="lately">
        {done.map((each) => (
          <li key={each.kept.id}>
            <p><Icon sign={SIGNS[each.kept.place]} /><span class={each.takenBack ? "gone" : ""}>{whatWords(each.kept, plan)}</span></p>
            <p class="soft">{momentWords(each.kept.moment)} · {stateWords(each)}</p>
            {!each.takenBack && each.kept.decided !== "put_aside" && (each.kept.record.kind === "registration"
              ? <Button icon="undo" onPress={() => onCorrect(each)}>{_("Correct")}</Button>
              : <Button icon="undo" onPress={() => onTakeBack(each)}>{_("Take back")}</Button>)}
          </li>
        ))}
      </ul>
    </Screen>
  );
}

const SIGNS: Record<KeptRecord["place"], Sign> = { asking: "question", waiting: "wait", settled: "tick", held: "warn", stuck: "warn" };

/** Say what a record is about: `2 × Blanket`. */
export function whatWords({ record }: KeptRecord, plan: PlanPart): string {
  if (record.kind === "handover") return `${record.members?.length ?? record.quantity} × ${itemName(record.item, plan)}`;
  if (record.kind === "not_served") return _("Went without: %(why)s", { why: CAUSES[record.cause]() });
  if (record.kind === "registration") return ngettext("Registered: %(num)s person.", "Registered: %(num)s people.", record.members.length);
  if (record.kind !== "contact") return _("Noted");
  const people = record.people.reduce((sum, row) => sum + row.count, 0);
  return `${itemName(record.item, plan)}: ${ngettext("%(num)s person", "%(num)s people", people)}`;
}

function stateWords({ kept, takenBack }: Done): string {
  if (takenBack) return kept.record.kind === "registration" ? _("card cancelled") : _("taken back");
  if (kept.place === "held" || kept.place === "stuck") return _("ask your lead");
  if (kept.decided === "put_aside") return _("the office put it aside: it does not count");
  if (kept.place === "settled" && kept.verdict?.word === "held") return _("the office has decided about it");
  if (kept.place === "settled") return kept.verdict?.word === "flagged" ? _("sent; the office will look at it") : _("sent");
  return _("on this phone, not sent");
}

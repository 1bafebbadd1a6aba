// A family that should not have been registered: what this phone can do about it, and who does the rest.

import { _ } from "../words";
import { Button, Notice, Screen } from "./pieces";

interface NoFamilyProps {
  number: string; // of its card; empty where the phone does not know it
  given: boolean; // something was given on the card, and is not taken back
  lead: boolean; // this phone may cancel the card
  busy: boolean;
  problem: string;
  onCancel: () => void;
  onBack: () => void;
}

export function NoFamilyScreen({ number, given, lead, busy, problem, onCancel, onBack }: NoFamilyProps) {
  return (
    <Screen title={_("No such family")} actions={
      <>
        <Button kind={lead ? "quiet" : "main"} icon="left" onPress={onBack}>{_("Back")}</Button>
        {lead && <Button kind="main" icon="cross" off={busy} onPress={onCancel}>{_("Cancel card")}</Button>}
      </>
    }>
      {number && <p class="whose"><span class="code">{number}</span></p>}
      <p class="lead-line">{lead
        ? _("Take the card back first. Once it is cancelled nobody receives on it, and this cannot be undone.")
        : _("Take the card back and give it to your lead. The lead's phone cancels it, under “Replace card”, by this number.")}</p>
      {given && <Notice kind="warn">{_("Something was given on this card. Take that back too, under “The last twenty” of the phone that gave it.")}</Notice>}
      <p>{_("The family stays with those registered here until the office says no to it. Tell the office.")}</p>
      {problem && <Notice kind="bad">{problem}</Notice>}
    </Screen>
  );
}

import type { Counts } from "../storage";
import { _ } from "../words";
import { Button, Screen } from "./pieces";

interface HomeProps {
  operation: string;
  label: string; // what the office calls this phone
  name: string;
  counts: Counts;
  practising: boolean;
  lead: boolean; // it is the lead's phone
  onShift: () => void;
  onLead: () => void;
  onServe: () => void;
  onWho: () => void;
  onSent: () => void;
  onPractice: () => void;
  onCheck: () => void;
  onLanguage: () => void;
}

export function HomeScreen({ operation, label, name, counts, practising, lead, ...act }: HomeProps) {
  const who = label ? `${name} · ${label}` : name;
  return (
    <Screen title={operation} actions={
      <>
        <div class="row">
          <Button icon="globe" onPress={act.onLanguage}>{_("Language")}</Button>
          <Button onPress={act.onCheck}>{_("Field check")}</Button>
        </div>
        <div class="row">
          <Button pressed={practising} onPress={act.onPractice}>{practising ? _("End practice") : _("Practice")}</Button>
          {!practising && <Button onPress={act.onShift}>{_("My day")}</Button>}
        </div>
        <div class="row">
          {lead && !practising && <Button onPress={act.onLead}>{_("Lead")}</Button>}
          <Button kind="main" icon="camera" onPress={act.onServe}>{_("Serve")}</Button>
        </div>
      </>
    }>
      <Button icon="people" onPress={act.onWho} label={_("%(name)s: hand the phone over", { name: who })}>{who}</Button>
      <button type="button" class="counts counts-open" onClick={act.onSent}>
        <span>{_("On this phone, not sent")} <strong>{counts.waiting}</strong></span>
        <span>{_("Sent")} <strong>{counts.sent}</strong></span>
        <span>{_("Ask your lead")} <strong>{counts.held + counts.stuck}</strong></span>
      </button>
    </Screen>
  );
}

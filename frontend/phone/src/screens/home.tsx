import type { Counts } from "../storage";
import { _ } from "../words";
import { Button, Screen } from "./pieces";

interface HomeProps {
  operation: string;
  label: string; // what the office calls this phone
  name: string;
  counts: Counts;
  practising: boolean;
  onServe: () => void;
  onPractice: () => void;
  onCheck: () => void;
  onLanguage: () => void;
}

export function HomeScreen({ operation, label, name, counts, practising, onServe, onPractice, onCheck, onLanguage }: HomeProps) {
  return (
    <Screen title={operation} actions={
      <>
        <div class="row">
          <Button icon="globe" onPress={onLanguage}>{_("Language")}</Button>
          <Button icon="tick" onPress={onCheck}>{_("Field check")}</Button>
        </div>
        <Button pressed={practising} onPress={onPractice}>{practising ? _("End practice") : _("Practice")}</Button>
        <Button kind="main" icon="camera" onPress={onServe}>{_("Serve")}</Button>
      </>
    }>
      <p class="soft">{label ? `${name} · ${label}` : name}</p>
      <dl class="counts">
        <div><dt>{_("On this phone, not sent")}</dt><dd>{counts.waiting}</dd></div>
        <div><dt>{_("Sent")}</dt><dd>{counts.sent}</dd></div>
        <div><dt>{_("Ask your lead")}</dt><dd>{counts.held}</dd></div>
      </dl>
    </Screen>
  );
}

import type { Counts } from "../storage";
import { _ } from "../words";
import { Button, Screen } from "./pieces";

interface HomeProps {
  operation: string;
  label: string; // what the office calls this phone
  name: string;
  counts: Counts;
  onCheck: () => void;
  onLanguage: () => void;
}

export function HomeScreen({ operation, label, name, counts, onCheck, onLanguage }: HomeProps) {
  return (
    <Screen title={operation} actions={
      <>
        <Button icon="globe" onPress={onLanguage}>{_("Language")}</Button>
        <Button icon="tick" onPress={onCheck}>{_("Field check")}</Button>
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

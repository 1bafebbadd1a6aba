// Who has the phone from now on.

import type { Volunteer } from "../volunteers";
import { _ } from "../words";
import { Button, Screen } from "./pieces";

interface WhoProps {
  name: string; // of who has it now
  others: Volunteer[];
  onChoose: (volunteer: Volunteer) => void;
  onNew: (() => void) | undefined; // left out while it is locked
  onBack: () => void;
}

export function WhoScreen({ name, others, onChoose, onNew, onBack }: WhoProps) {
  return (
    <Screen title={_("Who has it now?")} actions={
      <>
        <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>
        {onNew && <Button kind={others.length > 0 ? undefined : "main"} icon="plus" onPress={onNew}>{_("Somebody new")}</Button>}
      </>
    }>
      <p>{_("Each has a PIN. What is given from now on counts for whoever has the phone; what %(name)s gave stays as it is.", { name })}</p>
      <div class="answers">{others.map((each) => <Button key={each.id} onPress={() => onChoose(each)}>{each.name}</Button>)}</div>
    </Screen>
  );
}

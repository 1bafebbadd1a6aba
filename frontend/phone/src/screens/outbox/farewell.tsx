// The last word: why there is nothing on this phone any more.

import type { Farewell } from "../../storage";
import { _ } from "../../words";
import { Button, Notice, Screen } from "../pieces";

export function FarewellScreen({ why, onRead }: { why: Farewell; onRead: () => void }) {
  return (
    <Screen title={why === "signed_off" ? _("Signed off") : _("Thank you")} actions={<Button kind="main" onPress={onRead}>{_("Join again")}</Button>}>
      <Notice kind={why === "signed_off" ? "warn" : "good"}>{WORDS[why]()}</Notice>
      <p>{_("You can close relief now. To serve again, you need a new code from your lead.")}</p>
    </Screen>
  );
}

const WORDS: Record<Farewell, () => string> = {
  signed_off: () => _("The office has signed this phone off. All it had was handed in, and is gone from here."),
  left: () => _("You have left. Nothing of it is on this phone any more."),
  closed: () => _("The operation has ended. All was handed in, and is gone from this phone."),
};

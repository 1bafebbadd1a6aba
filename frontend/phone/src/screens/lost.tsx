import { _, ngettext } from "../words";
import { Button, Notice, Screen } from "./pieces";

/** Shown when the phone has thrown away what was stored, and there was unsent work in it. */
export function LostScreen({ unsent, onRead }: { unsent: number; onRead: () => void }) {
  return (
    <Screen title={_("Something was lost")} actions={<Button kind="main" onPress={onRead}>{_("Understood")}</Button>}>
      <Notice kind="bad">
        {ngettext("This phone has thrown away %(num)s record that was not sent.", "This phone has thrown away %(num)s records that were not sent.", unsent)}
      </Notice>
      <p>{_("Tell your lead now, while you still know what you gave to whom. Then join again, from the home screen.")}</p>
    </Screen>
  );
}

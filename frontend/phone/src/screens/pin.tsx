import { useState } from "preact/hooks";
import { isEasyPin } from "../lock";
import { _ } from "../words";
import { PinPad } from "./pin-pad";
import { Notice, Screen } from "./pieces";

/** Asks for a new PIN, twice. */
export function PinScreen({ joining = true, onSet }: { joining?: boolean; onSet: (pin: string) => void }) {
  const [pin, setPin] = useState("");
  const [first, setFirst] = useState("");
  const [problem, setProblem] = useState("");
  const startAnew = (why: string) => {
    setProblem(why);
    setFirst("");
    setPin("");
  };
  const done = () => {
    if (!first && isEasyPin(pin)) return startAnew(_("That one is easy to guess. Take another."));
    if (first && first !== pin) return startAnew(_("The two were not the same. Once more, please."));
    if (first) return onSet(pin);
    setProblem("");
    setFirst(pin);
    setPin("");
  };
  return (
    <Screen title={first ? _("The same PIN again") : _("Choose a PIN")} step={joining ? "pin" : undefined}>
      <p>{_("At least four digits. It locks the screen after half an hour; it does not encrypt the phone.")}</p>
      {problem && <Notice kind="warn">{problem}</Notice>}
      <PinPad pin={pin} onType={setPin} onDone={done} />
    </Screen>
  );
}

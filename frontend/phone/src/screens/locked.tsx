import { useState } from "preact/hooks";
import { _, ngettext } from "../words";
import { PinPad } from "./pin-pad";
import { Button, Notice, Screen } from "./pieces";

interface LockedProps {
  name: string;
  waitSeconds: number; // after too many wrong tries
  onTry: (pin: string) => boolean;
  onForgotten?: (() => void) | undefined;
  onOther?: (() => void) | undefined;
  onBack?: (() => void) | undefined;
}

export function LockedScreen({ name, waitSeconds, onTry, onForgotten, onOther, onBack }: LockedProps) {
  const [pin, setPin] = useState("");
  const [wrong, setWrong] = useState(false);
  const done = () => {
    setWrong(!onTry(pin));
    setPin("");
  };
  return (
    <Screen title={_("PIN, %(name)s", { name })} side actions={
      <>
        {onOther && <Button kind="quiet" onPress={onOther}>{_("Somebody else")}</Button>}
        {onForgotten && <Button kind="quiet" onPress={onForgotten}>{_("PIN forgotten")}</Button>}
        {onBack && <Button kind="quiet" icon="left" onPress={onBack}>{_("Back")}</Button>}
      </>
    }>
      {waitSeconds > 0
        ? <Notice kind="warn">{ngettext("Wait %(num)s second.", "Wait %(num)s seconds.", waitSeconds)}</Notice>
        : wrong && <Notice kind="warn">{_("Not this one.")}</Notice>}
      <PinPad pin={pin} off={waitSeconds > 0} onType={setPin} onDone={done} />
    </Screen>
  );
}

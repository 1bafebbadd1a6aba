// Digits large enough for gloves.

import { LONGEST_PIN, SHORTEST_PIN } from "../lock";
import { _, ngettext } from "../words";
import { Icon } from "./icons";
import { Button } from "./pieces";

interface PinPadProps {
  pin: string;
  off?: boolean;
  onType: (pin: string) => void;
  onDone: () => void;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

export function PinPad({ pin, off = false, onType, onDone }: PinPadProps) {
  const type = (digit: string) => pin.length < LONGEST_PIN && onType(pin + digit);
  const dots = Math.max(SHORTEST_PIN, pin.length);
  return (
    <>
      <p class="visually-hidden" role="status">{ngettext("%(num)s digit typed", "%(num)s digits typed", pin.length)}</p>
      <div class="pin-dots" aria-hidden="true">
        {Array.from({ length: dots }, (_nothing, place) => <span key={place} class={place < pin.length ? "typed" : ""} />)}
      </div>
      <div class="keypad">
        {DIGITS.map((digit) => <Button key={digit} off={off} onPress={() => type(digit)}>{digit}</Button>)}
        <Button off={off || !pin} label={_("Delete last digit")} onPress={() => onType(pin.slice(0, -1))}><Icon sign="back" /></Button>
        <Button off={off} onPress={() => type("0")}>0</Button>
        <Button kind="main" off={off || pin.length < SHORTEST_PIN} onPress={onDone}>{_("OK")}</Button>
      </div>
    </>
  );
}

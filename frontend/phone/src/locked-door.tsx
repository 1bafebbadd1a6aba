// The PIN at work: whoever guesses waits.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Lock } from "./lock";
import { unlock } from "./lock-clock";
import { secondsToWait, tryPin } from "./pin-tries";
import { LockedScreen } from "./screens/locked";

const now = signal(Date.now());
const look = () => void (now.value = Date.now());

interface Props {
  name: string;
  lock: Lock;
  onOpen?: () => void; // left out: the screen is unlocked
  onForgotten?: () => void;
  onOther?: (() => void) | undefined; // it is somebody else who has the phone now
  onBack?: () => void;
}

export function LockedDoor({ name, lock, onOpen = unlock, onForgotten, onOther, onBack }: Props) {
  useEffect(() => {
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, []);
  const attempt = (pin: string) => {
    const isRight = tryPin(lock, pin);
    look();
    if (isRight) onOpen();
    return isRight;
  };
  return <LockedScreen name={name} waitSeconds={secondsToWait(now.value)} onTry={attempt} onForgotten={onForgotten} onOther={onOther} onBack={onBack} />;
}

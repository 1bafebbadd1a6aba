// The PIN at work: counts wrong tries, and makes whoever guesses wait.

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { opens, waitAfter, type Lock } from "./lock";
import { unlock } from "./lock-clock";
import { LockedScreen } from "./screens/locked";

const wrong = signal(0);
const wait = signal(0);

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
    const timer = setInterval(() => (wait.value = Math.max(0, wait.value - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  const attempt = (pin: string) => {
    if (!opens(lock, pin)) {
      wrong.value += 1;
      wait.value = waitAfter(wrong.value);
      return false;
    }
    wrong.value = 0;
    onOpen();
    return true;
  };
  return <LockedScreen name={name} waitSeconds={wait.value} onTry={attempt} onForgotten={onForgotten} onOther={onOther} onBack={onBack} />;
}

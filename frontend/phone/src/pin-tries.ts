// Wrong PINs in a row. They are counted on, and waited for, when the app is opened anew: else whoever guesses need only do that.

import { signal } from "@preact/signals";
import { opens, waitAfter, type Lock } from "./lock";
import { memory, note, type Steps } from "./memory";

type Tries = NonNullable<Steps["tries"]>;

const NONE: Tries = { wrong: 0, until: 0 };
const inThisPage = signal<Tries | null>(null);

const tries = () => inThisPage.value ?? memory.value?.steps.tries ?? NONE;

/** Try a PIN: tells whether it opens the lock. */
export function tryPin(lock: Lock, pin: string): boolean {
  if (opens(lock, pin)) {
    forgetTries();
    return true;
  }
  const wrong = tries().wrong + 1;
  keepTries({ wrong, until: Date.now() + waitAfter(wrong) * 1000 });
  return false;
}

/** Return how many seconds are to be waited at `now` (milliseconds); a clock that was put back makes nobody wait for longer. */
export function secondsToWait(now: number): number {
  const { wrong, until } = tries();
  return Math.min(waitAfter(wrong), Math.max(0, Math.ceil((until - now) / 1000)));
}

/** Begin anew: the PIN was right, or another one was chosen. */
export function forgetTries(): void {
  if (tries().wrong > 0) keepTries(NONE);
}

function keepTries(now: Tries): void {
  inThisPage.value = now;
  note({ tries: now }).catch(() => undefined); // a full phone counts as long as the app is open
}

// When the PIN is asked for: half an hour after the last touch, and when the app was started anew. A reload is no new start.

import { signal } from "@preact/signals";

const OPEN_MS = 30 * 60_000;
const LOOK_MS = 10_000;
const CORRECTED_MS = 30_000; // a phone that hears the time from the network goes back a little, in the middle of a queue
const TOUCHED = "relief.touched"; // in the window's own storage: gone with the window

/** Whether the PIN must be given. */
export const locked = signal(true);

let touched = 0;
let holders = 0;

/** Tell whether a screen touched at `touched` may stay open at `now`, both in milliseconds; a clock that was put back locks. */
export const staysOpen = (touched: number, now: number) => now >= touched - CORRECTED_MS && now - touched < OPEN_MS;

export function startLockClock(): void {
  touched = Number(sessionStorage.getItem(TOUCHED) ?? 0);
  locked.value = !staysOpen(touched, Date.now());
  for (const name of ["pointerdown", "keydown"]) window.addEventListener(name, () => locked.value || touch(), { passive: true });
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_MS);
}

/** Open the screen: the PIN was right, or has just been set. */
export function unlock(): void {
  touch();
  locked.value = false;
}

/** Lock the screen now. */
function lockNow(): void {
  sessionStorage.removeItem(TOUCHED);
  touched = 0;
  locked.value = true;
}

/** Keep the screen open while a card is in view, until its answer was seen; returns what ends that. */
export function keepOpen(): () => void {
  let open = true;
  holders += 1;
  return () => {
    if (open) holders -= 1;
    open = false;
    touch();
  };
}

function touch(): void {
  touched = Date.now();
  sessionStorage.setItem(TOUCHED, String(touched));
}

function look(): void {
  if (!locked.value && holders === 0 && !staysOpen(touched, Date.now())) lockNow();
}

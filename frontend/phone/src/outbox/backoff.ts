/** How long to wait before trying again: twice as long each time, never in step with other phones. */

const FIRST_SECONDS = 2;
const LONGEST_SECONDS = 300;

/** Return the seconds before try number `failed` + 1; the server may ask for more. `chance` is from 0 up to 1. */
export function pauseSeconds(failed: number, askedFor: number | null, chance: number): number {
  const doubled = Math.min(FIRST_SECONDS * 2 ** Math.max(0, failed - 1), LONGEST_SECONDS);
  return Math.max(doubled * (0.5 + chance), (askedFor ?? 0) * (1 + chance / 2)); // never sooner than asked for
}

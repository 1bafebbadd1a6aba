/**
 * What this page knows of time: the phone's wall clock, which may be wrong by years and may jump, and the time since the page was
 * loaded, which only runs forward. A page load is a `session`.
 */

import { randomId } from "../wire/ids";
import { wallAt } from "./wall";

/** The session of everything that this page makes. */
export const sessionId = randomId();

/** Return the milliseconds since 1970 that this phone believes in. */
export function wallMs(): number {
  return Date.now();
}

/** Return the milliseconds since the page was loaded. */
export function uptimeMs(): number {
  return Math.max(0, Math.floor(performance.now()));
}

/** Return the phone's wall time with its offset, as records carry it: never rewritten later. */
export function wallText(ms: number = wallMs()): string {
  return wallAt(ms, -new Date(ms).getTimezoneOffset());
}

// Which screen comes next on the way from a join code to the field. Plain facts in, a step out.

import type { Platform } from "./device/platform";

export type Step =
  | "chat_app" | "language" | "install" | "join" | "volunteer" | "pin" | "permissions" | "download" | "ready" | "locked" | "home";

export interface Known {
  platform: Platform;
  secure: boolean; // HTTPS that this phone trusts, or the machine itself
  onHomeScreen: boolean;
  installPassed: boolean; // she went on in the browser, or there is nothing to install
  language: boolean; // chosen
  joined: boolean;
  joinsAgain: boolean; // she opened another join link
  volunteer: boolean;
  lock: boolean;
  locked: boolean;
  asked: boolean; // for camera, sound and lasting storage
  loaded: boolean; // the list of cards is on the phone
  checked: boolean; // the field check was seen
}

/** The steps of joining, in the order of the line that shows how far it is. */
export const JOINING: readonly Step[] = ["language", "install", "join", "volunteer", "pin", "permissions", "download", "ready"];

export function nextStep(known: Known): Step {
  if (known.platform === "chat_app") return "chat_app";
  if (!known.language) return "language";
  if (!known.joined && mustInstall(known)) return "install";
  if (!known.joined || known.joinsAgain) return "join"; // a new code from the lead also opens a phone whose PIN is forgotten
  if (known.lock && known.locked) return "locked";
  if (!known.volunteer) return "volunteer";
  if (!known.lock) return "pin";
  if (!known.asked) return "permissions";
  if (!known.loaded) return "download";
  return known.checked ? "home" : "ready";
}

const LONGEST_SHIFT_MS = 12 * 3_600_000;

/** Tell whether what happened at `then` was in the shift that is worked at `now`, both in milliseconds: the next day has one of its own. */
export function isThisShift(then: number | undefined, now: number): boolean {
  return then !== undefined && now >= then && now - then < LONGEST_SHIFT_MS;
}

// An iPhone keeps a tab's storage apart from the home screen's: a code spent in the tab would be lost for the app.
function mustInstall({ platform, secure, onHomeScreen, installPassed }: Known): boolean {
  if (!secure || onHomeScreen || platform === "computer") return false;
  return platform === "iphone" || !installPassed;
}

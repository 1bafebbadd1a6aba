// What the field check says: the title of each thing, how it is, and the word that mends it.

import type { CameraTrouble } from "../camera";
import type { Check, CheckName } from "../readiness";
import { _, ngettext } from "../words";
import { cameraTrouble } from "./camera-words";

export const CHECK_TITLES: Record<CheckName, () => string> = {
  installed: () => _("Home screen"),
  storage: () => _("Storage"),
  offline: () => _("Without network"),
  list: () => _("List of cards"),
  clock: () => _("Clock"),
  decoder: () => _("Reading codes"),
  camera: () => _("Camera"),
  sound: () => _("Sound"),
  battery: () => _("Battery"),
};

const NEEDS_HTTPS = () => _("This needs a secure address (https).");

const WORDS: Record<CheckName, (check: Check) => string> = {
  installed: ({ state, why }) => {
    if (why === "insecure") return NEEDS_HTTPS();
    if (why === "computer") return _("A computer: the browser's window will do.");
    return state === "good" ? _("Opened from the home screen.") : _("Open it from the home screen: there the phone keeps more for you.");
  },
  storage: ({ state, why, value }) => {
    if (why === "insecure") return NEEDS_HTTPS();
    if (state === "running") return _("One moment …");
    if (why === "little") return _("Only %(megabytes)s MB are free. Delete films or pictures.", { megabytes: value ?? 0 });
    return why === "not_lasting"
      ? _("There is room, but the phone has not promised to keep it. Install the app, then ask again.")
      : _("Kept for good, and there is room.");
  },
  offline: ({ state, why }) => {
    if (why === "insecure") return NEEDS_HTTPS();
    if (state === "running") return _("One moment …");
    return state === "good" ? _("The app opens without network.") : _("Not all of the app is on the phone yet.");
  },
  list: ({ state, why, value = 0 }) => {
    if (why === "none") return _("There is no list on this phone yet.");
    if (why === "empty") return _("The list has no cards. Ask your lead whether they are approved.");
    if (value === 0) return _("Less than an hour old.");
    const age = ngettext("%(num)s hour old.", "%(num)s hours old.", value);
    return state === "good" ? age : _("%(age)s Load it anew where there is network.", { age });
  },
  clock: ({ state, why, value = 0 }) => {
    if (state === "unknown") return _("Not compared yet: that needs network once.");
    if (state === "good") return _("Right.");
    const minutes = ngettext("%(num)s minute", "%(num)s minutes", value);
    return why === "ahead"
      ? _("%(minutes)s fast. Let the phone set its time by itself.", { minutes })
      : _("%(minutes)s slow. Let the phone set its time by itself.", { minutes });
  },
  decoder: ({ state }) => {
    if (state === "running") return _("One moment …");
    return state === "good" ? _("A test code was read.") : _("The test code was not read. Start the app anew; typing works.");
  },
  camera: ({ state, why }) => {
    if (state === "unknown") return _("Not tried yet.");
    return state === "good" ? _("It works.") : cameraTrouble(why as CameraTrouble);
  },
  sound: ({ state }) => {
    if (state === "unknown") return _("Not tried yet.");
    return state === "good" ? _("You heard it.") : _("Turn the volume up and silent mode off. The screen tells you everything, too.");
  },
  battery: ({ state, value = 0 }) => {
    if (state === "running") return _("One moment …");
    if (state === "unknown") return _("This phone does not say. Look at it: it should be nearly full.");
    const level = `${value} %`;
    return state === "good" ? _("%(level)s full.", { level }) : _("%(level)s full. Charge it, or take a power bank.", { level });
  },
};

export const checkWords = (check: Check) => WORDS[check.name](check);

/** Return the word on the button that mends it, or nothing where only hands can. */
export function mendWord({ name, state, why }: Check): string {
  if (why === "insecure") return "";
  if (why === "offered") return _("Install");
  if (name === "sound" && state !== "good") return _("Play sound");
  if (name === "camera" && state !== "good" && why !== "missing" && why !== "not_here") return _("Try camera");
  if (name === "list" && state !== "good") return _("Load list");
  if (name === "clock" && state !== "good") return _("Compare again");
  if (name === "storage" && why === "not_lasting") return _("Ask again");
  return "";
}

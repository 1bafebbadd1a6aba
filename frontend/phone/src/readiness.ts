// The field check: plain readings of the phone in, one verdict for each thing out.

export type CheckName =
  | "installed" | "storage" | "clock" | "list" | "decoder" | "camera" | "sound" | "offline" | "battery";

export type CheckState = "good" | "warn" | "bad" | "running" | "unknown";

export interface Check {
  name: CheckName;
  state: CheckState;
  value?: number; // minutes off, hours old, megabytes free, per cent of battery
  why?: string; // a code for what is wrong, worded by the screen
}

/** What the phone says of itself; what is not known yet is left out. */
export interface Readings {
  now: number; // UTC seconds by the phone's clock
  secure: boolean;
  onHomeScreen: boolean;
  computer: boolean;
  installable?: boolean; // the browser offers to install the app
  persisted?: boolean;
  freeBytes?: number;
  clockAheadSeconds?: number; // of the phone, against the server
  listTakenAt?: number; // UTC seconds by the phone's clock
  cards?: number;
  decoder?: boolean;
  camera?: string; // "works", or the trouble it has
  heard?: boolean;
  offline?: boolean; // whether the app opens without network
  battery?: number | null; // 0 to 1; null where the browser does not tell
}

export const ENOUGH_BYTES = 100 * 1024 * 1024;
const CLOCK_GOOD_SECONDS = 60;
const CLOCK_BAD_SECONDS = 3600;
const LIST_GOOD_HOURS = 12;
const LIST_BAD_HOURS = 72;
const BATTERY_GOOD = 0.8;
const BATTERY_BAD = 0.3;

/** Return the checks in the order in which they are shown. */
export function checksOf(readings: Readings): Check[] {
  return [
    installed(readings), storage(readings), offline(readings), list(readings), clock(readings), decoder(readings), camera(readings),
    sound(readings), battery(readings),
  ];
}

function installed({ secure, onHomeScreen, computer, installable }: Readings): Check {
  if (onHomeScreen) return { name: "installed", state: "good" };
  if (!secure) return { name: "installed", state: "bad", why: "insecure" };
  if (computer) return { name: "installed", state: "good", why: "computer" };
  return { name: "installed", state: "warn", why: installable ? "offered" : "tab" };
}

function storage({ secure, persisted, freeBytes }: Readings): Check {
  if (!secure) return { name: "storage", state: "bad", why: "insecure" };
  if (persisted === undefined || freeBytes === undefined) return { name: "storage", state: "running" };
  const value = Math.floor(freeBytes / (1024 * 1024));
  if (freeBytes < ENOUGH_BYTES) return { name: "storage", state: "bad", why: "little", value };
  return persisted ? { name: "storage", state: "good", value } : { name: "storage", state: "warn", why: "not_lasting", value };
}

function offline({ secure, offline: opens }: Readings): Check {
  if (!secure) return { name: "offline", state: "bad", why: "insecure" };
  return opens === undefined ? { name: "offline", state: "running" } : { name: "offline", state: opens ? "good" : "bad" };
}

function list({ now, listTakenAt, cards }: Readings): Check {
  if (listTakenAt === undefined) return { name: "list", state: "bad", why: "none" };
  const hours = Math.max(0, (now - listTakenAt) / 3600);
  const state = hours <= LIST_GOOD_HOURS ? "good" : hours <= LIST_BAD_HOURS ? "warn" : "bad";
  return cards === 0 && state === "good"
    ? { name: "list", state: "warn", why: "empty", value: Math.floor(hours) }
    : { name: "list", state, value: Math.floor(hours) };
}

function clock({ clockAheadSeconds: ahead }: Readings): Check {
  if (ahead === undefined) return { name: "clock", state: "unknown" };
  const off = Math.abs(ahead);
  const state = off <= CLOCK_GOOD_SECONDS ? "good" : off <= CLOCK_BAD_SECONDS ? "warn" : "bad";
  return { name: "clock", state, why: ahead > 0 ? "ahead" : "behind", value: Math.round(off / 60) };
}

function decoder({ decoder: works }: Readings): Check {
  return works === undefined ? { name: "decoder", state: "running" } : { name: "decoder", state: works ? "good" : "bad" };
}

function camera({ camera: said }: Readings): Check {
  if (said === undefined) return { name: "camera", state: "unknown" };
  return said === "works" ? { name: "camera", state: "good" } : { name: "camera", state: "warn", why: said };
}

function sound({ heard }: Readings): Check {
  if (heard === undefined) return { name: "sound", state: "unknown" };
  return { name: "sound", state: heard ? "good" : "warn" };
}

function battery({ battery: level }: Readings): Check {
  if (level === undefined) return { name: "battery", state: "running" };
  if (level === null) return { name: "battery", state: "unknown" };
  const state = level >= BATTERY_GOOD ? "good" : level >= BATTERY_BAD ? "warn" : "bad";
  return { name: "battery", state, value: Math.round(level * 100) };
}

// What goes on by itself while the app is open: sending, loading the list, and what the phone tells the desk of itself.

import { signal } from "@preact/signals";
import { recallMark } from "./clock/present";
import { battery } from "./device/battery";
import { readings } from "./device/readings";
import { watchList } from "./help-desk/desk";
import { memory } from "./memory";
import type { Troubled } from "./network";
import type { Self } from "./outbox/exchange";
import { leaveClosed } from "./outbox/leaving";
import { Sender } from "./outbox/sender";
import { takeRegister, type Progress } from "./register/take";
import { lanesTold } from "./serving/table";
import { readSetting } from "./storage";
import { language } from "./words";

/** How far the list has come; null while none is being loaded. */
export const loading = signal<Progress | null>(null);

/** Why the list could not be loaded, last time. */
export const listTrouble = signal<Troubled | null>(null);

/** Whether it is sending now; what stopped it last time, and when it tries again (milliseconds of the page's own clock). */
export const sending = signal<{ busy: boolean; trouble: Troubled | null; nextMs: number }>({ busy: false, trouble: null, nextMs: 0 });

// After each round with the server the list is brought up to date too: 304 where nothing has changed.
const sender = new Sender(self, {
  onSending: (busy, trouble, nextSeconds) => {
    sending.value = { busy, trouble: busy ? sending.value.trouble : trouble, nextMs: performance.now() + nextSeconds * 1000 };
    if (busy) return;
    reached = trouble === null;
    if (reached && memory.value?.register) void loadList().then(leaveClosed);
  },
});
let reached = false;
let started = false;

/** Begin to send, once the phone has joined. */
export async function startWork(): Promise<void> {
  if (started) return;
  started = true;
  const mark = await readSetting("clock_mark");
  if (mark) recallMark(mark);
  watchList();
  sender.start();
}

/** Tell whether the server was reached last time: then it is asked before something is given. */
export const isOnline = () => reached && navigator.onLine;

/** Send what waits, and hear the server's time, now. */
export const sendNow = () => sender.sendNow();

/** Bring the list of cards up to date; twice at once is once. */
export async function loadList(): Promise<void> {
  if (loading.value) return;
  loading.value = { cards: 0, total: null };
  listTrouble.value = null;
  const taken = await takeRegister((progress) => (loading.value = progress));
  loading.value = null;
  if (taken.is === "trouble") listTrouble.value = taken.trouble;
}

/** Return what the phone says of itself with each round. */
export function self(): Self {
  const { persisted, freeBytes = Infinity } = readings.value;
  const { register, lost = 0, table, enrolment } = memory.value ?? {};
  const level = battery.value?.level ?? readings.value.battery;
  return {
    appVersion: __APP_VERSION__,
    state: {
      language: language(),
      lost,
      lane: lanesTold(table, enrolment),
      ...(register && { list_at: register.server_time }),
      ...(typeof level === "number" && { battery: Math.round(level * 100) }),
      ...(persisted !== undefined && { storage: freeBytes < LOW_BYTES ? "low" : "ok" }),
    },
  };
}

const LOW_BYTES = 50 * 1024 * 1024;

// How full the battery is, while the app is open. An iPhone and Firefox do not tell.

import { signal } from "@preact/signals";

interface Battery extends EventTarget {
  level: number; // 0 to 1
  charging: boolean;
}

/** Null where the phone does not tell. */
export const battery = signal<{ level: number; charging: boolean } | null>(null);

const LOW = 0.2;

/** Tell whether it will soon be empty. */
export const isLow = () => battery.value !== null && !battery.value.charging && battery.value.level <= LOW;

/** Read it now, and whenever it changes. */
export async function watchBattery(): Promise<void> {
  const { getBattery } = navigator as { getBattery?: () => Promise<Battery> };
  const found = await getBattery?.call(navigator).catch(() => null);
  if (!found) return;
  const note = () => (battery.value = { level: found.level, charging: found.charging });
  for (const change of ["levelchange", "chargingchange"]) found.addEventListener(change, note);
  note();
}

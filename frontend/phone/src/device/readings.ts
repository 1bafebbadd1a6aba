// Asks the phone how it is: what the field check is made of.

import { signal } from "@preact/signals";
import { CameraError, closeCamera, showCamera, takePicture } from "../camera";
import { decoderWorks } from "../decoder/self-test";
import type { Readings } from "../readiness";
import { isOnHomeScreen, isSecure, platform } from "./platform";

interface Battery {
  level: number;
}

export const readings = signal<Readings>(known());

function known(): Readings {
  return { now: Math.floor(Date.now() / 1000), secure: isSecure(), onHomeScreen: isOnHomeScreen(), computer: platform() === "computer" };
}

function found(more: Partial<Readings>): void {
  readings.value = { ...readings.value, ...more };
}

/** Read everything that needs no hands; what takes time comes as it is found. */
export async function readPhone(): Promise<void> {
  found({ ...known(), decoder: undefined, offline: undefined, battery: undefined });
  await Promise.all([readStorage(), readOffline(), readBattery(), decoderWorks().then((decoder) => found({ decoder }))]);
}

/** Ask the browser to keep what is stored for good; Firefox asks her, the others decide by themselves. */
export async function askToKeep(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false);
  await readStorage();
}

async function readStorage(): Promise<void> {
  if (!navigator.storage?.estimate) return found({ persisted: false, freeBytes: Infinity }); // an old iPhone tells nothing
  const [persisted, { quota = Infinity, usage = 0 }] = await Promise.all([navigator.storage.persisted(), navigator.storage.estimate()]);
  found({ persisted, freeBytes: quota - usage });
}

// The app opens without network when a service worker stands ready and its page is kept.
async function readOffline(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration(import.meta.env.BASE_URL);
  const page = registration?.active && (await caches.match(registration.scope));
  found({ offline: Boolean(page) });
}

async function readBattery(): Promise<void> {
  const { getBattery } = navigator as { getBattery?: () => Promise<Battery> };
  const battery = await getBattery?.call(navigator).catch(() => null);
  found({ battery: battery?.level ?? null });
}

const PICTURES_MS = 3000;
const PAUSE_MS = 100;

/** Tell whether the camera gives a picture: "works", or its trouble. The browser asks her where it must. */
export async function tryCamera(): Promise<string> {
  const video = document.createElement("video");
  try {
    await showCamera(video);
    for (let waited = 0; waited < PICTURES_MS; waited += PAUSE_MS) {
      const picture = takePicture(video, 64);
      if (picture && "close" in picture) picture.close();
      if (picture) return "works";
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
    return "busy";
  } catch (error) {
    return error instanceof CameraError ? error.trouble : "busy";
  } finally {
    closeCamera(video);
  }
}

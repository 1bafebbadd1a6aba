// The service worker seen from the page: how much of the app is on the phone, and a new version that waits.

import { signal } from "@preact/signals";

/** How much of the app is stored: 0 to 1; null where no service worker can be (a page without HTTPS). */
export const stored = signal<number | null>(0);

/** Whether a new version is on the phone and waits to be let in. */
export const updateWaits = signal(false);

const HOUR_MS = 3600_000;
let waiting = ""; // the version that may be let in: the name of its cache

/** Have the app stored, and go on listening for new versions. One that came before the app was opened is let in at once if `isFree`. */
export async function keepStored(isFree: () => boolean): Promise<void> {
  const workers = navigator.serviceWorker;
  if (!workers) {
    stored.value = null;
    return;
  }
  workers.addEventListener("message", ({ data, source }: MessageEvent<Said>) => {
    if (data.total && !workers.controller) stored.value = Math.min((data.loaded ?? 0) / data.total, 0.99);
    // Only one that came before the app was opened has taken its place by now; one that came since waits for her.
    if (data.olderServed) letIn(data.version ?? "", (source as ServiceWorker).state !== "installed" && isFree());
  });
  try {
    const registration = await workers.register(`${import.meta.env.BASE_URL}service-worker.js`, { updateViaCache: "none" });
    // Only the newest is asked: an older one that still answers for it would offer itself as new.
    const ask = () => (registration.waiting ?? registration.active)?.postMessage("which");
    const watch = () => registration.installing?.addEventListener("statechange", ask);
    registration.addEventListener("updatefound", watch);
    watch();
    setInterval(() => void registration.update().catch(() => undefined), HOUR_MS); // offline: next hour
    await workers.ready;
    ask();
    stored.value = 1;
  } catch {
    stored.value = (await navigator.serviceWorker.getRegistration())?.active ? 1 : 0; // asked again at the next start
  }
}

/** What the worker tells: how far it has stored the app; that it still serves the version before. */
interface Said {
  loaded?: number;
  total?: number;
  olderServed?: boolean;
  version?: string;
}

function letIn(version: string, atOnce: boolean): void {
  waiting = version;
  if (atOnce) void takeUpdate();
  else updateWaits.value = true;
}

/** Let the new version in and begin anew with it. Nothing else reloads the page. */
export async function takeUpdate(): Promise<void> {
  await (await caches.open("choice")).put("/served", new Response(waiting)); // the service worker reads it at every start of the app
  location.reload();
}

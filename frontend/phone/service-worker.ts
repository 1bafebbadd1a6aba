// Keeps the whole app on the phone, and lets a new version wait until somebody says so. It knows nothing of records or cards.

/// <reference lib="webworker" />
export type {}; // a module: its names are its own
declare const self: ServiceWorkerGlobalScope;
declare const __FILES__: [address: string, bytes: number, sha256: string][]; // written in by build/precached.ts
declare const __VERSION__: string;

const CACHE = `relief-${__VERSION__}`;
const FILES = __FILES__.map(([name, bytes, sha256]) => ({ address: new URL(name, self.registration.scope).href, bytes, sha256 }));
const TOTAL = FILES.reduce((sum, file) => sum + file.bytes, 0);

// Installing does not skip waiting: a version in use is not pulled from under a scan.
self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(self.registration.scope)) return; // the API answers for itself
  event.respondWith(answer(event.request, mode === "navigate" ? self.registration.scope : url));
});
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  let loaded = 0;
  for (const { address, bytes, sha256 } of FILES) {
    // What has its content's digest in its name may come from the browser's own cache; the rest must be asked for. What is not
    // exactly what was built, a login page of some network, ends the installation; it is tried again at the next start.
    const reply = await fetch(address, { cache: address.includes("/assets/") ? "default" : "reload", integrity: `sha256-${sha256}` });
    if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
    await cache.put(address, reply);
    await tell({ loaded: (loaded += bytes), total: TOTAL });
  }
}

async function tell(progress: { loaded: number; total: number }): Promise<void> {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage(progress);
}

async function forgetOthers(): Promise<void> {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
}

async function answer(request: Request, address: string): Promise<Response> {
  return (await caches.match(address, { cacheName: CACHE, ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}

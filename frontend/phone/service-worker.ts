// Keeps the whole app on the phone, and lets a new version wait until somebody says so. It knows nothing of records or cards.
// A browser lets a new worker in by itself once the app was closed: so the worker goes on serving the version before, which lies
// beside its own, until the page chooses the new one.

/// <reference lib="webworker" />
export type {}; // a module: its names are its own
declare const self: ServiceWorkerGlobalScope;
declare const __FILES__: [address: string, bytes: number, sha256: string][]; // written in by build/precached.ts
declare const __VERSION__: string;

const CACHE = `relief-${__VERSION__}`;
const CHOICE = "choice"; // the cache that says which version is served; the page writes it, and whichever worker answers goes by it
const FILES = __FILES__.map(([name, bytes, sha256]) => ({ address: new URL(name, self.registration.scope).href, bytes, sha256 }));
const TOTAL = FILES.reduce((sum, file) => sum + file.bytes, 0);

// Installing does not skip waiting: a version in use is not pulled from under a scan.
self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(self.registration.scope)) return; // the API answers for itself
  event.respondWith(answer(event.request, mode === "navigate" ? self.registration.scope : url));
});
self.addEventListener("message", (event) => {
  if (event.data === "which") event.waitUntil(served().then((name) => event.source?.postMessage({ olderServed: name !== CACHE, version: CACHE })));
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

async function activate(): Promise<void> {
  if (!(await caches.has((await readChoice()) ?? ""))) await choose();
  await forgetOthers();
  await self.clients.claim();
}

/** Return the name of the version that is served: its own where none was chosen before it. */
async function served(): Promise<string> {
  return (await readChoice()) ?? CACHE;
}

async function readChoice(): Promise<string | undefined> {
  return (await (await caches.open(CHOICE)).match("/served"))?.text();
}

async function choose(): Promise<void> {
  await (await caches.open(CHOICE)).put("/served", new Response(CACHE));
}

async function forgetOthers(): Promise<void> {
  const kept = [CHOICE, CACHE, await served()];
  for (const name of await caches.keys()) if (!kept.includes(name)) await caches.delete(name);
}

async function answer(request: Request, address: string): Promise<Response> {
  // What has its content's digest in its name is the same in every version: only for the rest it matters which one is served.
  const within = address.includes("/assets/") ? {} : { cacheName: await served() };
  return (await caches.match(address, { ...within, ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}

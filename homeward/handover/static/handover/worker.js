// Keeps the sheets somebody opened at hand when there is no network. It serves the pages below /handover/ and nothing else.
"use strict";
const NAME = "handover-sheets";
const HOURS = 72;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(wipeOld().then(() => self.clients.claim())));

async function wipeOld() {
  const cache = await caches.open(NAME);
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    const at = Number(kept && kept.headers.get("X-Kept-At"));
    if (!at || Date.now() - at > HOURS * 3600e3) await cache.delete(request);
  }
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET" || !(path.startsWith("/handover/sheet/") || path.startsWith("/static/"))) return;
  event.respondWith(
    fetch(request).catch(async () => {
      await wipeOld();
      const kept = await caches.match(request, { ignoreVary: true });
      return kept || Response.error();
    }),
  );
});

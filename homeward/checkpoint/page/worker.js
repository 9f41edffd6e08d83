// Keeps the kit's page and its files, and answers from there alone: the page works the same with and without a network.
"use strict";
const VERSION = "kit-__VERSION__";
const FILES = ["./", "kit.css", "kit.js", "page.js", "words.json"];
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(VERSION);
    for (const name of FILES) {
      const answer = await fetch(name, { cache: "no-cache", credentials: "same-origin" });
      // Signed out, the house answers with its sign-in page: that is not the kit.
      if (!answer.ok || answer.redirected) throw new Error(`could not fetch ${name}`);
      await cache.put(new URL(name, self.registration.scope), answer);
    }
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("kit-") && name !== VERSION) await caches.delete(name);
    await self.clients.claim();
  })());
});
self.addEventListener("fetch", (event) => {
  event.respondWith((async () => {
    const kept = await (await caches.open(VERSION)).match(event.request, { ignoreSearch: true, ignoreVary: true });
    return kept || fetch(event.request);
  })());
});

// sw: the client without a network. It keeps the files of its version, so that a map can be reloaded while offline
// and what is typed goes on being kept (editor/model/queue.ts). It never keeps an answer of the API.
//
//   a page    from the network; only where that gives nothing, the kept one: nobody is held on an old version
//   a file    under /assets/ has a hash of its content in its name: from the cache, else from the network
//
// The version before stays as long as pages of it may be open, for the parts they have not loaded yet.
/* global VERSION, FILES */
const NAME = "viaggio-" + VERSION;

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await cache.addAll(FILES.map((file) => new Request(file, file.startsWith("/assets/") ? {} : { cache: "no-cache" })));
  await self.skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("viaggio-") && name !== NAME);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

async function page(request) {
  const kept = async () => (await caches.open(NAME)).match("/");
  try {
    const answer = await fetch(request);
    return answer.status >= 502 && answer.status <= 504 ? (await kept()) ?? answer : answer; // a proxy before a server that is down
  } catch (error) {
    const shell = await kept();
    if (shell) return shell;
    throw error;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname.startsWith("/assets/")) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  else if (request.mode === "navigate" && !/^\/(api|s|p|metrics|health)(\/|$)/.test(pathname) && !pathname.includes(".")) event.respondWith(page(request));
});

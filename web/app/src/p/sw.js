// p-sw: the client's own page (/p) without a network. It keeps that page's few files and nothing else: no answer of the
// API, no link (its secret stands behind the #, which no worker ever sees).
//
// Its scope is a beginning of addresses, so pages of the staff that begin alike (/paths, /personas) come through here,
// too: they are answered as the staff's own worker (sw.js) would.
/* global VERSION, FILES */
const NAME = "own-page-" + VERSION;

addEventListener("install", (event) => event.waitUntil((async () => {
  const cache = await caches.open(NAME);
  await cache.addAll(FILES.map((file) => new Request(file, file.startsWith("/assets/") ? {} : { cache: "no-cache" })));
  await self.skipWaiting();
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("own-page-") && name !== NAME);
  await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

async function page(request, pathname) {
  const kept = async () => (pathname === "/p" ? (await caches.open(NAME)).match("/p") : caches.match("/"));
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
  else if (request.mode === "navigate" && !pathname.includes(".")) event.respondWith(page(request, pathname));
});

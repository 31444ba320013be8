// Keeps the shell of the phone pages and nothing else: what is personal never passes through here.
// SHELL = {version, urls} stands above. A new version waits until the page asks for it, so that no
// draft is pulled from under the hand.

const CACHE = `phone-${SHELL.version}`;
const PAGE = SHELL.urls[0];
const FILES = new Set(SHELL.urls);

const fetchAll = async () => {
  const cache = await caches.open(CACHE);
  await Promise.all(SHELL.urls.map(async (url) => {
    const response = await fetch(url, { cache: "reload", redirect: "error", credentials: "same-origin" });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    await cache.put(url, response);
  }));
};

const dropOthers = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("phone-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
};

const kept = async (url, request) => {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) || fetch(request);
};

self.addEventListener("install", (event) => event.waitUntil(fetchAll()));
self.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
self.addEventListener("message", (event) => {
  if (event.data === "use-it") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(kept(PAGE, request));
  else if (FILES.has(pathname) && request.mode !== "navigate") event.respondWith(kept(pathname, request));
});

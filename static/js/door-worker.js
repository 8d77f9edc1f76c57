// Opens the door of an event again where there is no network: the page, its style and its script as they were last.
addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method !== 'GET' || !(pathname.endsWith('/check-in') || pathname.startsWith('/static/'))) return;
  event.respondWith(fetch(request).catch(async () => {
    const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
    return kept || Response.error();
  }));
});

// Gives workers their program from what the page kept when it started (start.js): nothing is asked of the network after that.
// Nothing else passes through here, and nothing a person adds is ever kept.
const FILES = /\/(worker_loader\.js|worker\.js|worker_bg\.wasm)$/;
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== location.origin || !FILES.test(pathname)) return;
  event.respondWith(caches.open('program').then((box) => box.match(event.request, { ignoreVary: true })).then((kept) => kept ?? fetch(event.request)));
});

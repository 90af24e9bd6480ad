// Starts the program; when it does not start, shows the one cause that fits among the texts of index.html.
const say = (id, text) => {
  for (const item of document.querySelectorAll('#start-late li')) item.hidden = item.id !== id;
  const late = document.getElementById('start-late');
  if (late) late.className = 'shown';
  const wait = document.getElementById('start-wait');
  if (wait) wait.hidden = true;
  const place = document.getElementById('start-text');
  if (place) place.textContent = text;
};
const cause = (fault) => {
  const text = String(fault);
  if (fault instanceof RangeError || /memory/i.test(text)) return 'why-memory';
  if (/security policy|unsafe-eval|disallowed by|blocked/i.test(text)) return 'why-blocked';
  if (fault instanceof SyntaxError) return 'why-old';
  return 'why-load';
};
document.getElementById('crash-reload')?.addEventListener('click', (event) => {
  event.preventDefault();
  location.reload();
});
if (location.protocol === 'file:') say('why-file', '');
else if (typeof WebAssembly !== 'object') say('why-blocked', '');
else if (!CSS.supports('color', 'light-dark(red, red)')) say('why-old', navigator.userAgent);
else
  import('./app.js')
    .then((app) => app.default({ module_or_path: new URL('app_bg.wasm', import.meta.url) }))
    .catch((fault) => {
      if (document.getElementById('start')) say(cause(fault), String(fault));
    });

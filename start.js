// Starts the program; keeps the files of its workers, which start one by one as files arrive, so that nothing is asked of the
// network once the page stands (offline.js hands them out). When the program does not start, shows the one cause that fits among the texts of index.html.
// When the page stands, fetches the second part of the program, all views but Import (tools/split.mjs), and their styles.
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
// Where the browser has no service worker (an address without https), its own cache serves the workers as usual.
const keep = async () => {
  if (!navigator.serviceWorker || !window.caches) return;
  const files = ['worker_loader.js', 'worker.js', 'worker_bg.wasm'];
  const held = caches.open('program').then((box) => box.addAll(files.map((name) => new Request(new URL(name, import.meta.url), { cache: 'no-cache', priority: 'low' }))));
  const heard = new Promise((done) => (navigator.serviceWorker.controller ? done() : navigator.serviceWorker.addEventListener('controllerchange', done, { once: true })));
  await navigator.serviceWorker.register(new URL('offline.js', import.meta.url));
  await Promise.all([held, heard]);
};
// A slow network does not hold the page up: it starts, and the files follow.
const kept = () => Promise.race([keep().catch(() => {}), new Promise((done) => setTimeout(done, 3000))]);
// Styles of the views and of paper, in the order in which they hold; those for narrow screens stand between. tools/size.mjs counts them apart.
const STYLES = ['overview', 'coverage', 'channels', 'people', 'findings', 'policy', 'paper', 'report', 'method', 'print'];
const styles = () => {
  const next = document.querySelector('link[href$="narrow.css"]');
  const missing = STYLES.filter((name) => !document.querySelector(`link[href$="/${name}.css"]`));
  return Promise.all(missing.map((name) => new Promise((done, fail) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL(`${name}.css`, import.meta.url).href;
    link.onload = done;
    link.onerror = () => {
      link.remove();
      fail(new Error(`${name}.css did not arrive`));
    };
    if (name === 'print') next.after(link);
    else next.before(link);
  })));
};
// Tells the page (src/ui/shell/views.rs) that the views are here, or what is wrong.
const views = async (program) => {
  let detail = null;
  try {
    const dressed = styles();
    dressed.catch(() => {});
    const answer = await fetch(new URL('views.wasm', import.meta.url), { cache: 'no-cache' });
    if (!answer.ok) throw new Error(`views.wasm: ${answer.status} ${answer.statusText}`);
    await Promise.all([dressed, WebAssembly.instantiate(await answer.arrayBuffer(), { app: program })]);
  } catch (fault) {
    detail = String(fault);
  }
  dispatchEvent(new CustomEvent('views', { detail }));
};
document.getElementById('crash-reload')?.addEventListener('click', (event) => {
  event.preventDefault();
  location.reload();
});
if (location.protocol === 'file:') say('why-file', '');
else if (typeof WebAssembly !== 'object') say('why-blocked', '');
else if (!CSS.supports('color', 'light-dark(red, red)')) say('why-old', navigator.userAgent);
else
  // The program arrives while the files are being kept.
  Promise.all([import('./app.js'), fetch(new URL('app_bg.wasm', import.meta.url)), kept()])
    .then(([app, answer]) => app.default({ module_or_path: answer }))
    .then((program) => {
      addEventListener('views-again', () => views(program));
      return views(program);
    })
    .catch((fault) => {
      if (document.getElementById('start')) say(cause(fault), String(fault));
    });

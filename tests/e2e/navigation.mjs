// Addresses: every path answers after a reload on a host that knows only files; titles, focus, back and forward.
import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { check, dist, equal, file, test } from './suite.mjs';
import { VIEWS, give, go, settled } from './page.mjs';

/// A host without rules: files, `index.html` of folders, `404.html` with status 404 otherwise.
function plain(dir) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };
  const server = createServer((req, res) => {
    let path = join(dir, new URL(req.url, 'http://x').pathname);
    if (existsSync(path) && statSync(path).isDirectory()) path = join(path, 'index.html');
    const known = existsSync(path);
    if (!known) path = join(dir, '404.html');
    res.writeHead(known ? 200 : 404, { 'content-type': types[extname(path)] ?? 'application/octet-stream' });
    res.end(readFileSync(path));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

test('every path answers on a host that knows only files, and after a reload', async (t) => {
  t.expect(/404/);
  const { base } = await t.serve(plain(dist));
  const page = await t.open('/', { base });
  equal(await page.title(), 'Import · Retention audit', 'title of /');
  for (const [path, name] of [...VIEWS, ['/people/p1', 'People']]) {
    for (const load of [() => page.goto(base + path), () => page.reload()]) {
      await load();
      await page.locator('main h1').first().waitFor();
      equal(new URL(page.url()).pathname.replace(/\/$/, ''), path, 'path');
      equal(await page.title(), `${name} · Retention audit`, `title of ${path}`);
      equal(await page.locator('nav.side a[aria-current=page]').innerText().then((text) => text.trim().split('\n')[0]), name, `current link at ${path}`);
      equal(await page.locator('h1:visible').count(), 1, `headings of the first level at ${path}`);
    }
  }
});

test('the scope in the address is kept by a reload', async (t) => {
  const page = await t.open('/coverage?from=2025-03-01&to=2025-03-31');
  await page.reload();
  await page.locator('main h1').first().waitFor();
  equal(new URL(page.url()).search, '?from=2025-03-01&to=2025-03-31', 'query');
  await go(page, '/channels');
  equal(new URL(page.url()).search, '?from=2025-03-01&to=2025-03-31', 'query in the next view');
});

test('back and forward, focus on the heading, a title for each view', async (t) => {
  const page = await t.open('/import');
  await give(page, 'files-input', [file('WhatsApp Chat with Nav.txt', '13/03/2025, 10:00 - Anna: one\n14/03/2025, 10:00 - Li: two\n')]);
  await settled(page);
  const focused = () => page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  for (const [path] of VIEWS.slice(1)) {
    await go(page, path);
    await focused();
  }
  for (const [path, name] of VIEWS.slice(1, -1).reverse()) {
    await page.goBack();
    await page.waitForFunction(([path, name]) => location.pathname === path && document.title.startsWith(name), [path, name]);
    await focused();
  }
  await page.goForward();
  await page.waitForFunction(() => location.pathname === '/policy' && document.title.startsWith('Policy'));
  // What was read is still there.
  await go(page, '/import');
  equal(await page.getByTestId('source-row').count(), 1, 'rows after moving about');
});

test('an unknown path says so', async (t) => {
  const page = await t.open('/nowhere');
  check((await page.locator('main').innerText()).includes('No such page'), 'no word about the unknown path');
});

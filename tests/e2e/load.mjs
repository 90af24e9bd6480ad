// Loading: a strict content policy, nothing asked of anyone else, and nothing asked of anyone once the program has started.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { LIMIT, packed } from '../../tools/size.mjs';
import { check, dist, equal, file, test } from './suite.mjs';
import { give, go, rows, sample, settled } from './page.mjs';

test('loads under a strict content policy without a word on the console', async (t) => {
  const page = await t.open('/');
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  const rules = new Map(policy.split(';').map((rule) => rule.trim().split(/\s+/)).map(([name, ...values]) => [name, values]));
  equal(rules.get('default-src'), ["'none'"], 'default-src');
  equal(rules.get('script-src'), ["'self'", "'wasm-unsafe-eval'"], 'script-src');
  equal(rules.get('style-src'), ["'self'"], 'style-src');
  equal(rules.get('connect-src'), ["'self'"], 'connect-src');
  equal(rules.get('form-action'), ["'none'"], 'form-action');
  check(!/unsafe-inline|'unsafe-eval'|https?:|\*/.test(policy), `the policy is loose: ${policy}`);
  // The policy is in force, not only written: a style and a script put in by hand are refused.
  t.expect(/Content Security Policy/);
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.intruder = true';
    document.head.append(script);
    return window.intruder === true;
  });
  check(!ran, 'an inline script ran');
});

test('works with the network closed after load', async (t) => {
  const { server, base } = await t.serve(serve(dist, 0));
  const page = await t.open('/import', { base });
  // The views are fetched when the page stands.
  await page.waitForLoadState('networkidle');
  // Nothing listens any more, and the browser is told that it is offline.
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await page.context().setOffline(true);
  await give(page, 'files-input', [file('WhatsApp Chat with Offline.txt', whatsapp(40))]);
  await settled(page);
  equal((await rows(page)).map((r) => [r.status, r.messages]), [['done', 40]], 'the first file');
  // A stopped worker must be replaced as well.
  for (let i = 0; i < 6; i += 1) {
    await give(page, 'files-input', [file(`WhatsApp Chat with Later ${i}.txt`, whatsapp(50 + i))]);
    await settled(page, 2 + i);
  }
  check((await rows(page)).every((r) => r.status === 'done'), 'a later file was not read');
  for (const path of ['/overview', '/coverage', '/channels', '/people', '/findings', '/report', '/method']) await go(page, path);
  await go(page, '/import');
  await page.getByRole('button', { name: 'Start over…' }).click();
  await page.getByRole('button', { name: 'Forget everything' }).click();
  await sample(page);
});

test('the first load is small: the start page stands before the views are asked for', async (t) => {
  const page = await t.open('/import', { started: false });
  await page.addInitScript(() => {
    const look = () => {
      if (window.stood === undefined && document.querySelector('main h1')) window.stood = performance.now();
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
  // The views never come: the start page must not care.
  await page.context().route('**/views.wasm', () => {});
  await page.reload();
  await page.getByTestId('sample-data').waitFor();
  const asked = await page.waitForFunction(() => {
    const all = performance.getEntriesByType('resource').map(({ name, startTime }) => ({ name: new URL(name).pathname.slice(1), late: startTime > window.stood }));
    return window.stood !== undefined && all;
  }).then((handle) => handle.jsonValue());
  const early = asked.filter(({ late }) => !late).map(({ name }) => name);
  // The workers' files are kept for later; the script that hands them out is part of the load, seen or not.
  const files = [...new Set([...early, 'offline.js'])].filter((name) => /\.(js|css|wasm)$/.test(name) && !/^worker/.test(name));
  check(['app.js', 'app_bg.wasm', 'start.js', 'base.css'].every((name) => files.includes(name)), `not all of the first load was seen: ${files.join(' ')}`);
  check(!files.includes('views.wasm'), 'the views were asked for before the page stood');
  const bytes = files.reduce((sum, name) => sum + packed(readFileSync(join(dist, name))), 0);
  check(bytes <= LIMIT, `the first load has ${bytes} bytes with brotli, more than ${LIMIT}`);
  // It is of use without the views, and says what is missing.
  await give(page, 'files-input', [file('WhatsApp Chat with Early.txt', whatsapp(30))]);
  await settled(page);
  await page.evaluate(() => document.querySelector('nav.side a[href^="/coverage"]').click());
  await page.getByTestId('view-coming').waitFor();
});

test('views that do not arrive are named, and can be asked for again', async (t) => {
  t.expect(/views\.wasm|net::ERR/);
  const page = await t.open('/import', { started: false });
  await page.context().route('**/views.wasm', (route) => route.abort());
  await page.goto(new URL('/coverage', page.url()).href);
  const said = page.locator('main [role=alert]');
  await said.waitFor();
  check(/could not be loaded/.test(await said.innerText()) && /views\.wasm/.test(await said.innerText()), `the text is: ${await said.innerText()}`);
  // One of another build does not fit, and does no harm.
  await page.context().unroute('**/views.wasm');
  const other = Buffer.from(readFileSync(join(dist, 'views.wasm')).toString('latin1').replace(/cut_[0-9a-f]{16}/, 'cut_0123456789abcdef'), 'latin1');
  await page.context().route('**/views.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: other }));
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(/LinkError/).waitFor();
  await page.context().unroute('**/views.wasm');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Nothing was read yet' }).waitFor();
});

function whatsapp(lines) {
  return Array.from({ length: lines }, (_, i) => `${13 + (i % 16)}/03/2025, 10:${String(i % 60).padStart(2, '0')} - ${i % 2 ? 'Anna Berg' : 'Li Wei'}: line ${i}\n`).sort().join('');
}

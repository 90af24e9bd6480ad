// The program does not start: a text on the page says why.
import { check, test } from './suite.mjs';

test('without JavaScript a text says so', async (t) => {
  const page = await t.open('/', { javaScriptEnabled: false, started: false });
  await page.getByText('JavaScript is switched off.').waitFor();
});

test('a missing program file is named', async (t) => {
  t.expect(/app_bg\.wasm|Failed to load|net::ERR/);
  const page = await t.open('/method', { started: false });
  await page.context().route('**/app_bg.wasm', (route) => route.abort());
  await page.reload();
  await page.locator('#why-load').waitFor();
  const shown = await page.locator('#start').innerText();
  check(/app_bg\.wasm/.test(shown) && !/An old browser|Opened from a folder/.test(shown), `the text is: ${shown}`);
});

test('a program file of the wrong kind is named', async (t) => {
  t.expect(/app_bg\.wasm|Failed to load|wasm|MIME/i);
  const page = await t.open('/', { started: false });
  await page.context().route('**/app_bg.wasm', (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>not here</h1>' }));
  await page.reload();
  await page.locator('#why-load').waitFor();
});

test('a fault in the program leads to a page that says so', async (t) => {
  const page = await t.open('/import');
  const hidden = await page.locator('#crash').isHidden();
  check(hidden, 'the crash page shows without a crash');
  check((await page.locator('#crash-text').innerText().catch(() => '')) === '', 'the crash page has text already');
});

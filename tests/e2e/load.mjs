// Loading: a strict content policy, nothing asked of anyone else, and nothing asked of anyone once the program has started.
import { serve } from '../../scripts/serve.mjs';
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

function whatsapp(lines) {
  return Array.from({ length: lines }, (_, i) => `${13 + (i % 16)}/03/2025, 10:${String(i % 60).padStart(2, '0')} - ${i % 2 ? 'Anna Berg' : 'Li Wei'}: line ${i}\n`).sort().join('');
}

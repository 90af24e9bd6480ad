// Many small files: a folder of mails is one row, every mail is counted, and the page stays quick. MANY=50000 takes more of them.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, equal, file, scratch, test } from './suite.mjs';
import { give, row, rows, saved, settled } from './page.mjs';

const MAILS = Number(process.env.MANY ?? 10_000);
const WORDS = ['order', 'price', 'delivery', 'invoice', 'contract', 'meeting', 'shipment', 'sample', 'vessel', 'cargo'];

function mail(n) {
  const day = new Date(Date.UTC(2024, 0, 1) + n * 600_000).toUTCString().replace('GMT', '+0000');
  const [from, to] = [`person${n % 40}@firm.example`, `client${n % 60}@client${n % 12}.example`];
  const text = Array.from({ length: 20 + (n % 20) }, (_, i) => Array.from({ length: 12 }, (_, k) => WORDS[(n * 7 + i * 3 + k * k) % WORDS.length]).join(' ')).join('\r\n');
  const answers = n % 3 ? `In-Reply-To: <m${n - 1}@firm.example>\r\n` : '';
  return `From: Person <${from}>\r\nTo: ${to}\r\nSubject: ${WORDS[n % 10]} ${n}\r\nDate: ${day}\r\nMessage-ID: <m${n}@firm.example>\r\n${answers}Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
}

function folder(name, mails) {
  const top = join(scratch, name);
  for (let n = 0; n < mails; n += 1) {
    const box = join(top, `box${String(n % 20).padStart(2, '0')}`);
    if (n < 20) mkdirSync(box, { recursive: true });
    writeFileSync(join(box, `mail-${String(n).padStart(6, '0')}.eml`), mail(n));
  }
  return top;
}

/// Bytes of the page and all its workers as the browser measures them, where it does.
async function memory(page) {
  const client = await page.context().newCDPSession(page);
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  return usedSize;
}

test('many small files: a folder of mails is one row and all of them are counted', async (t) => {
  const top = folder('mails', MAILS);
  const page = await t.open('/import');
  page.context().setDefaultTimeout(300_000);
  await page.evaluate(() => {
    window.__rows = 0;
    window.__longest_task = 0;
    new PerformanceObserver((list) => { for (const e of list.getEntries()) window.__longest_task = Math.max(window.__longest_task, e.duration); }).observe({ type: 'longtask' });
    new MutationObserver(() => { window.__rows = Math.max(window.__rows, document.querySelectorAll('[data-testid=source-row]').length); }).observe(document.body, { childList: true, subtree: true });
  });
  const begun = performance.now();
  await give(page, 'folder-input', top);
  await page.waitForFunction((mails) => window.__timings?.messages === mails && document.querySelector('[data-testid=import-done]') !== null, MAILS, { timeout: 300_000 });
  const seconds = (performance.now() - begun) / 1000;
  const [one, ...others] = await rows(page);
  equal(others, [], 'more rows than one');
  equal([one.name, one.format, one.status, one.messages, one.skipped], ['*.eml', 'eml', 'done', MAILS, 0], 'the row');
  check(one.text.includes('mails,'), `the row does not name its folder: ${one.text}`);
  check((await page.evaluate(() => window.__rows)) <= 1, 'rows were drawn for single files');
  const said = await page.evaluate(() => window.__timings);
  const reads = said.reads.length;
  check(reads < MAILS / 100, `${reads} messages of readers for ${MAILS} files`);
  const largest = Math.max(...said.reads.map((read) => read[2]));
  console.log(`        ${MAILS} mails: ${seconds.toFixed(1)} s in all, import_ms ${said.import_ms.toFixed(0)}, merge_ms ${said.merge_ms.toFixed(0)}, answer_ms ${said.answer_ms.toFixed(0)}, longest_task_ms ${said.longest_task_ms.toFixed(0)}`);
  console.log(`        memory: page ${((await memory(page)) / 2 ** 20).toFixed(0)} MiB of script, data worker ${(said.data_memory / 2 ** 20).toFixed(0)} MiB (${(said.data_memory / MAILS / 1024).toFixed(1)} KiB a mail), largest reader ${(largest / 2 ** 20).toFixed(0)} MiB`);
  // It opens: what became of every record, and the kinds of file inside.
  await row(page, '*.eml').getByRole('button', { name: 'Ledger' }).click();
  const panel = await page.locator('.panel').innerText();
  check(/more files/.test(panel), `the ledger does not count the files: ${panel}`);
  // Every file stands in the ledger with its digest.
  const csv = readFileSync(await saved(page, () => page.getByRole('button', { name: 'Save the ledger of all files as CSV' }).click()), 'utf8');
  for (const n of [0, 1, MAILS - 1]) check(csv.includes(createHash('sha256').update(mail(n)).digest('hex')), `the ledger lacks the digest of mail ${n}`);
});

test('many small files: lists, questions and files that cannot be read keep what they need, and the row can be removed', async (t) => {
  const top = folder('mixed', 300);
  for (let n = 0; n < 5; n += 1) writeFileSync(join(top, 'box00', `broken-${n}.eml`), Buffer.from([0, 1, 2, 3, n]));
  file('mixed/people.csv', readFileSync(new URL('../lists/workday.csv', import.meta.url)));
  file('mixed/WhatsApp Chat with Bo.txt', '12/03/2025, 10:00 - Ada: hello\n12/04/2025, 10:01 - Bo: yes\n');
  const page = await t.open('/import');
  await give(page, 'folder-input', top);
  await settled(page, 2);
  const named = (await rows(page)).sort((a, b) => a.name.localeCompare(b.name));
  equal(named.map((r) => [r.name, r.messages]), [['*.eml', 300], ['WhatsApp Chat with Bo.txt', 2]], 'rows');
  check(/5 files not read/.test(named[0].text), `what was not read is not said: ${named[0].text}`);
  await row(page, '*.eml').getByRole('button', { name: 'Remove' }).click();
  await page.waitForFunction(() => window.__timings?.messages === 2 && document.querySelector('[data-testid=import-done]') !== null);
  equal((await rows(page)).length, 1, 'rows after removing');
});

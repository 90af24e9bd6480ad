// The page and the command line count alike, and every figure leads to lines in files.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { audit, check, equal, file, root, skip, test } from './suite.mjs';
import { answers, give, go, row, rows, sample, sampleFolder, settled, unfold, walk } from './page.mjs';
import { record } from './record.mjs';

/// First places where two JSON values differ.
function differences(a, b, at = '', out = []) {
  if (out.length >= 12) return out;
  // A folder the command line walks is a source with members; the page has the member alone.
  if (typeof a === 'string' && typeof b === 'string') [a, b] = [a.replaceAll('!', '/'), b.replaceAll('!', '/')];
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') {
    if (a !== b) out.push(`${at}: page ${JSON.stringify(a)?.slice(0, 160)}, command line ${JSON.stringify(b)?.slice(0, 160)}`);
    return out;
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) out.push(`${at}: page ${a.length} entries, command line ${b.length}`);
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) if (key !== 'entry') differences(a[key], b[key], `${at}/${key}`, out);
  return out;
}

/// Paths as one walks to them differ by a prefix only.
const bare = (text) => text.replaceAll('"./', '"');

test('the sample firm: the same answers as the command line', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await unfold(page);
  const all = await rows(page);
  check(all.length > 50, `only ${all.length} rows`);
  equal(all.filter((r) => r.status !== 'done' && r.status !== 'question'), [], 'rows that are neither done nor asking');
  check((await page.evaluate(() => window.__timings?.messages)) > 0, 'window.__timings is missing');
  await go(page, '/overview');
  const verdict = await page.getByTestId('verdict').innerText();
  check(verdict.trim().length > 40, `no verdict: ${verdict}`);
  const found = await answers(page);
  const wanted = JSON.parse(bare(audit('run', '.', '--json', { cwd: sampleFolder() })));
  const by = (a) => a.channels.by_channel.map((c) => [c.channel, c.messages, c.turns, c.work_messages, c.client_turns]);
  equal(by(found), by(wanted), 'channels');
  const classes = (a) => ['A', 'B', 'C', 'U'].map((c) => a.gaps.filter((gap) => gap.class === c).length);
  equal(classes(found), classes(wanted), 'gaps of class A, B, C, U');
  equal(found.leavers.map((l) => l.person), wanted.leavers.map((l) => l.person), 'leavers');
  equal(found.findings.map((f) => f.sentence), wanted.findings.map((f) => f.sentence), 'findings');
  equal(found.ledger.totals, wanted.ledger.totals, 'totals of the ledger');
  const differ = differences(found, wanted);
  check(differ.length === 0, `the answers differ:\n${differ.join('\n')}`);
});

test('from a figure to the line in the file in three steps', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/overview');
  // One: the figure.
  await page.locator('dl.figs a[href^="/coverage"]').nth(1).click();
  await page.waitForFunction(() => location.pathname === '/coverage');
  // Two: a gap that rests on records.
  await page.locator('[data-testid=gap-row][data-class=A] a').first().click();
  // Three: a place.
  const panel = page.getByTestId('evidence-panel');
  await panel.locator('button.place').first().click();
  await panel.locator('table.ev tr[aria-current]').waitFor();
  await page.waitForFunction(() => /[0-9a-f]{64}/.test(document.querySelector('[data-testid=evidence-panel] dl')?.innerText ?? ''));
  const facts = await panel.locator('dl').first().innerText();
  const source = /File\s+(.+)/.exec(facts)?.[1].trim();
  const line = Number(/line ([\d\u202f]+)/.exec(facts)?.[1].replaceAll('\u202f', ''));
  check(source && line > 0, `no file or line in: ${facts}`);
  const path = source.split('!')[0];
  const bytes = readFileSync(join(sampleFolder(), path));
  equal(/[0-9a-f]{64}/.exec(facts)[0], createHash('sha256').update(bytes).digest('hex'), `digest of ${path}`);
  const asked = await panel.locator('table.ev tr[aria-current]').innerText();
  check(asked.replaceAll('\u202f', '').includes(String(line)), `the marked record is not line ${line}: ${asked}`);
  if (!source.includes('!')) {
    const written = bytes.toString('utf8').split('\n')[line - 1];
    const stated = /As written\s+(.+)/.exec(facts)?.[1].trim();
    const byte = Number(/byte ([\d\u202f]+)/.exec(facts)?.[1].replaceAll('\u202f', ''));
    const there = bytes.subarray(byte).toString('utf8').split('\n')[0];
    check(there.length > 0 && written.endsWith(there), `byte ${byte} of ${path} begins “${there}”, line ${line} is “${written}”`);
    check(stated && record(bytes, byte, path).includes(stated), `the record in line ${line} of ${path} does not hold “${stated}”: ${written}`);
  }
  // Text stays hidden until a reason is given.
  check((await panel.locator('.mask').count()) > 0, 'no text is masked');
  await panel.getByRole('button', { name: 'Reveal text…' }).click();
  await page.getByLabel('Reason').fill('Checking the export');
  await page.getByLabel('Your name').fill('C. Officer');
  await page.getByRole('button', { name: 'Reveal text', exact: true }).click();
  // The sample's matter is in flow mode: the page says so, and no text comes.
  await panel.getByText('flow mode').waitFor();
  equal(await panel.locator('.said').count(), 0, 'texts shown in flow mode');
});

test('real exports: the same counts as the command line', async (t) => {
  const samples = process.env.RETENTION_SAMPLES ?? ['../shared/samples', '../../shared/samples'].map((dir) => join(root, dir)).find((dir) => exists(dir));
  if (!samples || !exists(samples)) skip('samples absent');
  const chosen = [
    ...walk(join(samples, 'messengers/whatsapp')).filter((p) => p.endsWith('.txt')),
    ...walk(join(samples, 'messengers/telegram')).filter((p) => p.endsWith('.json') && !p.endsWith('target.json')),
    ...walk(join(samples, 'enterprise/eml')),
    ...walk(join(samples, 'enterprise/mbox')),
    join(samples, 'enterprise/slack/slack-export-viewer-testarchive.zip'),
  ];
  // One by one, as a row shows one file: what several files hold is merged afterwards.
  const wanted = (path) => JSON.parse(audit('import', path, '--json')).sources;
  const people = file('people.csv', 'Name,Email,Start Date\nMikel Lindsaar,mikel@example.com,2005-01-01\nAda Quinn,ada@example.com,2015-01-01\n');
  const clients = file('clients.csv', 'Company,Contact,Email,Domain\nWestern,Test Person,test@western.example,western.example\n');
  const page = await t.open('/import');
  await give(page, 'people-input', [people]);
  await give(page, 'clients-input', [clients]);
  await give(page, 'files-input', chosen);
  await settled(page, 20);
  await unfold(page);
  await page.getByText('2 people').first().waitFor();
  const all = await rows(page);
  equal(all.length, chosen.length, 'rows');
  const wrong = [];
  for (const name of new Set(chosen.map((path) => basename(path)))) {
    const mine = all.filter((r) => r.name === name).map((r) => [r.messages, r.skipped]).sort();
    const theirs = chosen
      .filter((path) => basename(path) === name)
      .map(wanted)
      .map((sources) => [sources.reduce((n, s) => n + s.messages, 0), sources.reduce((n, s) => n + s.skipped.reduce((m, k) => m + k.count, 0), 0)])
      .sort();
    if (JSON.stringify(mine) !== JSON.stringify(theirs)) wrong.push(`${name}: page ${JSON.stringify(mine)}, command line ${JSON.stringify(theirs)}`);
  }
  check(wrong.length === 0, `messages and skipped records differ:\n${wrong.join('\n')}`);
  check(all.reduce((n, r) => n + r.messages, 0) > 100, 'hardly a message was read');
  for (const format of ['whatsapp', 'telegram', 'mbox', 'eml', 'slack']) check(all.some((r) => r.format.includes(format) && r.messages > 0), `nothing read as ${format}`);
});

function exists(path) {
  try {
    return walk(path).length > 0;
  } catch {
    return false;
  }
}

test('what the people list changes is counted at once', async (t) => {
  const folder = sampleFolder();
  const page = await t.open('/import');
  const files = walk(folder).filter((path) => /\.(csv|mbox)$/.test(path) && !/people|clients|leave/.test(basename(path)));
  await give(page, 'files-input', files);
  await settled(page, files.length);
  await go(page, '/overview');
  await page.getByText('No people list was added').waitFor();
  await go(page, '/import');
  await give(page, 'people-input', [join(folder, 'people.csv')]);
  await page.getByText('60 people').first().waitFor();
  await settled(page, files.length);
  await go(page, '/people');
  await page.getByTestId('leaver-row').first().waitFor();
  check(relative(folder, files[0]).length > 0 && (await row(page, 'people.csv').count()) === 0, 'the list became a source');
});

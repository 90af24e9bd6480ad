// One export of every format in one folder: each is read like on the command line, beside one that is broken and one that is cancelled.
import { closeSync, cpSync, mkdirSync, openSync, readFileSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { extname, join } from 'node:path';
import { audit, check, equal, root, scratch, test } from './suite.mjs';
import { give, go, rows, row, settled, unfold, until } from './page.mjs';

/// The first ordinary export of a format: a folder, or a file.
function fixture(format) {
  const all = [];
  const look = (dir) => {
    for (const name of readdirSync(dir).sort()) {
      const path = join(dir, name);
      if (statSync(path).isDirectory() && !name.endsWith('.folder')) look(path);
      else if (!/hostile|broken|cut/.test(path)) all.push(path);
    }
  };
  look(join(root, 'tests/formats', format));
  return all[0];
}

test('a folder with one export of every format: all are read, one is broken, one is cancelled', async (t) => {
  const formats = JSON.parse(audit('formats', '--json')).formats.map((f) => f.id);
  const folder = join(scratch, 'everything');
  mkdirSync(folder);
  const wanted = new Map();
  for (const format of [...formats, 'zip']) {
    const from = fixture(format);
    check(from, `no fixture of ${format}`);
    const to = join(folder, from.endsWith('.folder') ? format : format + extname(from));
    cpSync(from, to, { recursive: true });
    const said = JSON.parse(audit('import', to, '--json'));
    // An export may lie deeper in its folder: the row has the name of the folder that is read.
    const names = JSON.parse(audit('detect', to, '--json')).files.map((f) => f.path.split('/').at(-1));
    wanted.set(format, { messages: said.totals.messages, names });
  }
  writeFileSync(join(folder, 'broken.pst'), readFileSync(fixture('pst')).subarray(0, 300));
  const large = openSync(join(folder, 'zz-large.mbox'), 'w');
  const mail = Buffer.from(Array.from({ length: 4000 }, (_, i) => `From a@firm.example Mon Mar  3 10:00:00 2025\nFrom: Ada <a@firm.example>\nTo: Li <li@client.example>\nDate: Mon, 3 Mar 2025 10:00:00 +0000\nMessage-ID: <${i}@firm.example>\nSubject: position ${i}\n\nThe figures of the day.\n\n`).join(''));
  for (let written = 0; written < 400e6; written += mail.length) writeSync(large, mail);
  closeSync(large);

  const page = await t.open('/import');
  await give(page, 'folder-input', folder);
  await until(page, 'zz-large.mbox', 'reading');
  await row(page, 'zz-large.mbox').getByRole('button', { name: 'Cancel' }).click();
  await until(page, 'zz-large.mbox', 'cancelled');
  await settled(page, formats.length);
  await unfold(page);
  const all = await rows(page);
  const bad = all.find((r) => r.name === 'broken.pst');
  equal(bad.status, 'failed', 'the broken file');
  const wrong = [];
  for (const [format, { messages, names }] of wanted) {
    const mine = all.filter((r) => names.includes(r.name));
    const sum = mine.reduce((n, r) => n + r.messages, 0);
    if (mine.length !== names.length || sum !== messages || !mine.every((r) => ['done', 'question'].includes(r.status))) wrong.push(`${format}: ${mine.map((r) => `${r.name} ${r.status} ${r.messages}`).join('; ')}, command line ${messages}`);
  }
  check(wrong.length === 0, `read otherwise than by the command line:\n${wrong.join('\n')}`);
  equal(all.length, [...wanted.values()].reduce((n, w) => n + w.names.length, 0) + 2, `rows: ${all.map((r) => r.name).join(' ')}`);
});

test('the method page lists every format of the registry', async (t) => {
  const formats = JSON.parse(audit('formats', '--json')).formats;
  const page = await t.open('/import');
  await go(page, '/method');
  await page.getByTestId('formats').waitFor();
  const shown = await page.locator('details.format').evaluateAll((all) => all.map((d) => [d.id, d.querySelectorAll('li').length]));
  equal(shown, formats.map((f) => [`format-${f.id}`, f.proves.length]), 'formats');
  await page.locator('#format-mbox summary').click();
  await page.locator('#format-mbox').getByText('How to make one').waitFor();
});

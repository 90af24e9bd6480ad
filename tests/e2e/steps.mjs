// From the verdict to the byte that proves a missing message in three steps, by mouse and by keyboard, on the sample firm; what is shown is
// compared with the file itself.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { check, equal, test } from './suite.mjs';
import { go, sample, sampleFolder } from './page.mjs';
import { record } from './record.mjs';

const shot = async (page, name) => { if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true }); };

/// Moves the focus with Tab until the focused element fits.
async function tabTo(page, what, most = 400) {
  for (let n = 0; n < most; n += 1) {
    if (await page.evaluate((what) => document.activeElement?.matches(what) ?? false, what)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${what} with the Tab key`);
}

/// One member of a zip archive, by its central directory.
function member(zip, name) {
  let at = zip.readUInt32LE(zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1') + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [method, packed, named, extra, comment, local] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)];
    if (zip.subarray(at + 46, at + 46 + named).toString('utf8') === name) {
      const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const bytes = zip.subarray(from, from + packed);
      return method === 8 ? inflateRawSync(bytes) : bytes;
    }
    at += 46 + named + extra + comment;
  }
  throw new Error(`the archive has no ${name}`);
}

/// The panel shows a record of the file: name, digest, line and what is written there are those of the file on the disk.
async function proved(page) {
  const panel = page.getByTestId('evidence-panel');
  await panel.locator('table.ev tr[aria-current]').waitFor();
  await page.waitForFunction(() => /[0-9a-f]{64}/.test(document.querySelector('[data-testid=evidence-panel] dl')?.innerText ?? ''));
  const facts = await panel.locator('dl.src').first().innerText();
  const source = /File\s+(.+)/.exec(facts)?.[1].trim();
  const number = (word) => Number(new RegExp(`${word} ([\\d\\u202f]+)`).exec(facts)?.[1].replaceAll('\u202f', ''));
  const [line, byte] = [number('line'), number('byte')];
  check(source && line > 0, `no file or line in: ${facts}`);
  const [path, entry] = source.split('!');
  const given = readFileSync(join(sampleFolder(), path));
  equal(/[0-9a-f]{64}/.exec(facts)[0], createHash('sha256').update(given).digest('hex'), `digest of ${path}`);
  const bytes = entry ? member(given, entry) : given;
  const written = bytes.toString('utf8').split('\n')[line - 1];
  const there = bytes.subarray(byte).toString('utf8').split('\n')[0];
  check(there.length > 0 && written.endsWith(there), `byte ${byte} of ${source} begins “${there}”, line ${line} is “${written}”`);
  const stated = /As written\s+(.+)/.exec(facts)?.[1].trim();
  check(stated && record(bytes, byte, source).includes(stated), `the record in line ${line} of ${source} does not hold “${stated}”: ${written}`);
  const asked = (await panel.locator('table.ev tr[aria-current]').innerText()).replaceAll('\u202f', '');
  check(asked.includes(String(line)), `the marked record is not line ${line}: ${asked}`);
  // The hole has its row, between the records beside it.
  const rows = await panel.locator('table.ev tbody tr').evaluateAll((all) => all.map((row) => ({ missing: row.classList.contains('miss'), text: row.innerText })));
  const hole = rows.findIndex((row) => row.missing);
  check(hole >= 0, `no row for what is missing: ${JSON.stringify(rows)}`);
  check(/No record found/.test(rows[hole].text) && rows.some((row, i) => i < hole && !row.missing) && rows.some((row, i) => i > hole && !row.missing), `the hole has no record on both sides: ${JSON.stringify(rows)}`);
  check(/after \d{4}-\d\d-\d\d|before \d{4}-\d\d-\d\d/.test(rows[hole].text), `the hole has no bounds: ${rows[hole].text}`);
  return { source, line, written };
}

test('from the verdict to the byte in three steps, by mouse', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/overview');
  await page.locator('dl.figs a[href^="/coverage"]').nth(1).click();
  await page.locator('[data-testid=gap-row][data-class=A] a').first().click();
  await page.getByTestId('evidence-panel').locator('button.place').first().click();
  await proved(page);
  await page.locator('#gap').scrollIntoViewIfNeeded();
  await shot(page, 'steps-1280');
});

test('from the verdict to the byte in three steps, by keyboard', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/overview');
  await page.locator('main h1').first().focus();
  // One: the figure of open gaps.
  await tabTo(page, 'dl.figs > div:nth-child(2) a[href^="/coverage"]');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.pathname === '/coverage');
  await page.locator('main h1').first().waitFor();
  // Two: a proved gap. The timeline is passed by its own link.
  await tabTo(page, '#timeline .skip');
  await page.keyboard.press('Enter');
  await tabTo(page, '[data-testid=gap-row][data-class=A] a');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => new URLSearchParams(location.search).has('gap'));
  // Three: a place.
  await tabTo(page, '[data-testid=evidence-panel] button.place');
  await page.keyboard.press('Enter');
  await proved(page);
});

// Coverage by hand: the calendar of one row, filters, a name that is looked for, and the focus when new answers come.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, equal, test } from './suite.mjs';
import { answers, go, roster, sample, sampleFolder } from './page.mjs';

/// Waits until the worker has counted and the view stands.
const counted = (page) => page.waitForFunction(() => !document.querySelector('.chips.counting'));

/// Opens the calendar of the first row of the timeline; gives person and channel.
async function open(page) {
  const link = page.locator('#timeline .wide a[data-days]').first();
  const [person, channel] = (await link.getAttribute('data-days')).split('~');
  await link.focus();
  await page.keyboard.press('Enter');
  await page.locator('#calendar [data-day]').first().waitFor();
  return { person, channel };
}

test('the calendar of one row counts what the table counts', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const found = await answers(page);
  await go(page, '/coverage');
  const { person, channel } = await open(page);
  const row = found.coverage.find((r) => r.person === person && r.channel === channel);
  // The years that are folded in belong to it.
  const more = page.locator('#calendar').getByRole('button', { name: /year/ });
  while (await more.count()) await more.first().click();
  await page.locator('#calendar details.tab summary').click();
  await page.locator('#calendar details.tab tbody tr').first().waitFor();
  const lines = await page.locator('#calendar details.tab tbody tr').evaluateAll((all) => all.map((tr) => [...tr.cells].map((cell) => cell.innerText)));
  const cells = await page.locator('#calendar [data-day]').evaluateAll((all) => all.map((cell) => ({ says: cell.dataset.say, n: Number(cell.dataset.n ?? 0), name: cell.getAttribute('aria-label') })));
  equal(cells.length, lines.length, 'days in the drawing and in the table');
  equal(cells.reduce((sum, cell) => sum + cell.n, 0), row.messages, 'messages in the calendar');
  const worked = (word) => lines.filter((line) => line[2] === 'yes' && word.test(line[3])).length;
  equal(worked(/^(missing|unexplained silence|not covered)$/), row.gap_days, 'business days in gaps');
  equal(worked(/^(covered|covered, no messages|silence, explained|held, )/), row.covered_days, 'business days covered');
  check(row.gap_days > 0, 'the worst custodian has no gap on the first row');
  check(cells.every((cell) => cell.name === cell.says && /^\d{4}-\d\d-\d\d /.test(cell.says)), 'a day has no name');
  // What no source reaches is never a number.
  check(lines.every((line) => line[3] !== 'unknown' || line[4] === 'not known' || line[4] === '0'), 'an unknown day has messages');
  check(lines.every((line) => line[4] !== 'not known' || /unknown|not covered|not expected|missing/.test(line[3])), 'a day nobody reaches is called held');
});

test('the calendar is walked with arrow keys and leads to the gap', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/coverage');
  await open(page);
  equal(await page.locator('#calendar [data-day][tabindex="0"]').count(), 1, 'tab stops');
  const day = () => page.evaluate(() => Number(document.activeElement.dataset.day));
  await page.locator('#calendar [data-day][tabindex="0"]').focus();
  const last = await day();
  for (const [key, step] of [['ArrowUp', -1], ['ArrowLeft', -7], ['PageUp', -28], ['ArrowRight', 7], ['ArrowDown', 1]]) {
    const before = await day();
    await page.keyboard.press(key);
    equal((await day()) - before, step, key);
  }
  await page.keyboard.press('Home');
  check((await day()) < last, 'Home stays where it is');
  const said = await page.evaluate(() => document.activeElement.dataset.say);
  check((await page.locator('#calendar .readout').innerText()).startsWith(said), 'the readout does not say the day');
  // Narrow: weeks stand below each other.
  await page.setViewportSize({ width: 390, height: 800 });
  const before = await day();
  await page.keyboard.press('ArrowDown');
  equal((await day()) - before, 7, 'ArrowDown where it is narrow');
  await page.setViewportSize({ width: 1280, height: 900 });
  const gap = page.locator('#calendar [data-gap]').first();
  const id = await gap.getAttribute('data-gap');
  await gap.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction((id) => new URLSearchParams(location.search).get('gap') === id, id);
  check((await page.locator('#calendar [data-day]').count()) > 0, 'the calendar is gone');
  // Read by a program, printed on paper.
  await page.emulateMedia({ media: 'print' });
  check((await page.locator('#calendar .cal').first().boundingBox()).width <= 1280, 'the calendar is cut on paper');
});

test('filters: dates and channels change all figures, chips take them away', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/channels');
  const turns = () => page.getByTestId('channel-chart').innerText();
  // A table that stands open is filled anew, not emptied.
  await page.getByTestId('channel-chart').locator('details.tab summary').click();
  const shown = page.getByTestId('channel-chart').locator('details.tab tbody tr');
  await shown.first().waitFor();
  const before = await turns();
  await page.getByText('Change filter').click();
  await page.getByTestId('filter-from').fill('2026-04-01');
  await counted(page);
  await page.waitForFunction((before) => document.querySelector('[data-testid=channel-chart]').innerText !== before, before);
  check(page.url().includes('from=2026-04-01'), 'the filter is not in the address');
  await page.locator('.filter').getByRole('checkbox', { name: 'WhatsApp' }).check();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=channel-chart] .rk .ch').length === 1);
  equal(await shown.count(), 1, 'rows of the open table with one channel');
  // The list of channels stays whole, and the focus where it was.
  check((await page.locator('.filter').getByRole('checkbox').count()) > 3, 'the other channels cannot be chosen any more');
  check(await page.evaluate(() => document.activeElement.type === 'checkbox' && document.activeElement.checked), 'the focus left the box');
  await page.keyboard.press('Escape');
  check(await page.evaluate(() => document.activeElement.tagName === 'SUMMARY'), 'Escape does not lead back');
  await page.getByRole('button', { name: /^Remove the filter Channels/ }).click();
  await page.getByRole('button', { name: /^Remove the filter Dates/ }).click();
  await page.waitForFunction((before) => document.querySelector('[data-testid=channel-chart]').innerText === before, before);
});

test('a custodian is found by a part of the name', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/coverage');
  const names = () => page.getByTestId('coverage-matrix').locator('tbody th').allInnerTexts();
  const all = await names();
  const part = all[3].split(/\s+/)[0].toLowerCase();
  await page.keyboard.press('/');
  await page.keyboard.type(part);
  await page.waitForFunction((all) => document.querySelectorAll('[data-testid=coverage-matrix] tbody th').length < all, all.length);
  const found = await names();
  check(found.length > 0 && found.every((name) => name.toLowerCase().includes(part)), `found ${found}`);
  equal(new URL(page.url()).search, '', 'the address, which must hold no name');
  await page.getByTestId('find-custodian').fill('nobody is called this');
  await page.getByText('No custodian has this in the name.').waitFor();
});

test('focus and place stay when another file arrives', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const [head, ...rest] = readFileSync(join(sampleFolder(), 'people.csv'), 'utf8').trim().split(/\r?\n/);
  let lines = rest;
  const leavers = roster().filter((person) => person.leaves).map((person) => person.name);
  const places = [
    ['/coverage', '[data-testid=coverage-matrix] tbody tr:nth-child(6) [data-at]'],
    ['/coverage', '#timeline .wide g ~ a[data-gap] >> nth=-1'],
    ['/coverage', '[data-testid=gap-row]:nth-child(7) a'],
    ['/findings', '[data-testid=finding-row]:has([data-l=Whom] a.n) a.rl >> nth=-1'],
    ['/people', '[data-testid=leaver-row]:nth-child(2) a'],
  ];
  for (const [path, place] of places) {
    await go(page, path);
    await page.locator(place).first().focus();
    // Away from the top: what moves up can be followed.
    await page.evaluate(() => scrollBy(0, 150));
    const state = () => page.evaluate(() => ({ key: document.activeElement.closest('[data-key]')?.dataset.key, top: Math.round(document.activeElement.getBoundingClientRect().top) }));
    const before = await state();
    check(before.key, `${place} has no key`);
    // A people list without the custodian who stands first: rows above the focus go, everything moves up.
    await page.evaluate(() => { window.__old = document.querySelector('main').innerText; });
    const mine = await page.evaluate(() => document.activeElement.closest('tr')?.innerText ?? document.querySelector('#timeline .wide svg').textContent);
    const order = await page.evaluate(() => [...document.querySelectorAll('[data-testid=coverage-matrix] tbody th, [data-testid=finding-row] [data-l=Whom]')].map((e) => e.innerText.trim()));
    const name = (line) => line.split(',')[head.split(',').indexOf('Name')];
    const known = lines.map(name);
    const gone = [...order, ...known].find((one) => known.includes(one) && !leavers.includes(one) && !mine.includes(one));
    lines = lines.filter((line) => name(line) !== gone);
    await page.evaluate((text) => {
      const data = new DataTransfer();
      // A file made by a script has no entry in a file system.
      DataTransferItem.prototype.webkitGetAsEntry = () => null;
      data.items.add(new File([text], 'people.csv', { type: 'text/csv' }));
      window.__known = window.__timings;
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, `${head}\n${lines.join('\n')}\n`);
    await page.waitForFunction(() => window.__timings !== window.__known);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    check(await page.evaluate(() => document.querySelector('main').innerText !== window.__old), `${path} did not change without ${gone}`);
    const after = await state();
    equal(after.key, before.key, `what has the focus in ${path} (${place}) without ${gone}`);
    check(Math.abs(after.top - before.top) <= 2, `${path} (${place}) moved from ${before.top} to ${after.top}`);
  }
});

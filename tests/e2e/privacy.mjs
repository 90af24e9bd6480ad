// What the page shows of people: nobody of a private conversation, no small group, no name to executives.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, give, go, met, roster, rows, sample, sampleFolder, saved, settled, stands, truth, unfold, VIEWS } from './page.mjs';
import { check, equal, file, test } from './suite.mjs';

/// Friends of employees who are called like nobody on the lists.
function friends() {
  const lists = ['people.csv', 'clients.csv', 'leave.csv'].map((name) => readFileSync(join(sampleFolder(), name), 'utf8')).join('\n');
  const all = truth().private.map(([, friend]) => friend).filter((friend) => !stands(lists, friend));
  return [...new Set(all.flatMap((friend) => (friend.startsWith('+') ? [friend, friend.replaceAll(' ', '')] : [friend])))];
}

/// Opens all that is folded away, and shows all rows.
async function opened(page) {
  for (let n = 0; n < 6; n += 1) {
    const more = page.getByRole('button', { name: /^Show / });
    if (!(await more.count())) break;
    await more.first().click();
  }
  await page.evaluate(() => document.querySelectorAll('main details:not([open]):not(.filter) > summary').forEach((s) => s.click()));
  await page.waitForTimeout(150);
}

/// The names that stand in the view that is open, however it is unfolded.
async function found(page, names) {
  await opened(page);
  const all = await met(page);
  return names.filter((name) => stands(all, name));
}

test('flow mode: nobody of a private conversation stands in any view, its labels or its address', async (t) => {
  const names = friends();
  check(names.length > 10, `only ${names.length} friends`);
  const page = await t.open('/import');
  await sample(page);
  await page.waitForFunction(() => document.body.innerText.includes('private: its name is not shown'), null, { timeout: 30_000 });
  await unfold(page);
  // The test can fail: files that were given bear their names.
  const given = (await rows(page)).map((row) => row.name).join('\n');
  check(names.some((name) => stands(given, name)), 'no file is called after a friend');
  const out = [];
  const look = async (where) => { for (const name of await found(page, names)) out.push(`${where}: ${name}`); };
  for (const role of ['Compliance', 'HR', 'Executive']) {
    await page.locator('header.top').getByRole('radio', { name: role }).first().check({ force: true });
    for (const [path] of VIEWS) {
      await go(page, path);
      await look(`${role} ${path}`);
    }
  }
  await page.locator('header.top').getByRole('radio', { name: 'Compliance' }).first().check({ force: true });
  // What opens from a row: person and client, gap, days, finding, places in files.
  await go(page, '/people');
  const people = await page.getByTestId('leaver-row').count();
  for (let n = 0; n < people; n += 1) {
    await go(page, '/people');
    await page.getByTestId('leaver-row').nth(n).locator('a').first().click();
    await page.waitForFunction(() => /^\/people\/./.test(location.pathname));
    await look(`person ${n + 1}`);
  }
  for (const [path, hook] of [['/coverage', 'gap-row'], ['/findings', 'finding-row']]) {
    await go(page, path);
    const count = Math.min(await page.getByTestId(hook).count(), 12);
    for (let n = 0; n < count; n += 1) {
      await page.getByTestId(hook).nth(n).locator('a').first().click();
      await page.waitForTimeout(120);
      await look(`${path} ${n + 1}`);
    }
  }
  check(out.length === 0, `private counterparts are shown:\n${[...new Set(out)].slice(0, 20).join('\n')}`);
});

test('executives read pseudonyms in every view while the matter says so, and names when it does not', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const clients = readFileSync(join(sampleFolder(), 'clients.csv'), 'utf8').trim().split(/\r?\n/).slice(1).map((line) => line.split(','));
  const names = [...new Set([...roster().map((person) => person.name), ...clients.flatMap((cells) => [cells[0], cells[1]])])].filter((name) => name.length > 3);
  const executive = page.locator('header.top').getByRole('radio', { name: 'Executive' }).first();
  await executive.check({ force: true });
  const out = [];
  for (const [path] of VIEWS) {
    await go(page, path);
    for (const name of await found(page, names)) out.push(`${path}: ${name}`);
  }
  check(out.length === 0, `names shown to an executive:\n${out.slice(0, 20).join('\n')}`);
  await go(page, '/coverage');
  const employees = async () => [...new Set((await page.evaluate(() => document.querySelector('main').innerText)).match(/Employee \d+/g) ?? [])];
  const [seen] = [await employees()];
  check(seen.length > 10, `${seen.length} pseudonyms in Coverage`);
  await go(page, '/report');
  const paper = await page.getByTestId('report-preview').innerText();
  check(seen.some((name) => stands(paper, name)), 'the report calls nobody as Coverage does');
  // Switched off, names are read: the switch does what it says.
  await page.locator('header.top').getByRole('radio', { name: 'Compliance' }).first().check({ force: true });
  await go(page, '/policy');
  await page.getByLabel(/Executives read pseudonyms/).uncheck();
  await executive.check({ force: true });
  await go(page, '/coverage');
  await page.waitForFunction((names) => names.some((name) => document.querySelector('main').innerText.includes(name)), roster().map((person) => person.name));
});

test('groups of employees: one division at a time, none of fewer than five, the same under every filter', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/channels');
  const chart = page.getByTestId('group-chart');
  await chart.waitFor();
  equal(await chart.getAttribute('data-by'), 'department', 'the first division');
  const read = async () => (await page.getByTestId('group-chart').locator('.rk > .v').allInnerTexts()).map((row) => Number(row.match(/(\d+) employees?/)?.[1] ?? NaN)).sort((a, b) => a - b);
  const before = await read();
  check(before.length > 1 && before.every((n) => n === 0 || n >= 5), `employees per group: ${before}`);
  // Another period: other turns, the same groups.
  await page.locator('details.filter > summary').click();
  await page.getByTestId('filter-from').fill('2026-06-01');
  await page.getByTestId('filter-from').press('Tab');
  await page.waitForFunction(() => location.search.includes('from=2026-06-01') && document.querySelector('[data-testid=group-chart]').closest('section').innerText.includes('2026-06-01'));
  equal(await read(), before, 'groups under another filter');
  // Another division takes the place of the first, also in what is saved.
  await page.getByTestId('division').selectOption('region');
  await page.waitForFunction(() => document.querySelector('[data-testid=group-chart]')?.dataset.by === 'region');
  const { channels } = await answers(page);
  equal([channels.groups.by, channels.groups.rows.every((row) => row.people === 0 || row.people >= 5)], ['region', true], 'saved groups');
  const csv = readFileSync(await saved(page, () => page.getByRole('button', { name: 'Groups', exact: true }).click()), 'utf8');
  check(csv.startsWith('division,group,employees') && csv.includes('\r\nregion,'), csv.slice(0, 200));
  await go(page, '/overview');
  await go(page, '/report');
  await page.waitForFunction(() => document.querySelector('[data-testid=report-preview]')?.textContent.includes('channels, by region'));
  // The table opens with the keyboard; on paper there is no choice.
  await go(page, '/channels');
  const section = page.locator('section', { has: page.getByTestId('group-chart') });
  await section.locator('details.tab > summary').focus();
  await page.keyboard.press('Enter');
  await section.locator('table').waitFor();
  await page.emulateMedia({ media: 'print' });
  check(!(await page.getByTestId('division').isVisible()), 'the choice is printed');
  await page.emulateMedia({ media: null });
  await page.locator('header.top').getByRole('radio', { name: 'Executive' }).first().check({ force: true });
  await go(page, '/channels');
  await page.getByTestId('group-chart').waitFor();
  equal(await page.getByTestId('division').count(), 0, 'choices of an executive');
});

test('rules that a matter states without choosing them are shown and can be removed; the weekend is that of the country', async (t) => {
  const page = await t.open('/import');
  await give(page, 'matter-input', [file('own/matter.toml', '[[rule]]\nid = "house"\ntitle = "House rule"\nmonths = 84\n\n[calendar]\ncountry = "SA"\n')]);
  await page.getByTestId('to-policy').waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid=to-policy]').parentElement.innerText.includes('1 rule chosen'));
  await go(page, '/policy');
  const rule = page.getByTestId('rule-row');
  equal(await rule.count(), 1, 'rules shown');
  const said = await rule.first().innerText();
  check(said.includes('House rule') && said.includes('7 years'), said);
  check((await page.getByTestId('weekend-said').innerText()).startsWith('Friday and Saturday, as in Saudi Arabia since 2013-06-28'), 'the weekend is not said');
  await rule.first().getByRole('button', { name: 'Remove House rule' }).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid=rule-row]').length === 0);
  const toml = readFileSync(await saved(page, () => page.getByTestId('save-policy').click()), 'utf8');
  check(!toml.includes('House rule') && /\n# weekend/.test(toml), toml);
  // A weekend that is stated holds instead.
  await page.getByRole('group', { name: 'Days not worked' }).getByLabel('Friday').uncheck();
  await page.getByRole('button', { name: 'As in the country' }).click();
  await page.getByTestId('weekend-said').waitFor();
});

// Roles change what is shown and where one starts, never the numbers.
import { readFileSync } from 'node:fs';
import { check, equal, test } from './suite.mjs';
import { go, roster, sample, saved, text } from './page.mjs';

const choose = async (page, role, landing) => {
  await page.locator('header.top').getByRole('radio', { name: role }).first().check({ force: true });
  await page.waitForFunction((path) => location.pathname === path, landing);
  await page.locator('main h1').first().waitFor();
};
const VIEWS = ['/overview', '/coverage', '/channels', '/people', '/findings', '/report'];
/// Names that stand in a view: on the screen, and in what is read aloud or shown on hover.
async function named(page, names) {
  const all = await page.evaluate(() => {
    const main = document.querySelector('main');
    const said = [...main.querySelectorAll('[aria-label],[title]')].map((e) => `${e.getAttribute('aria-label') ?? ''} ${e.getAttribute('title') ?? ''}`);
    return `${main.textContent}\n${said.join('\n')}`;
  });
  return names.filter((name) => all.includes(name));
}

test('executive: starts at the overview, no name in any view', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/overview');
  const figures = await page.locator('dl.figs').innerText();
  await choose(page, 'Executive', '/overview');
  equal(await page.locator('dl.figs').innerText(), figures, 'figures');
  const names = roster().map((person) => person.name);
  const found = [];
  const paper = readFileSync(await saved(page, () => page.getByRole('button', { name: 'Save report' }).click()), 'utf8');
  for (const name of names) if (paper.includes(name)) found.push(`saved report: ${name}`);
  for (const path of VIEWS) {
    await go(page, path);
    for (const name of await named(page, names)) found.push(`${path}: ${name}`);
  }
  check(found.length === 0, `names shown to an executive:\n${found.slice(0, 20).join('\n')}`);
});

test('HR: starts at people, only leavers are named, text stays hidden', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await choose(page, 'HR', '/people');
  const people = roster();
  const leavers = await page.getByTestId('leaver-row').count();
  check(leavers > 0, 'no leaver is listed');
  const shown = await text(page);
  check(people.some((person) => person.leaves && shown.includes(person.name)), 'no leaver is named');
  const staying = people.filter((person) => !person.leaves).map((person) => person.name);
  const found = [];
  for (const path of VIEWS) {
    await go(page, path);
    for (const name of await named(page, staying)) found.push(`${path}: ${name}`);
  }
  await go(page, '/people');
  await page.getByTestId('leaver-row').first().locator('a').first().click();
  await page.waitForFunction(() => /^\/people\/./.test(location.pathname));
  await page.getByTestId('client-row').first().waitFor();
  for (const name of await named(page, staying)) found.push(`person: ${name}`);
  check((await page.getByRole('button', { name: 'Reveal text…' }).count()) === 0, 'text can be opened');
  equal(await page.locator('.said').count(), 0, 'opened texts');
  check(found.length === 0, `people who do not leave, shown to HR:\n${found.slice(0, 20).join('\n')}`);
});

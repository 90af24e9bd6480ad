// What tests do with the page, by its stable hooks.
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { audit, scratch } from './suite.mjs';

export const VIEWS = [
  ['/import', 'Import', 'i'],
  ['/identities', 'Who is who', 'w'],
  ['/policy', 'Policy', 'y'],
  ['/overview', 'Overview', 'o'],
  ['/coverage', 'Coverage', 'c'],
  ['/channels', 'Channels', 'h'],
  ['/people', 'People', 'p'],
  ['/findings', 'Findings', 'f'],
  ['/report', 'Report', 'r'],
  ['/method', 'Method', 'm'],
];

/// Gives files to an input, by its hook.
export const give = (page, hook, paths) => page.getByTestId(hook).setInputFiles(paths);

/// Waits until nothing is running, with at least so many rows.
export async function settled(page, rows = 1) {
  await page.waitForFunction(
    (rows) => {
      const states = [...document.querySelectorAll('[data-testid=source-row]')].map((row) => row.dataset.status);
      const still = document.querySelector('[data-testid=import-done]') !== null;
      return still && states.length >= rows && states.every((state) => state !== 'waiting' && state !== 'reading');
    },
    rows,
    { timeout: 40_000 },
  );
}

/// Rows in the order of the page.
export const rows = (page) =>
  page.getByTestId('source-row').evaluateAll((all) =>
    all.map((row) => ({ name: row.dataset.name, format: row.dataset.format, status: row.dataset.status, messages: Number(row.dataset.messages), skipped: Number(row.dataset.skipped), text: row.innerText })),
  );

export const row = (page, name) => page.locator(`[data-testid=source-row][data-name="${name}"]`);

export async function until(page, name, status) {
  await page.locator(`[data-testid=source-row][data-name="${name}"][data-status=${status}]`).waitFor();
}

/// Loads the sample firm.
export async function sample(page) {
  await page.getByTestId('sample-data').click();
  await settled(page, 20);
}

/// Shows the rows that stand behind "Show 92 more".
export async function unfold(page) {
  const more = page.getByRole('button', { name: /^Show [\d\u202f]+ more$/ });
  if (await more.count()) await more.click();
}

/// Goes to a view inside the page, so that what was read is kept.
export async function go(page, path) {
  const name = VIEWS.find((view) => view[0] === path)[1];
  await page.evaluate((path) => document.querySelector(`nav.side a[href^="${path}"]`).click(), path);
  await page.waitForFunction(([path, name]) => location.pathname === path && document.title.startsWith(name), [path, name]);
  await page.locator('main h1').first().waitFor();
  // The worker writes the document: the preview stands a moment after the view. Without data there is none.
  if (path === '/report') await page.waitForFunction(() => { const preview = document.querySelector('[data-testid=report-preview]'); return !preview || preview.innerText.includes('SHA-256'); });
}

/// What a click saves, as text.
export async function saved(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  const path = join(scratch, `saved-${download.suggestedFilename()}`);
  await download.saveAs(path);
  return path;
}

/// All answers as the Report view saves them.
export async function answers(page) {
  await go(page, '/report');
  return JSON.parse(readFileSync(await saved(page, () => page.getByRole('button', { name: 'JSON, all answers' }).click()), 'utf8'));
}

/// The sample firm of the page, written by the command line.
let firm;
export function sampleFolder() {
  if (!firm) {
    firm = join(scratch, 'firm');
    audit('sample', firm);
    // The page leaves out what was planted.
    rmSync(join(firm, 'truth.json'));
  }
  return firm;
}

/// Names on the people list of the sample, and which of them leave.
export function roster() {
  const [head, ...lines] = readFileSync(join(sampleFolder(), 'people.csv'), 'utf8').trim().split(/\r?\n/);
  const column = (name) => head.split(',').indexOf(name);
  return lines.map((line) => line.split(',')).map((cells) => ({ name: cells[column('Name')], leaves: cells[column('Last Day')] !== '' }));
}

export function walk(dir) {
  return readdirSync(dir).sort().flatMap((name) => (statSync(join(dir, name)).isDirectory() ? walk(join(dir, name)) : [join(dir, name)]));
}

/// Text on the screen, without what is only read aloud being missed.
export const text = (page) => page.evaluate(() => document.body.innerText);

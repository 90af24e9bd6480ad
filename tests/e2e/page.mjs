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

/// Loads the sample firm, and waits for its answers: they come a moment after the last file.
export async function sample(page) {
  await page.getByTestId('sample-data').click();
  await settled(page, 20);
  await page.waitForFunction(() => window.__timings?.messages > 0);
}

/// Moves the focus with Tab until the focused element fits; gives the number of steps.
export async function tabTo(page, what, most = 160) {
  for (let n = 0; n < most; n += 1) {
    if (await page.evaluate((what) => document.activeElement?.matches(what) ?? false, what)) return n;
    await page.keyboard.press('Tab');
  }
  throw new Error(`no way to ${what} with the Tab key`);
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
let planted;
export function sampleFolder() {
  if (!firm) {
    firm = join(scratch, 'firm');
    audit('sample', firm);
    // The page leaves out what was planted.
    planted = JSON.parse(readFileSync(join(firm, 'truth.json'), 'utf8'));
    rmSync(join(firm, 'truth.json'));
  }
  return firm;
}

/// What was planted in the sample.
export function truth() {
  sampleFolder();
  return planted;
}

/// Everything of the page that a person or a reader of screens meets: text, also of what is folded away or hidden from the eye, labels, titles, address.
export const met = (page) =>
  page.evaluate(() => {
    const said = ['title', 'aria-label', 'aria-description', 'alt', 'placeholder', 'value', 'href', 'data-say', 'data-key'];
    const labels = [...document.querySelectorAll('*')].flatMap((e) => said.map((name) => e.getAttribute(name)).filter(Boolean));
    const typed = [...document.querySelectorAll('input,textarea,select')].map((e) => e.value);
    return [document.title, document.body.innerText, document.body.textContent, ...labels, ...typed, decodeURIComponent(location.href)].join('\n');
  });

/// Whether a name stands in a text as words of its own ("Sis" is no part of "basis").
export function stands(text, name) {
  const letter = /[\p{L}\p{N}]/u;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [[...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '', [...text.slice(at + name.length, at + name.length + 2)][0] ?? ''];
    if (!letter.test(before) && !letter.test(after)) return true;
  }
  return false;
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

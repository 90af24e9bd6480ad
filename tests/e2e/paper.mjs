// Paper, and the matter as a file.
import { readFileSync } from 'node:fs';
import { check, equal, test } from './suite.mjs';
import { answers, give, go, sample, saved, settled } from './page.mjs';

test('the report prints on several pages', async (t) => {
  const page = await t.open('/import', { colorScheme: 'dark' });
  await sample(page);
  await go(page, '/report');
  const preview = page.getByTestId('report-preview');
  const words = await preview.innerText();
  for (const part of ['SHA-256', 'Findings']) check(words.includes(part), `“${part}” is missing in the preview`);
  equal(await page.locator('h1:visible').count(), 1, 'headings of the first level with the preview');
  const paper = await page.pdf({ format: 'A4', printBackground: true });
  const pages = paper.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
  check(pages > 1, `${pages} pages`);
  // Light on paper, no navigation.
  await page.emulateMedia({ media: 'print' });
  const printed = await page.evaluate(() => ({ ground: getComputedStyle(document.body).backgroundColor, nav: getComputedStyle(document.querySelector('nav.side')).display }));
  check(['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0)'].includes(printed.ground), `paper is ${printed.ground}`);
  equal(printed.nav, 'none', 'navigation on paper');
  await page.emulateMedia({ media: null });
  const html = readFileSync(await saved(page, () => page.getByRole('button', { name: 'Save HTML' }).click()), 'utf8');
  check(!/<script|src=["']?http|href=["']?http/i.test(html) && html.includes('</html>'), 'the saved report is not self-contained');
  // It opens alone, under its own power.
  const alone = await page.context().newPage();
  await alone.setContent(html);
  check((await alone.locator('h1').first().innerText()).length > 0, 'the saved report has no heading');
});

test('a saved matter opens with the same figures', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const before = await answers(page);
  await go(page, '/import');
  const path = await saved(page, () => page.getByTestId('save-matter').click());
  await page.getByRole('button', { name: 'Start over…' }).click();
  await page.getByRole('button', { name: 'Forget everything' }).click();
  await page.getByTestId('sample-data').waitFor();
  equal(await page.getByTestId('source-row').count(), 0, 'rows after starting over');
  await give(page, 'open-matter', [path]);
  await settled(page, 20);
  const after = await answers(page);
  for (const part of ['scope', 'coverage', 'channels', 'gaps', 'leavers', 'findings']) {
    // Rows and conversations are numbered anew: what is private sorts elsewhere without its name.
    const same = (answers) => JSON.stringify(answers[part], (key, value) => (['row', 'conversation_id'].includes(key) ? undefined : value));
    check(same(after) === same(before), `${part} differ after opening`);
  }
  equal(after.ledger.totals, before.ledger.totals, 'totals of the ledger');
});

test('tables are saved as CSV', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/coverage');
  const rows = readFileSync(await saved(page, () => page.getByRole('button', { name: 'Gaps as CSV' }).click()), 'utf8').trim().split(/\r?\n/);
  const found = await answers(page);
  check(rows.length - 1 >= found.gaps.length, `${rows.length - 1} rows for ${found.gaps.length} gaps`);
  // Text that a spreadsheet would run as a formula is guarded.
  check(!rows.some((line) => /(^|,)"?[=@]/.test(line)), 'a cell begins like a formula');
});

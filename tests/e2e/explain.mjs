// A reviewer explains gaps with the keyboard alone: the note stands in the report, in a saved matter and in matter.toml; leave makes a
// silence vanish; what was explained can be taken back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, give, go, sample, sampleFolder, saved, settled, tabTo } from './page.mjs';
import { audit, check, equal, file, test } from './suite.mjs';

const shot = async (page, name) => {
  if (!process.env.SHOTS) return;
  await page.screenshot({ path: join(process.env.SHOTS, `explain-${name}-1280-light.png`), fullPage: true });
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: join(process.env.SHOTS, `explain-${name}-390-dark.png`), fullPage: true });
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: 'light' });
};

const open = (found) => found.gaps.filter((gap) => gap.class !== 'U' && !gap.explained).length;
const days = (found, gap) => found.coverage.find((row) => row.person === gap.person && row.channel === gap.channel);
// By name: the command line and the page write fields in orders of their own.
const sorted = (of) => of && Object.fromEntries(Object.entries(of).sort());
const same = (gap) => [gap.class, gap.kind, gap.person, gap.channel, gap.from, gap.to, sorted(gap.explained) ?? null];

/// Opens the gap with this id from the list, with the keyboard.
async function choose(page, id) {
  const more = page.locator('section:has(table.gaps) button').filter({ hasText: /^Show/ });
  const link = page.locator(`[data-testid=gap-row] a.n[href*="gap=${id}#"], [data-testid=gap-row] a.n[href*="gap=${id}&"]`).first();
  while (!(await link.count()) && (await more.count())) await more.first().click();
  await link.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction((id) => new URLSearchParams(location.search).get('gap') === id, id);
  await page.locator('#gap').waitFor();
}

/// Fills the form of the open gap with the keyboard; the name only where none stands.
async function explain(page, kind, note) {
  await tabTo(page, '#explain-kind');
  const chosen = () => page.locator('#explain-kind option:checked').innerText();
  for (let step = 0; step < 12 && (await chosen()) !== kind; step += 1) await page.keyboard.press('ArrowDown');
  equal(await chosen(), kind, 'kind chosen with the arrow keys');
  await page.keyboard.press('Tab');
  await page.keyboard.type(note);
  await page.keyboard.press('Tab');
  if (!(await page.locator('#explain-by').inputValue())) await page.keyboard.type('C. Officer');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
}

/// Waits until the focus has come to rest on something.
const rests = (page, what) => page.waitForFunction((what) => document.activeElement?.matches(what) ?? false, what);

test('a gap is explained with the keyboard: note in the report, in the saved matter and on the command line', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const before = await answers(page);
  const gap = before.gaps.find((g) => g.class === 'A' && g.from && g.to && g.person);
  await go(page, '/coverage');
  await choose(page, gap.id);
  // What is missing is said beside the field, and the focus goes there.
  await tabTo(page, '[data-testid=explain-form] button[type=submit]');
  await page.keyboard.press('Enter');
  await rests(page, '#explain-kind');
  equal(await page.locator('#explain-form, [data-testid=explain-form]').locator('[aria-invalid=true]').count(), 3, 'fields that are told they are empty');
  check((await page.locator('#explain-note-wrong').innerText()).includes('Write a note'), 'no word beside the note');
  await shot(page, 'errors');
  // Leave is no explanation for messages that are proved to be missing; it is said before it is set.
  await page.keyboard.type('Leave');
  check((await page.locator('#explain-does').innerText()).includes('stays open'), 'leave on a proved loss says nothing');
  const evil = 'Agreed on 2 March <img src=x onerror=alert(1)>';
  await explain(page, 'Agreed deletion', evil);
  await rests(page, 'button[data-testid=take-back]');
  const panel = page.locator('#gap');
  for (const part of ['Agreed deletion', evil, 'C. Officer']) check((await panel.innerText()).includes(part), `the panel lacks ${part}`);
  equal(await page.getByTestId('explained-row').count(), 1, 'rows of explanations');
  await shot(page, 'explained');
  // Screen, answers and report count the same.
  const after = await answers(page);
  const told = after.gaps.filter((g) => g.explained);
  check(told.some((g) => g.from === gap.from && g.person === gap.person && g.explained.note === evil), 'the answers do not say that it is explained');
  equal(open(after), open(before) - told.length, 'open gaps');
  equal(days(after, gap).gap_days, days(before, gap).gap_days, 'days in gaps: an explanation is not a record');
  await go(page, '/overview');
  check((await page.locator('dl.figs').innerText()).includes(`${told.length} explained`), 'the overview does not count it');
  await go(page, '/report');
  const preview = page.getByTestId('report-preview');
  await page.waitForFunction(() => document.querySelector('[data-testid=report-preview]')?.innerText.includes('Explained by the reviewer'));
  for (const part of [evil, 'C. Officer', 'Agreed deletion']) check((await preview.innerText()).includes(part), `the report lacks ${part}`);
  check(!(await page.locator('img[src="x"]').count()), 'a note became markup');
  await shot(page, 'report');
  // The command line with matter.toml.
  await go(page, '/policy');
  const toml = readFileSync(await saved(page, () => page.getByTestId('save-policy').click()), 'utf8');
  check(toml.includes('[[explained]]'), 'matter.toml lacks the explanation');
  const matter = file('explain/matter.toml', toml);
  const printed = JSON.parse(audit('run', '.', '--matter', matter, '--json', { cwd: sampleFolder() }));
  equal(printed.gaps.map(same), after.gaps.map(same), 'gaps of the command line');
  equal(printed.explained.map(sorted), after.explained.map(sorted), 'explanations of the command line');
  // Saved, and opened in another session.
  await go(page, '/import');
  const path = await saved(page, () => page.getByTestId('save-matter').click());
  const again = await t.open('/import');
  await give(again, 'open-matter', [path]);
  await settled(again, 1);
  equal((await answers(again)).gaps.map(same), after.gaps.map(same), 'gaps of the saved matter');
  await go(again, '/coverage');
  equal(await again.getByTestId('explained-row').count(), 1, 'explanations of the saved matter');
  // Taken back with the keyboard.
  await tabTo(again, '[data-testid=explained-row] button', 2000);
  await again.keyboard.press('Enter');
  await again.waitForFunction(() => !document.querySelector('[data-testid=explained-row]'));
  await rests(again, '#explain-kind');
  equal((await answers(again)).gaps.map(same), before.gaps.map(same), 'gaps after it was taken back');
});

test('leave that is marked on the page makes a silence vanish and its days are covered', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const before = await answers(page);
  const gap = before.gaps.find((g) => g.class === 'B' && g.person && g.kind === 'silence');
  await go(page, '/coverage');
  await choose(page, gap.id);
  await explain(page, 'Leave', 'Parental leave, see HR file');
  await page.getByTestId('explained-row').first().waitFor();
  await rests(page, '[data-testid=explained-row] button, [data-testid=explain] button[data-testid=take-back]');
  check((await page.getByTestId('explained-row').first().innerText()).includes('in the calendar'), 'it is not said that it is in the calendar');
  await shot(page, 'leave');
  const after = await answers(page);
  check(!after.gaps.some((g) => g.class === 'B' && g.person === gap.person && g.channel === gap.channel && g.from === gap.from && g.to === gap.to), 'the silence is still there');
  check(days(after, gap).covered_days > days(before, gap).covered_days, 'no more days are covered');
  // HR and executives read no notes.
  await go(page, '/coverage');
  await page.getByRole('radio', { name: 'Executive' }).check();
  await go(page, '/coverage');
  equal(await page.getByTestId('explained-row').count(), 0, 'explanations an executive reads');
  check(!(await page.locator('main').innerText()).includes('Parental leave'), 'an executive reads the note');
});

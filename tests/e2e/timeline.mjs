// The timeline of all custodians: 6,000 rows in a frame, days in sight by mouse, touch, keys and buttons, filters, groups, paper.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, check, equal, file, scratch, test } from './suite.mjs';
import { answers, give, go, sample, sampleFolder, saved, settled } from './page.mjs';

const shot = async (page, name) => { if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true }); };
const frame = (page) => page.getByTestId('timeline-frame');
const sight = (page) => page.getByTestId('days-in-sight').innerText();
const still = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const length = (text) => { const [from, to] = text.split(' to ').map((day) => Date.parse(day)); return Math.round((to - from) / 864e5) + 1; };

/// A saved matter of 500 custodians on 12 channels, written by the command line.
let volume;
async function large(page) {
  if (!volume) {
    audit('volume', '--messages', '200000', '--write', scratch);
    volume = join(scratch, 'volume.audit');
  }
  await give(page, 'open-matter', [volume]);
  await page.waitForFunction(() => document.querySelector('nav.side a[href^="/coverage"] span')?.textContent, null, { timeout: 120_000 });
  await settled(page, 0);
}

test('timeline and gap list of a large firm: only what is near the sight is drawn', async (t) => {
  const page = await t.open('/import');
  await large(page);
  await page.evaluate(() => {
    window.__long = [];
    new PerformanceObserver((list) => window.__long.push(...list.getEntries().map((entry) => Math.round(entry.duration)))).observe({ entryTypes: ['longtask'] });
  });
  await go(page, '/coverage');
  await frame(page).locator('[role=row]').first().waitFor();
  const table = frame(page).locator('[role=table]');
  const total = Number(await table.getAttribute('aria-rowcount'));
  check(total >= 5000, `${total} lines`);
  check((await frame(page).locator('[role=row]').count()) < 120, 'all lines are drawn');
  await page.evaluate(() => { window.__long = []; });
  // Through the whole frame: what is in sight is drawn, the axis stays on top.
  for (const share of [0.2, 0.5, 0.9, 1]) {
    await frame(page).evaluate((box, share) => { box.scrollTop = (box.scrollHeight - box.clientHeight) * share; }, share);
    await still(page);
    const seen = await frame(page).evaluate((box) => {
      const bounds = box.getBoundingClientRect();
      const rows = [...box.querySelectorAll('[role=row]')].map((row) => ({ at: Number(row.getAttribute('aria-rowindex')), box: row.getBoundingClientRect() }));
      const inside = rows.filter((row) => row.box.bottom > bounds.top && row.box.top < bounds.bottom).map((row) => row.at);
      return { count: rows.length, inside, axis: box.querySelector('.tl-axis').getBoundingClientRect().top - bounds.top };
    });
    check(seen.count < 120, `${seen.count} lines are drawn`);
    check(seen.inside.length >= 10, `only ${seen.inside.length} lines in sight at ${share}`);
    check(seen.inside.every((at, i) => i === 0 || at === seen.inside[i - 1] + 1), `lines in sight are not one after the other: ${seen.inside}`);
    check(Math.abs(seen.axis) <= 2, `the axis stands at ${seen.axis}`);
    if (share === 1) equal(seen.inside.at(-1), total, 'the last line');
  }
  await frame(page).evaluate((box) => { box.scrollTop = 0; });
  await still(page);
  // What has the focus stays in the document, far from the sight.
  const link = frame(page).locator('a[data-days]').first();
  await link.focus();
  const key = await link.getAttribute('data-key');
  await frame(page).evaluate((box) => { box.scrollTop = box.scrollHeight / 2; });
  await still(page);
  equal(await page.evaluate(() => document.activeElement.dataset.key), key, 'what has the focus after scrolling');
  // And the keys lead on from there.
  await page.keyboard.press('ArrowDown');
  await still(page);
  const next = await page.evaluate(() => ({ line: Number(document.activeElement.closest('[data-line]')?.dataset.line), top: document.activeElement.getBoundingClientRect().top }));
  equal(next.line, 2, 'the line below');
  await page.keyboard.press('End');
  await still(page);
  equal(await page.evaluate(() => Number(document.activeElement.closest('[data-line]').dataset.line)), total - 1, 'the line at the end');
  await page.keyboard.press('Home');
  await still(page);
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('+');
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('0');
  await still(page);
  const slow = (await page.evaluate(() => window.__long)).filter((took) => took > 50);
  check(slow.length === 0, `scrolling and zooming kept the page busy for ${slow} ms`);
  await shot(page, 'large-1280');
  // The list of gaps.
  const gaps = Number(await page.locator('table.gaps').getAttribute('aria-rowcount')) - 1;
  check(gaps > 200, `${gaps} gaps`);
  await page.getByTestId('all-gaps').click();
  const list = page.locator('.gaps-frame');
  await list.waitFor();
  await still(page);
  check((await page.getByTestId('gap-row').count()) < 120, 'all gaps are in the document');
  // The height of rows that were never drawn is only known when they are: the end may move once.
  const end = page.locator(`[data-testid=gap-row][aria-rowindex="${gaps + 1}"]`);
  for (let i = 0; i < 3 && !(await end.count()); i += 1) {
    await list.evaluate((box) => { box.scrollTop = box.scrollHeight; });
    await still(page);
  }
  await end.waitFor();
  await list.evaluate((box) => { box.scrollTop = box.scrollHeight / 2; });
  await still(page);
  const rows = await list.evaluate((box) => {
    const bounds = box.getBoundingClientRect();
    return [...box.querySelectorAll('[data-testid=gap-row]')].filter((row) => row.getBoundingClientRect().bottom > bounds.top && row.getBoundingClientRect().top < bounds.bottom).map((row) => Number(row.getAttribute('aria-rowindex')));
  });
  check(rows.length >= 5 && Math.abs(rows[0] - gaps / 2) < gaps / 50 + 10, `rows in the middle: ${rows}`);
  check(rows.every((at, i) => i === 0 || at === rows[i - 1] + 1), `rows are not one after the other: ${rows}`);
  // The order stands in the address, and comes back with it.
  await page.locator('table.gaps').getByRole('button', { name: 'Period' }).click();
  await page.waitForFunction(() => new URLSearchParams(location.search).get('sort') === 'period');
  await page.locator('table.gaps').getByRole('button', { name: 'Period' }).click();
  await page.waitForFunction(() => new URLSearchParams(location.search).get('sort') === '-period');
  equal(await page.locator('table.gaps th[aria-sort]').getAttribute('aria-sort'), 'descending', 'order of the periods');
});

test('days in sight: buttons, keys, wheel, drag and two fingers', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/coverage');
  const whole = await sight(page);
  const days = async () => length(await sight(page));
  const all = await days();
  // Buttons.
  await page.getByTestId('zoom-in').click();
  check(Math.abs((await days()) - all / 2) <= 2, `${await days()} days after the button, of ${all}`);
  const before = await sight(page);
  await page.getByTestId('pan-left').click();
  check((await sight(page)) < before, 'earlier is not earlier');
  await page.getByTestId('pan-right').click();
  equal(await sight(page), before, 'days after going there and back');
  await page.getByTestId('zoom-out').click();
  equal(await sight(page), whole, 'days after zooming out');
  // Keys, on the frame itself.
  await frame(page).focus();
  for (const key of ['+', '+', '+', '+']) await page.keyboard.press(key);
  check((await days()) < all / 10, `${await days()} days after four steps of ${all}`);
  const weeks = await frame(page).locator('.tl-axis').textContent();
  await page.keyboard.press('ArrowRight');
  check((await frame(page).locator('.tl-axis').textContent()) !== weeks, 'the axis does not move');
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('+');
  check(/ (Mon|Tue|Wed|Thu|Fri)/.test(await frame(page).locator('.tl-axis').textContent()), 'no days on the axis');
  await shot(page, 'timeline-days-1280');
  await page.keyboard.press('0');
  equal(await sight(page), whole, 'days after 0');
  // Wheel with Ctrl, about the place of the pointer; without it the frame scrolls.
  await frame(page).scrollIntoViewIfNeeded();
  const box = await frame(page).boundingBox();
  await page.mouse.move(box.x + box.width - 20, box.y + 100);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await page.waitForFunction((whole) => document.querySelector('[data-testid=days-in-sight]').innerText !== whole, whole);
  // The pointer stands a little before the end, and days in sight are whole.
  const apart = Math.abs(Date.parse((await sight(page)).split(' to ')[1]) - Date.parse(whole.split(' to ')[1])) / 86_400_000;
  check(apart <= 2, `the last day, where the pointer was, moved by ${apart} days`);
  // Drag.
  const held = await sight(page);
  await page.mouse.move(box.x + 500, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 700, box.y + 102, { steps: 5 });
  await page.mouse.up();
  check((await sight(page)) < held, 'dragging to the right does not show earlier days');
  equal(await days(), length(held), 'days after dragging');
  equal([new URL(page.url()).pathname, ...new URL(page.url()).searchParams.keys()].filter((name) => name !== 'zoom'), ['/coverage'], 'a drag is no click');
  await frame(page).press('0');
  // Two fingers.
  await frame(page).evaluate((box) => {
    const bounds = box.getBoundingClientRect();
    const send = (type, pointerId, x) => box.dispatchEvent(new PointerEvent(type, { pointerId, pointerType: 'touch', clientX: bounds.left + x, clientY: bounds.top + 80, bubbles: true, button: 0, isPrimary: pointerId === 11 }));
    send('pointerdown', 11, 500);
    send('pointerdown', 12, 600);
    send('pointermove', 11, 450);
    send('pointermove', 12, 650);
    send('pointerup', 11, 450);
    send('pointerup', 12, 650);
  });
  await still(page);
  const pinched = await days();
  check(Math.abs(pinched - all / 2) <= all / 50, `${pinched} days between fingers twice as far apart, of ${all}`);
  await frame(page).press('0');
  // A value under the pointer is a value under the focus; Escape takes it away.
  const gap = frame(page).locator('a[data-gap]').first();
  await gap.focus();
  const said = await page.locator('#timeline .readout').innerText();
  equal(said, await gap.getAttribute('aria-label'), 'the readout');
  await page.keyboard.press('Escape');
  equal(await page.locator('#timeline .readout').innerText(), '', 'the readout after Escape');
  const bounds = await frame(page).locator('[data-line="1"]').boundingBox();
  await page.mouse.move(bounds.x + bounds.width - 60, bounds.y + bounds.height / 2);
  await page.waitForFunction(() => /\d{4}-\d\d-\d\d/.test(document.querySelector('#timeline .readout').innerText));
});

test('days in sight stand in the address: a link, a reload and the way back show them, and moving leaves no trail', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/coverage');
  const asked = () => new URL(page.url()).searchParams.get('zoom');
  const written = async (text) => page.waitForFunction((text) => new URLSearchParams(location.search).get('zoom') === text.replace(' to ', '~'), text);
  const steps = () => page.evaluate(() => history.length);
  const whole = await sight(page);
  equal(asked(), null, 'the whole period in the address');
  const before = await steps();
  // Coming close is one step, whatever is moved then.
  await frame(page).focus();
  await page.keyboard.press('+');
  await written(await sight(page));
  equal(await steps(), before + 1, 'steps of the history after coming close');
  for (const key of ['+', 'ArrowRight', 'ArrowLeft', '+', 'ArrowRight']) {
    await page.keyboard.press(key);
    await written(await sight(page));
  }
  const box = await frame(page).boundingBox();
  await page.mouse.move(box.x + 500, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 600, box.y + 102, { steps: 30 });
  await page.mouse.up();
  const close = await sight(page);
  await written(close);
  equal(await steps(), before + 1, 'steps of the history after moving');
  check(close !== whole, 'nothing is close');
  // What is opened keeps the days: from the list, from the matrix, from the drawing.
  const places = [page.getByTestId('gap-row').nth(2).locator('a'), page.getByTestId('coverage-matrix').locator('a.gap:not(.sel)').first(), frame(page).locator('a[data-gap]:not([aria-current])').last()];
  for (const place of places) {
    await place.focus();
    const old = page.url();
    await page.keyboard.press('Enter');
    await page.waitForFunction((old) => location.href !== old, old);
    equal(await sight(page), close, 'days in sight with a gap open');
    equal(asked(), close.replace(' to ', '~'), 'days in the address of a gap');
  }
  // Filters too.
  await page.getByText('Change filter').click();
  await page.locator('.filter').getByRole('checkbox', { name: 'A Missing' }).check();
  await page.waitForFunction(() => new URLSearchParams(location.search).get('class') === 'A');
  equal(await sight(page), close, 'days in sight with a filter');
  await page.locator('.filter').getByRole('checkbox', { name: 'A Missing' }).uncheck();
  await page.keyboard.press('Escape');
  // Back over what was opened, to the whole period, and forward again.
  for (let i = 0; i < places.length; i += 1) {
    await page.goBack();
    await page.waitForTimeout(100);
    equal(await sight(page), close, `days in sight ${i + 1} steps back`);
  }
  await page.goBack();
  await page.waitForFunction((whole) => document.querySelector('[data-testid=days-in-sight]').innerText === whole, whole);
  await page.goForward();
  await page.waitForFunction((close) => document.querySelector('[data-testid=days-in-sight]').innerText === close, close);
  // Nothing is written after the way back.
  await page.waitForTimeout(500);
  equal([asked(), await sight(page)], [close.replace(' to ', '~'), close], 'address and sight after going forward');
  // A view left while the address has not followed stays left.
  await frame(page).focus();
  await page.keyboard.press('ArrowRight');
  await go(page, '/channels');
  await page.waitForTimeout(500);
  equal([new URL(page.url()).pathname, asked()], ['/channels', null], 'the view that was gone to');
  // A reload, or the link in another window: the page has forgotten its files, not the days.
  const link = `/coverage?zoom=${close.replace(' to ', '~')}`;
  const other = await t.open(link);
  await other.reload();
  await other.locator('main h1').first().waitFor();
  await other.evaluate(() => document.querySelector('nav.side a[href^="/import"]').click());
  await sample(other);
  await other.goBack();
  await other.waitForFunction((close) => document.querySelector('[data-testid=days-in-sight]')?.innerText === close, close);
  // Days of another time, and what is no day, show the whole.
  for (const odd of ['1999-01-01~1999-02-01', 'x', '2026-05-01~2026-04-01']) {
    await other.evaluate((odd) => { history.pushState(null, '', `/coverage?zoom=${odd}`); dispatchEvent(new PopStateEvent('popstate')); }, odd);
    await other.waitForFunction((whole) => document.querySelector('[data-testid=days-in-sight]')?.innerText === whole, whole);
  }
});

test('gaps and rows are filtered by the rule that requires them, in the address', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  // The rule of the sample reaches back five years; one of the firm's own asks for the last quarter only.
  const text = readFileSync(join(sampleFolder(), 'matter.toml'), 'utf8');
  await give(page, 'matter-input', [file('rules/matter.toml', `${text}\n[[rule]]\nid = "the-house-rule"\ntitle = "House rule"\nmonths = 3\n`)]);
  await settled(page, 20);
  const found = await answers(page);
  const rule = found.basis.policies.find((policy) => policy.title === 'House rule');
  check(rule?.required_from > '2026-01-01', `the rule asks from ${rule?.required_from}`);
  const wanted = found.gaps.filter((gap) => !gap.to || gap.to >= rule.required_from);
  check(wanted.length > 0 && wanted.length < found.gaps.length, `${wanted.length} of ${found.gaps.length} gaps are required by it`);
  await go(page, '/coverage');
  const total = async () => Number(await page.locator('table.gaps').getAttribute('aria-rowcount')) - 1;
  equal(await total(), found.gaps.length, 'all gaps');
  await page.getByText('Change filter').click();
  await page.locator('.filter').getByRole('checkbox', { name: 'House rule' }).check();
  await page.waitForFunction(() => new URLSearchParams(location.search).has('rule'));
  equal(await total(), wanted.length, 'gaps required by the house rule');
  // The id of a rule somebody wrote may say anything: it is not in the address.
  check(!page.url().includes('house'), page.url());
  const ids = await frame(page).locator('a[data-gap]').evaluateAll((all) => all.map((a) => a.dataset.gap));
  check(ids.length > 0 && ids.every((id) => wanted.some((gap) => gap.id === id)), `the timeline links ${ids}`);
  const rows = found.coverage.filter((row) => !row.horizon.required_to || row.horizon.required_to >= rule.required_from);
  const people = new Set(rows.map((row) => row.person));
  check((await page.locator('main').innerText()).includes(`${people.size} custodians with days required by House rule`), 'the custodians are not counted');
  const figures = await page.locator('main').innerText();
  check(figures.includes(`House rule asks for records from ${rule.required_from}`), 'what the rule asks for is not said');
  // Together with a class, and with another rule.
  const some = page.locator('.filter').getByRole('checkbox', { name: 'C Not covered' });
  const both = wanted.filter((gap) => gap.class === 'C').length;
  check(both > 0 && both < wanted.length, `${both} of ${wanted.length} gaps are of class C`);
  await some.check();
  await page.waitForFunction(() => new URLSearchParams(location.search).get('class') === 'C');
  equal(await total(), both, 'gaps of class C required by the house rule');
  await some.uncheck();
  await page.waitForFunction(() => !new URLSearchParams(location.search).has('class'));
  await page.locator('.filter').getByRole('checkbox', { name: /^FCA SYSC/ }).check();
  await page.waitForFunction(() => new URLSearchParams(location.search).get('rule')?.includes(','));
  equal(await total(), found.gaps.length, 'gaps required by either rule');
  await shot(page, 'rules-1280');
  await page.keyboard.press('Escape');
  // Leaving the view with filters in the address, and coming back.
  await go(page, '/channels');
  await page.goBack();
  await page.getByRole('button', { name: /^Remove the filter Required by/ }).click();
  await page.waitForFunction(() => location.search === '');
  equal(await total(), found.gaps.length, 'gaps without the filter');
});

test('two copies of one conversation: shares, what only the other holds, links to the gaps, names as elsewhere', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const { copies, gaps } = await answers(page);
  check(copies.length > 0, 'the sample has no copies');
  await go(page, '/coverage');
  const pairs = page.getByTestId('copy-pair');
  equal(await pairs.count(), Math.min(copies.length, 8), 'pairs shown');
  const thin = (text) => text.replaceAll('\u202f', ' ').replaceAll(/\s+/g, ' ');
  for (const [i, pair] of copies.slice(0, 8).entries()) {
    const said = thin(await pairs.nth(i).innerText());
    for (const [side, other] of [[pair.first, pair.second], [pair.second, pair.first]]) {
      check(said.includes(side.custodian), `${side.custodian} is not named in ${said}`);
      check(said.includes(['none', '1 message'][other.only] ?? `${other.only} messages`), `${other.only} is not in ${said}`);
      const { low, mid, high } = side.completeness;
      const cent = (share) => (share > 0.99 && share < 1 ? 99 : Math.round(share * 100));
      check(said.includes(`${cent(mid)} % (${cent(low)} % to ${cent(high)} %)`), `${side.custodian}: ${JSON.stringify(side.completeness)} is not in ${said}`);
    }
    check(said.includes(`${Math.round(pair.total.mid)}`), `the number of messages is not in ${said}`);
  }
  // What is missing leads to the gap that says so.
  const at = copies.findIndex((pair) => pair.first.only > 0);
  const link = pairs.nth(at).getByRole('link', { name: /^Gap of / }).first();
  await link.click();
  await page.waitForFunction(() => new URLSearchParams(location.search).has('gap'));
  const gap = gaps.find((gap) => gap.id === new URL(page.url()).searchParams.get('gap'));
  equal([gap.kind, gap.person], ['other_copy', copies[at].second.person], 'the gap that was opened');
  // Executives read pseudonyms, and no title of a conversation.
  await page.locator('header.top').getByRole('radio', { name: 'Executive' }).first().check({ force: true });
  await go(page, '/coverage');
  const veiled = await page.locator('#copies').evaluate((section) => `${section.textContent} ${[...section.querySelectorAll('[title]')].map((e) => e.title).join(' ')}`);
  check(/Employee \d+/.test(veiled) && !/\.(zip|txt|mbox)/.test(veiled), veiled);
  for (const pair of copies) {
    for (const name of [pair.first.custodian, pair.second.custodian, pair.conversation]) check(!name || !veiled.includes(name), `${name} is shown to an executive`);
  }
  // Another channel: nothing to compare, said with the way out.
  await page.locator('header.top').getByRole('radio', { name: 'Compliance' }).first().check({ force: true });
  await go(page, '/coverage');
  await page.getByText('Change filter').click();
  await page.locator('.filter').getByRole('checkbox', { name: 'Teams' }).check();
  await page.getByTestId('no-copies').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('no-copies').getByRole('button', { name: 'Clear filters' }).click();
  await pairs.first().waitFor();
});

test('gaps are filtered by class and severity, in the address and alike in every part', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const found = await answers(page);
  await go(page, '/coverage');
  await page.getByText('Change filter').click();
  await page.locator('.filter').getByRole('checkbox', { name: 'A Missing' }).check();
  await page.waitForFunction(() => new URLSearchParams(location.search).get('class') === 'A');
  const wanted = found.gaps.filter((gap) => gap.class === 'A');
  const total = async () => Number(await page.locator('table.gaps').getAttribute('aria-rowcount')) - 1;
  equal(await total(), wanted.length, 'gaps of class A');
  check((await page.getByTestId('gap-row').evaluateAll((rows) => rows.every((row) => row.dataset.class === 'A'))), 'another class is in the list');
  check((await page.getByTestId('coverage-matrix').locator('a.gB, a.gC').count()) === 0, 'the matrix marks other gaps');
  check((await page.getByTestId('coverage-matrix').locator('a.gA').count()) > 0, 'the matrix marks no gap of class A');
  const ids = await frame(page).locator('a[data-gap]').evaluateAll((all) => all.map((a) => a.dataset.gap));
  check(ids.length > 0 && ids.every((id) => wanted.some((gap) => gap.id === id)), `the timeline links ${ids}`);
  await page.locator('.filter').getByRole('checkbox', { name: 'Low' }).check();
  await page.waitForFunction(() => new URLSearchParams(location.search).get('severity') === 'low');
  const low = wanted.filter((gap) => gap.severity === 'low');
  if (low.length > 0) equal(await total(), low.length, 'gaps of class A, low');
  else await page.getByText('No gaps for these filters').waitFor();
  await shot(page, 'filtered-1280');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Remove the filter Severity/ }).click();
  await page.waitForFunction(() => !new URLSearchParams(location.search).has('severity'));
  equal(await total(), wanted.length, 'gaps of class A again');
  // A link that is opened keeps the filter, and so does the way back.
  await page.getByTestId('gap-row').first().locator('a').click();
  await page.waitForFunction(() => new URLSearchParams(location.search).has('gap') && new URLSearchParams(location.search).get('class') === 'A');
  // Nothing is left: said, with a way out.
  await page.getByRole('button', { name: /^Remove the filter Class/ }).click();
  const none = ['A', 'B', 'C', 'U'].flatMap((c) => ['high', 'medium', 'low'].map((s) => [c, s])).find(([c, s]) => !found.gaps.some((gap) => gap.class === c && gap.severity === s));
  if (none) {
    await page.getByText('Change filter').click();
    await page.locator('.filter').getByRole('checkbox', { name: new RegExp(`^${none[0]} `) }).check();
    await page.locator('.filter').getByRole('checkbox', { name: new RegExp(none[1], 'i') }).check();
    await page.getByText('No gaps for these filters').waitFor();
    await page.getByText('No row of the timeline for these filters').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('no-gaps').getByRole('button', { name: 'Clear filters' }).click();
    await page.waitForFunction(() => location.search === '');
    equal(await total(), found.gaps.length, 'all gaps');
  }
});

test('custodians by department: sums, folds, and no small group for an executive', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  const found = await answers(page);
  await go(page, '/coverage');
  await page.getByTestId('group-by').selectOption('department');
  await page.waitForFunction(() => new URLSearchParams(location.search).get('group') === 'department');
  const groups = () => page.getByTestId('group-row').evaluateAll((rows) => rows.map((row) => ({ name: row.querySelector('button').innerText, people: Number(/\d+/.exec(row.querySelector('small').innerText)[0]), total: row.querySelector('.tot').innerText })));
  const people = new Map(found.coverage.map((row) => [row.person, row]));
  const sizes = new Map();
  for (const row of people.values()) sizes.set(row.group || 'Not stated', (sizes.get(row.group || 'Not stated') ?? 0) + 1);
  const shown = await groups();
  equal(Object.fromEntries(shown.map((group) => [group.name, group.people]).sort()), Object.fromEntries([...sizes].sort()), 'custodians by department');
  for (const group of shown) {
    const rows = found.coverage.filter((row) => (row.group || 'Not stated') === group.name);
    const share = rows.reduce((sum, row) => sum + row.covered_days, 0) / rows.reduce((sum, row) => sum + row.expected_days, 0);
    check(Math.abs(Number(group.total) - share * 100) <= 1, `${group.name}: ${group.total}, not ${share}`);
  }
  await shot(page, 'grouped-1280');
  // Folds in both.
  const lines = async () => Number(await frame(page).locator('[role=table]').getAttribute('aria-rowcount'));
  const open = await lines();
  await page.getByTestId('group-row').first().getByRole('button').click();
  await page.waitForFunction((open) => Number(document.querySelector('#timeline [role=table]').getAttribute('aria-rowcount')) < open, open);
  equal(await page.getByTestId('group-row').first().getByRole('button').getAttribute('aria-expanded'), 'false', 'the folded group');
  await frame(page).locator('[data-fold]').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction((open) => Number(document.querySelector('#timeline [role=table]').getAttribute('aria-rowcount')) === open, open);
  // An executive: pseudonyms, and every group has at least five.
  await page.locator('header.top').getByRole('radio', { name: 'Executive' }).first().check({ force: true });
  await go(page, '/coverage');
  await page.getByTestId('group-by').selectOption({ index: 1 });
  await page.getByTestId('group-row').first().waitFor();
  const veiled = await groups();
  check(veiled.length > 0 && veiled.every((group) => group.people >= 5), `groups for an executive: ${JSON.stringify(veiled)}`);
  equal(veiled.reduce((sum, group) => sum + group.people, 0), people.size, 'custodians in all groups');
  const text = await page.locator('main').innerText();
  check(![...people.values()].some((row) => text.includes(row.custodian)), 'a custodian is named');
});

test('paper has the worst rows of the timeline, narrow screens have all', async (t) => {
  const page = await t.open('/import');
  await sample(page);
  await go(page, '/coverage');
  for (const [width, scheme] of [[1280, 'light'], [1280, 'dark'], [390, 'light'], [390, 'dark']]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await still(page);
    const drawn = await frame(page).evaluate((box) => ({ svg: box.querySelector('[role=table]').getBoundingClientRect().width, box: box.clientWidth }));
    check(Math.abs(drawn.svg - drawn.box) <= 1, `the drawing is ${drawn.svg} wide in ${drawn.box}`);
    await shot(page, `coverage-${width}-${scheme}`);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  check(!(await frame(page).isVisible()), 'the frame is printed');
  check(await page.locator('.on-paper svg').isVisible(), 'no timeline on paper');
  await shot(page, 'coverage-print');
  await page.emulateMedia({ media: null, forcedColors: 'active' });
  await still(page);
  await shot(page, 'coverage-forced');
  if (process.env.SHOTS) {
    await page.emulateMedia({ media: 'print', forcedColors: 'none' });
    await page.pdf({ path: join(process.env.SHOTS, 'coverage.pdf'), format: 'A4', printBackground: true });
  }
  // The table behind it can be saved.
  await page.emulateMedia({ media: null, forcedColors: null });
  await page.locator('#timeline details.tab summary').click();
  const rows = readFileSync(await saved(page, () => page.locator('#timeline details.tab').getByRole('button', { name: 'Save as CSV' }).click()), 'utf8').trim().split(/\r?\n/);
  check(rows.length > 10, `${rows.length} lines of CSV`);
});

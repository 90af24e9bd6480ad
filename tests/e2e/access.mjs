// Keyboard, themes, narrow screens, and the rules of axe-core on every view with data.
import { axe, check, equal, test } from './suite.mjs';
import { VIEWS, go, sample } from './page.mjs';

test('keyboard: skip link, views by letter, list of keys', async (t) => {
  const page = await t.open('/import');
  await page.keyboard.press('Tab');
  equal(await page.evaluate(() => document.activeElement.className), 'skip', 'first stop');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  for (const [path, , key] of VIEWS) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await page.waitForFunction((path) => location.pathname === path, path);
  }
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).waitFor();
  // A modal dialog: the focus stays inside.
  for (let i = 0; i < 6; i += 1) {
    await page.keyboard.press('Tab');
    check(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null), 'the focus left the dialog');
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Help' }).waitFor({ state: 'hidden' });
  // In a field letters are letters.
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.waitForFunction(() => location.pathname === '/import');
  await page.getByLabel('Name of the matter').focus();
  await page.keyboard.type('go');
  equal(new URL(page.url()).pathname, '/import', 'path after typing');
  // Single keys can be turned off.
  await page.locator('main h1').first().focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.locator('main h1').first().focus();
  await page.keyboard.press('?');
  equal(await page.getByRole('dialog', { name: 'Help' }).count(), 0, 'dialogs when keys are off');
});

test('sample and evidence by keyboard alone', async (t) => {
  const page = await t.open('/import');
  await page.getByTestId('sample-data').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('source-row').nth(20).waitFor();
  await page.locator('[data-testid=import-done]').waitFor({ state: 'attached' });
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.getByTestId('finding-row').first().waitFor();
  await page.getByTestId('finding-row').first().getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('evidence-panel').waitFor();
});

test('theme: system, light, dark, kept over a reload', async (t) => {
  const page = await t.open('/import', { colorScheme: 'light' });
  const shade = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const button = page.getByRole('button', { name: /^Theme: / });
  const light = await shade();
  await button.click();
  await button.click();
  equal(await button.getAttribute('aria-label'), 'Theme: dark', 'theme');
  const dark = await shade();
  check(light !== dark, 'dark is as light as light');
  await page.reload();
  await page.locator('main h1').first().waitFor();
  equal(await shade(), dark, 'shade after a reload');
});

for (const scheme of ['light', 'dark']) {
  test(`no sideways scroll at 390 and 320 pixels, ${scheme}`, async (t) => {
    const page = await t.open('/import', { colorScheme: scheme });
    await sample(page);
    const wide = [];
    for (const path of [...VIEWS.map((view) => view[0]), '/people/']) {
      await page.setViewportSize({ width: 1280, height: 900 });
      if (path === '/people/') await person(page);
      else await go(page, path);
      for (const width of [390, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const found = await page.evaluate(() => {
          const over = document.documentElement.scrollWidth - innerWidth;
          if (over <= 0) return null;
          const guilty = [...document.querySelectorAll('main *, header *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scrolls'));
          const last = guilty.at(-1);
          return `${over} px by ${last?.tagName.toLowerCase()}.${last?.getAttribute('class') ?? ''} “${(last?.textContent ?? '').trim().slice(0, 60)}”`;
        });
        if (found) wide.push(`${path} at ${width}: ${found}`);
      }
    }
    check(wide.length === 0, `sideways scroll:\n${wide.join('\n')}`);
  });

  test(`axe-core finds nothing, ${scheme}`, async (t) => {
    const page = await t.open('/import', { colorScheme: scheme });
    await page.evaluate(axe());
    const found = [];
    const look = async (where) => {
      const broken = await page.evaluate(async () => {
        const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
        return violations.map((v) => ({ id: v.id, impact: v.impact, help: v.help, count: v.nodes.length, nodes: v.nodes.slice(0, 2).map((n) => `${n.target.join(' ')} | ${n.html.slice(0, 160)} | ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''}`) }));
      });
      for (const v of broken) found.push(`${where}: ${v.id} (${v.impact}), ${v.help}, ${v.count} places\n    ${v.nodes.join('\n    ')}`);
    };
    await look('/import, nothing given');
    await sample(page);
    for (const [path] of VIEWS) {
      await go(page, path);
      await look(path);
    }
    await person(page);
    await look('/people/<id>');
    await go(page, '/findings');
    await page.getByTestId('finding-row').first().getByRole('link').first().click();
    await page.getByTestId('evidence-panel').locator('table.ev').waitFor();
    await look('/findings, one open');
    await go(page, '/coverage');
    await page.getByText('Change filter').click();
    await page.locator('#timeline .wide a[data-days]').first().click({ force: true });
    await page.locator('#calendar [data-day]').first().waitFor();
    await look('/coverage, a calendar and the filters open');
    check(found.length === 0, `${found.length} rules broken:\n${found.join('\n')}`);
  });
}

async function person(page) {
  await go(page, '/people');
  await page.getByTestId('leaver-row').first().locator('a').first().click();
  await page.waitForFunction(() => /^\/people\/./.test(location.pathname));
  await page.getByTestId('client-row').first().waitFor();
}

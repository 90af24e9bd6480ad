// Pictures of every view with the sample firm, wide and narrow, light and dark. usage: node tests/e2e/shots.mjs [folder]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { serve } from '../../scripts/serve.mjs';
import { dist, launch } from './suite.mjs';
import { VIEWS, go, sample } from './page.mjs';

const out = process.argv[2] ?? '/tmp/shots';
mkdirSync(out, { recursive: true });
const server = await serve(dist, 0);
const browser = await launch();
for (const colorScheme of ['light', 'dark']) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/import`);
  await page.locator('main h1').first().waitFor();
  const both = async (name) => {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: join(out, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await both('import-empty');
  await sample(page);
  for (const [path] of VIEWS) {
    await go(page, path);
    await both(path.slice(1));
  }
  await go(page, '/people');
  await page.getByTestId('leaver-row').first().locator('a').first().click();
  await page.getByTestId('client-row').first().waitFor();
  await both('person');
  await go(page, '/findings');
  await page.getByTestId('finding-row').first().getByRole('link').first().click();
  await page.getByTestId('evidence-panel').locator('table.ev').waitFor();
  await both('finding-open');
  await context.close();
}
await browser.close();
server.closeAllConnections();
server.close();
console.log(`Pictures in ${out}`);

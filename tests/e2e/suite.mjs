// A small runner: named tests, one browser for all, a fresh context for each. A test fails when it throws, when the page
// writes an error to the console that the test did not announce, or when anything is asked of another origin.
import { createRequire } from 'node:module';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.mjs';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const dist = resolve(process.env.DIST ?? join(root, 'dist'));
const require = createRequire(join(root, '.tools/package.json'));
const { chromium } = require('playwright-core');
export const axe = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const flags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, chromiumSandbox: false, args: flags });

const tests = [];
export const test = (name, body) => tests.push({ name, body });

class Skip extends Error {}
export const skip = (why) => { throw new Skip(why); };

export function check(holds, text) {
  if (!holds) throw new Error(text);
}
export function equal(found, wanted, what) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: found ${a}, expected ${b}`);
}

/// Folder for files made by tests, removed at the end.
export const scratch = mkdtempSync(join(tmpdir(), 'audit-e2e-'));
export function file(name, content) {
  const path = join(scratch, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/// The command line, to compare figures with. `AUDIT=` names another binary.
export function audit(...args) {
  const binary = process.env.AUDIT ?? join(root, 'target/debug/audit');
  if (!existsSync(binary)) execFileSync('cargo', ['build', '--quiet', '--locked', '--bin', 'audit'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const options = typeof args.at(-1) === 'object' ? args.pop() : {};
  try {
    return execFileSync(binary, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  } catch (fault) {
    // 1: findings, 2: some input was not read. Both answer on standard output.
    if (fault.status === 1 || fault.status === 2) return fault.stdout;
    throw fault;
  }
}

/// What one test works with.
class Stage {
  constructor(browser, base) {
    Object.assign(this, { browser, base, contexts: [], pages: [], errors: [], foreign: [], servers: [], expected: [] });
  }

  /// A page in a fresh context, at a path, when the program has started (unless `started: false`).
  async open(path = '/import', options = {}) {
    const { base = this.base, started = true, ...rest } = options;
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...rest });
    context.setDefaultTimeout(20_000);
    this.contexts.push(context);
    const page = await context.newPage();
    this.pages.push(page);
    page.on('console', (message) => message.type() === 'error' && this.errors.push(`${message.text()} (${message.location().url})`));
    page.on('pageerror', (fault) => this.errors.push(`uncaught: ${fault.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(base) && !/^(data|blob):/.test(url)) this.foreign.push(url);
    });
    await page.goto(base + path, { waitUntil: 'load' });
    // The view itself, not what stands in its place while the second part of the program is on its way.
    if (started) await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('[data-testid=view-coming]'), null, { timeout: 20_000 });
    return page;
  }

  /// Errors on the console that belong to the test.
  expect(pattern) {
    this.expected.push(pattern);
  }

  /// A server of the test's own. `at(dir, 0)` gives any free port.
  async serve(start) {
    const server = await start;
    this.servers.push(server);
    return { server, base: `http://127.0.0.1:${server.address().port}` };
  }

  async end() {
    for (const context of this.contexts) await context.close().catch(() => {});
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}

export async function run(only) {
  if (!existsSync(join(dist, 'index.html'))) {
    console.error(`No page in ${dist}: run make dist first.`);
    process.exit(1);
  }
  const server = await serve(dist, 0);
  const browser = await launch();
  const shots = join(root, 'tests/shots');
  rmSync(shots, { recursive: true, force: true });
  let [passed, failed, skipped] = [0, 0, 0];
  for (const { name, body } of tests) {
    if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
    const stage = new Stage(browser, `http://127.0.0.1:${server.address().port}`);
    const begun = performance.now();
    const took = () => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
    try {
      await body(stage);
      const loud = stage.errors.filter((text) => !stage.expected.some((pattern) => pattern.test(text)));
      check(loud.length === 0, `errors on the console:\n${loud.join('\n')}`);
      check(stage.foreign.length === 0, `asked of another origin: ${stage.foreign.join(', ')}`);
      passed += 1;
      console.log(`ok      ${name} (${took()})`);
    } catch (fault) {
      if (fault instanceof Skip) {
        skipped += 1;
        console.log(`skipped ${name}: ${fault.message}`);
      } else {
        failed += 1;
        // The last line of a test in the stack, not of what all tests use.
        const place = [...String(fault.stack).matchAll(/(\w+\.mjs:\d+):\d+/g)].map(([, place]) => place).find((place) => !/^(suite|page)\.mjs/.test(place));
        console.log(`FAILED  ${name} (${took()}${place ? `, ${place}` : ''})\n        ${String(fault.message).replaceAll('\n', '\n        ')}`);
        for (const text of stage.errors) console.log(`        console: ${text}`);
        mkdirSync(shots, { recursive: true });
        for (const [i, page] of stage.pages.entries()) {
          const path = join(shots, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}-${i + 1}.png`);
          const stopped = await page.locator('#crash:not([hidden]) #crash-text').textContent({ timeout: 500 }).catch(() => '');
          if (stopped) console.log(`        ${stopped.split('\n')[0]}`);
          await page.screenshot({ path, fullPage: true, timeout: 10_000 }).then(() => console.log(`        screenshot: ${path}`), () => {});
        }
      }
    }
    await stage.end();
  }
  await browser.close();
  server.closeAllConnections();
  server.close();
  rmSync(scratch, { recursive: true, force: true });
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exit(failed > 0 ? 1 : 0);
}

// Measures our readers in headless Chromium on the corpora of bench/corpora; with PEERS=1 the peers in the same run on the same files,
// interleaved. usage: node benches/run.mjs [corpus ...]   ROUNDS=3 PEERS=1 PAGE=0|1 FORMATS=0|1 READERS=0|1
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createRequire } from 'node:module';

const root = new URL('..', import.meta.url).pathname;
const require = createRequire(join(root, '.tools/package.json'));
const { chromium } = require('playwright-core');
const rounds = Number(process.env.ROUNDS ?? 3);
const withPeers = process.env.PEERS === '1';
const withPage = process.env.PAGE !== '0';
const asked = process.argv.slice(2);

// name, file, how the issue states speed, peers: [name, how much faster ours must be]
const corpora = [
  { id: 'whatsapp', file: '_chat.txt', peers: [['whatsapp-chat-parser', 8]] },
  { id: 'telegram', file: 'result.json', peers: [['JSON.parse', 2], ['serde_json typed', 1]] },
  { id: 'slack', file: 'slack-export.zip', peers: [['fflate + JSON.parse', 2], ['fflate + JSON.parse, TextDecoder', 2], ['zip + serde_json', 1]] },
  { id: 'mbox', file: 'journal.mbox', peers: [['mail-parser', 1.5]] },
  { id: 'csv', file: 'messages.csv', peers: [['PapaParse', 2], ['csv crate', 0.9]] },
].filter((c) => asked.length === 0 || asked.includes(c.id));
// All corpora, as `audit corpus all` lists them, and the formats that have none.
const list = JSON.parse(readFileSync(join(root, 'bench/corpora/corpora.json'), 'utf8'));
const listed = list.corpora.filter((c) => asked.length === 0 || asked.includes(c.id));
for (const c of corpora) c.path = join(root, 'bench/corpora', c.file);
for (const c of corpora) c.mb = statSync(c.path).size / 1e6;

const folders = [
  ['/bench/', join(root, 'benches/harness')],
  ['/peers/', join(root, 'target/peers')],
  ['/whatsapp-chat-parser/', join(root, '.tools/node_modules/whatsapp-chat-parser/dist')],
  ['/fflate/', join(root, '.tools/node_modules/fflate/esm')],
  ['/papaparse/', join(root, '.tools/node_modules/papaparse')],
  ['/', join(root, process.env.DIST ?? 'dist')],
];
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml' };
const server = createServer(async (req, res) => {
  const path = new URL(req.url, 'http://x').pathname;
  const [prefix, folder] = folders.find(([p]) => path.startsWith(p));
  const name = extname(path) ? path.slice(prefix.length) : 'index.html';
  try {
    const body = await readFile(join(folder, name));
    res.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(body);
  } catch {
    res.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;
const profile = mkdtempSync(join(tmpdir(), 'bench-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// --- in the page -------------------------------------------------------------------------------------------------
const inPage = {
  // One worker reads the file: reading, parsing, interning, features, batch; twice, the second time with the program hot, as any
  // file of a format but the first is read. `digest`: another worker digests it meanwhile. The page starts its workers when it stands:
  // the clock begins when they are there.
  ours: async ({ digest }) => {
    const file = document.getElementById('file').files[0];
    const files = JSON.stringify([{ id: 1, path: file.name, folder: false, names: [''], stated: {} }]);
    const started = (kind, want) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/worker_loader.js', { type: 'module' });
        let done;
        const ask = () =>
          new Promise((answered) => {
            done = answered;
            worker.postMessage({ kind, files, handles: [file] });
          });
        worker.onerror = (e) => reject(new Error(e.message));
        worker.onmessage = ({ data }) => {
          if (data.kind === 'ready') resolve({ ask, worker });
          else if (data.kind === want) done(data);
        };
      });
    const workers = await Promise.all([started('read', 'batch'), ...(digest ? [started('digest', 'digest')] : [])]);
    const rounds = [];
    for (let round = 0; round < 2; round += 1) {
      const begun = performance.now();
      const walls = [];
      const said = await Promise.all(workers.map((w, i) => w.ask().then((data) => ((walls[i] = performance.now() - begun), data))));
      const sources = JSON.parse(said[0].sources);
      const error = sources.find((s) => s.error)?.error;
      if (error) throw new Error(`${error.what} ${error.place}`);
      window.__batch = said[0].bytes;
      rounds.push({ ms: said[0].read_ms, wall: Math.max(...walls), digest: walls[1], memory: said[0].memory, records: sources.reduce((n, s) => n + s.records, 0), duplicates: sources.reduce((n, s) => n + s.duplicates, 0), skipped: sources.reduce((n, s) => n + s.skipped.reduce((m, k) => m + k.count, 0), 0), formats: [...new Set(sources.map((s) => s.format))] });
    }
    workers.forEach(({ worker }) => worker.terminate());
    const [first, next] = rounds;
    return { ...next, first: first.ms, first_wall: first.wall, first_digest: first.digest };
  },
  peer: (name) => {
    const file = document.getElementById('file').files[0];
    return new Promise((resolve, reject) => {
      const worker = new Worker('/bench/peers.js', { type: 'module' });
      let first;
      worker.onerror = (e) => reject(new Error(e.message || 'worker'));
      worker.onmessage = ({ data }) => {
        if (data.ready) return worker.postMessage({ name, file });
        if (data.error || first !== undefined) {
          worker.terminate();
          return resolve({ ...data, first });
        }
        first = data.ms;
        worker.postMessage({ name, file });
      };
    });
  },
  // The batch read last goes to a fresh data worker and is asked everything.
  answers: (times) =>
    new Promise((resolve, reject) => {
      const worker = new Worker('/worker_loader.js', { type: 'module' });
      const ms = [];
      let merge;
      worker.onerror = (e) => reject(new Error(e.message));
      worker.onmessage = ({ data }) => {
        if (data.kind === 'ready') {
          worker.postMessage({ kind: 'put', id: 1, bytes: window.__batch, names: '[""]', handles: [document.getElementById('file').files[0]] });
          worker.postMessage({ kind: 'answer' });
        } else if (data.kind === 'answers') {
          merge ??= data.merge_ms;
          ms.push(data.answer_ms);
          // Another first day each time: what was answered is not answered again.
          if (ms.length < times) return worker.postMessage({ kind: 'scope', scope: JSON.stringify({ from: 11_323 + ms.length, to: null, as_of: null, channels: [] }) });
          worker.terminate();
          resolve({ ms, merge, rows: data.rows, dataset: data.dataset_bytes });
        }
      };
    }),
};

const best = (ms) => Math.min(...ms);
const median = (ms) => [...ms].sort((a, b) => a - b)[Math.floor(ms.length / 2)];
const fixed = (n, d = 0) => (n === undefined || Number.isNaN(n) ? '-' : n.toFixed(d));
const row = (cells, widths) => console.log(cells.map((c, i) => (i < 2 ? String(c).padEnd(widths[i]) : String(c).padStart(widths[i]))).join(' '));
let failures = 0;
let wrongs = 0;

// A row for each corpus. What is read must be what was written.
async function formats() {
  const widths = [16, 8, 9, 9, 9, 8, 10, 9];
  console.log(`\nChromium ${context.browser()?.version() ?? ''}, one worker for each run, best of ${rounds} runs of two reads; MB of the file as it is on disk, memory of the WebAssembly after both.`);
  row(['corpus', 'MB', 'records', 'first ms', 'best ms', 'MB/s', 'records/s', 'wasm MB'], widths);
  for (const c of listed) {
    const page = await context.newPage();
    try {
      await page.goto(`${base}/bench/index.html`);
      await page.setInputFiles('#file', join(root, 'bench/corpora', c.file));
      const runs = [];
      for (let i = 0; i < rounds; i++) runs.push(await page.evaluate(inPage.ours, { digest: false }));
      const [first, next, memory] = [best(runs.map((r) => r.first)), best(runs.flatMap((r) => [r.first, r.ms])), Math.max(...runs.map((r) => r.memory))];
      const wrong = runs.find((r) => r.records !== c.records || r.skipped || r.duplicates || !r.formats.includes(c.format));
      row([c.id, fixed(c.bytes / 1e6, 1), c.records, fixed(first), fixed(next), fixed(c.bytes / 1e3 / next), fixed(c.records / next * 1e3), fixed(memory / 1e6, 1)], widths);
      if (wrong) throw new Error(`${wrong.records} records, ${wrong.skipped} skipped, ${wrong.duplicates} doubles, read as ${wrong.formats.slice(0, 5).join(', ')}`);
    } catch (error) {
      console.log(`${c.id}: WRONG: ${error.message}; ${c.records} records of ${c.format} were written`);
      wrongs++;
    }
    await page.close();
  }
  for (const id of asked.length ? [] : list.without) row([id, 'no corpus yet'], widths);
}

async function readers() {
  const widths = [10, 34, 8, 8, 8, 8, 8, 8, 8, 6];
  console.log(`\nChromium ${context.browser()?.version() ?? ''}, one worker, best of ${rounds}${withPeers ? ', peers interleaved' : ''}; MB/s of the file as it is on disk.`);
  console.log('first: the first file after the worker has started; next: the same file once more in the same worker, ours and peers alike. Ratios: peer / ours.');
  row(['corpus', 'reader', 'first ms', 'next ms', 'MB/s', 'records', 'first', 'next', 'asked', ''], widths);
  for (const c of corpora) {
    const page = await context.newPage();
    await page.goto(`${base}/bench/index.html`);
    await page.setInputFiles('#file', c.path);
    const ours = [];
    const theirs = new Map();
    for (let i = 0; i < rounds; i++) {
      ours.push(await page.evaluate(inPage.ours, { digest: false }));
      if (!withPeers) continue;
      for (const name of [...c.peers.map(([n]) => n), 'scan']) {
        const said = await page.evaluate(inPage.peer, name);
        if (said.error) throw new Error(`${name}: ${said.error}`);
        theirs.set(name, [...(theirs.get(name) ?? []), said]);
      }
    }
    const of = (runs) => ({ first: best(runs.map((r) => r.first)), next: best(runs.map((r) => r.ms)) });
    const mine = of(ours);
    row([c.id, 'ours', fixed(mine.first), fixed(mine.next), fixed(c.mb / mine.next * 1e3), ours[0].records, '', '', '', `${fixed(ours[0].memory / 2 ** 20)} MiB of wasm`], widths);
    for (const [name, runs] of theirs) {
      const its = of(runs);
      const need = c.peers.find(([n]) => n === name)?.[1];
      const [first, next] = [its.first / mine.first, its.next / mine.next];
      if (need && (c.peer === undefined || its.first < c.peer)) c.peer = its.first;
      const verdict = need ? (first >= need && next >= need ? 'pass' : first >= need ? 'pass first, MISS next' : next >= need ? 'pass next, MISS first' : 'MISS') : `scan: ours reaches ${fixed(100 * next, 1)} % of it`;
      failures += verdict.includes('MISS') ? 1 : 0;
      row(['', name, fixed(its.first), fixed(its.next), fixed(c.mb / its.next * 1e3), runs[0].count, fixed(first, 2), fixed(next, 2), need ? `${need}` : '', verdict], widths);
    }
    if (c.id !== 'slack') {
      const answers = await page.evaluate(inPage.answers, 5);
      const ms = best(answers.ms);
      row(['', 'all answers over its messages', fixed(median(answers.ms)), fixed(ms), '', answers.rows, '', '', '< 100', `${ms < 100 ? 'pass' : 'MISS'}; merge ${fixed(answers.merge)} ms, ${fixed(answers.dataset / answers.rows, 1)} bytes a message`], widths);
    }
    if (process.env.DIGEST === '0') { await page.close(); continue; }
    const alone = [], both = [];
    for (let i = 0; i < rounds; i++) {
      alone.push(await page.evaluate(inPage.ours, { digest: false }));
      both.push(await page.evaluate(inPage.ours, { digest: true }));
    }
    const wall = (runs, key) => best(runs.map((r) => r[key]));
    const [first, next] = ['first_wall', 'wall'].map((key) => 100 * (wall(both, key) / wall(alone, key) - 1));
    const sign = (n) => `${n >= 0 ? '+' : ''}${fixed(n)} %`;
    row(['', 'with SHA-256 beside it (wall)', fixed(wall(both, 'first_wall')), fixed(wall(both, 'wall')), fixed(c.mb / wall(both, 'digest') * 1e3), '', sign(first), sign(next), '+15%', `${first <= 15 ? 'pass' : 'MISS'} first, ${next <= 15 ? 'pass' : 'MISS'} next; alone ${fixed(wall(alone, 'first_wall'))}, ${fixed(wall(alone, 'wall'))} ms; the digest by itself takes ${fixed(wall(both, 'first_digest'))}, ${fixed(wall(both, 'digest'))} ms beside it`], widths);
    await page.close();
  }
}

async function limit() {
  const page = await context.newPage();
  await page.goto(`${base}/bench/index.html`);
  await page.setInputFiles('#file', corpora[0].path);
  const said = await page.evaluate(inPage.peer, 'scan in memory');
  if (said.error) throw new Error(said.error);
  console.log(`memchr over one window in wasm memory: ${fixed((2000 * Math.min(corpora[0].mb * 1e6, 2 ** 20)) / 1e6 / said.ms, 1)} GB/s`);
  await page.close();
}

// What a change of the dates costs in each view: to the next picture, to the picture with the new figures, the longest task between.
async function redraws(page) {
  const said = [];
  for (const view of ['coverage', 'channels', 'findings']) {
    await page.evaluate((view) => document.querySelector(`nav.side a[href^="/${view}"]`).click(), view);
    await page.locator('[data-testid=filter-from]').waitFor({ state: 'attached' });
    await page.waitForTimeout(1000);
    const took = await page.evaluate(async () => {
      const picture = () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const field = document.querySelector('[data-testid=filter-from]');
      // The day lies before every record: what is counted, and drawn, is all of it.
      field.value = field.value === '2001-01-01' ? '2001-01-02' : '2001-01-01';
      window.__longest_task = 0;
      const known = window.__timings;
      const begun = performance.now();
      field.dispatchEvent(new Event('change', { bubbles: true }));
      await picture();
      const first = performance.now() - begun;
      while (window.__timings === known) await new Promise((later) => setTimeout(later, 1));
      const came = performance.now();
      await picture();
      const drawn = performance.now();
      await new Promise((later) => setTimeout(later, 200));
      return { first, redraw: drawn - came, all: drawn - begun, task: window.__longest_task };
    });
    said.push(`${view} ${fixed(took.first)} ms to the next picture, ${fixed(took.redraw)} ms to draw the new figures (${fixed(took.all)} ms with counting them), longest task ${fixed(took.task)} ms`);
  }
  return `redraw after a filter change: ${said.join('; ')}`;
}

// All corpora dropped at once on the real page.
async function together() {
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.__longest_task = 0;
    new PerformanceObserver((list) => {
      for (const e of list.getEntries()) window.__longest_task = Math.max(window.__longest_task, e.duration);
    }).observe({ type: 'longtask', buffered: true });
  });
  await page.goto(`${base}/`);
  const input = page.locator('input[type=file][multiple]:not([webkitdirectory])').first();
  await input.waitFor({ state: 'attached', timeout: 20000 });
  const begun = Date.now();
  await input.setInputFiles(corpora.map((c) => c.path));
  const total = 199_000 * corpora.length;
  await page.waitForFunction((total) => window.__timings?.messages >= total, total, { timeout: 300_000, polling: 20 });
  const wall = Date.now() - begun;
  const t = await page.evaluate(() => ({ ...window.__timings, longest_task_ms: window.__longest_task }));
  console.log(`\nAll ${corpora.length} at once on the page: ${fixed(wall)} ms to the answers (import ${fixed(t.import_ms)}, merge ${fixed(t.merge_ms)}, answers ${fixed(t.answer_ms)}); longest task of the page ${fixed(t.longest_task_ms)} ms`);
  const memory = t.reads.map(([path, ms, bytes]) => `${path.split('/').pop()} ${fixed(ms)} ms ${fixed(bytes / 2 ** 20)} MiB`);
  console.log(`reads: ${memory.join('; ')}`);
  const together = t.reads.reduce((sum, [, , bytes]) => sum + bytes, t.data_memory);
  console.log(`memory of all WebAssembly together, as if every reader were still there: ${fixed(together / 2 ** 20)} MiB (the worker of the dataset ${fixed(t.data_memory / 2 ** 20)} MiB): ${together < 600 * 2 ** 20 ? 'pass' : 'MISS'}`);
  console.log(`dataset ${fixed(t.dataset_bytes / t.messages, 1)} bytes a message over ${t.messages} messages`);
  console.log(await redraws(page));
  const peers = corpora.every((c) => c.peer) ? corpora.reduce((sum, c) => sum + c.peer, 0) : undefined;
  if (peers) console.log(`fastest peers, parsing alone, one after another: ${fixed(peers)} ms: ${wall < peers ? 'pass' : 'MISS'}`);
  if (peers && wall >= peers) failures++;
  await page.close();
}

try {
  if (withPeers && corpora.length) await limit();
  if (process.env.FORMATS !== '0') await formats();
  if (process.env.READERS !== '0') await readers();
  if (withPage && corpora.length && existsSync(join(folders.at(-1)[1], 'app_bg.wasm'))) await together();
} finally {
  await context.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
if (failures) console.log(`\n${failures} of the asked ratios missed`);
if (wrongs) {
  console.log(`\n${wrongs} corpora: what was read is not what was written`);
  process.exitCode = 1;
}

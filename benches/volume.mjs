// What all answers over a large firm take in the worker: 500 custodians, 12 channels, 6 years, as `audit volume` makes them and saves them.
// usage: make dist && node benches/volume.mjs [messages ...]   ROUNDS=3 DIST=dist AUDIT=target/release/audit
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createRequire } from 'node:module';

const root = new URL('..', import.meta.url).pathname;
const require = createRequire(join(root, '.tools/package.json'));
const { chromium } = require('playwright-core');
const rounds = Number(process.env.ROUNDS ?? 3);
const dist = join(root, process.env.DIST ?? 'dist');
const audit = join(root, process.env.AUDIT ?? 'target/release/audit');
const sizes = process.argv.slice(2).map(Number);
if (sizes.length === 0) sizes.push(1_000_000);
for (const file of [join(dist, 'worker_loader.js'), audit]) {
  if (!existsSync(file)) throw new Error(`${file} is not there: make dist, cargo build --release --bin audit`);
}

const scratch = mkdtempSync(join(tmpdir(), 'volume-'));
const folders = [['/bench/', join(root, 'benches/harness')], ['/', dist]];
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm' };
const server = createServer(async (req, res) => {
  const path = new URL(req.url, 'http://x').pathname;
  const [prefix, folder] = folders.find(([p]) => path.startsWith(p));
  try {
    const body = await readFile(join(folder, path.slice(prefix.length)));
    res.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body);
  } catch {
    res.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// A fresh worker opens the file: its first answers are counted from nothing, the next ones after a change of the dates alone.
const opened = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker('/worker_loader.js', { type: 'module' });
    const ms = [];
    let merge;
    worker.onerror = (e) => reject(new Error(e.message || 'worker'));
    worker.onmessage = async ({ data }) => {
      if (data.kind === 'ready') {
        const bytes = await document.getElementById('file').files[0].arrayBuffer();
        worker.postMessage({ kind: 'open', bytes }, [bytes]);
      } else if (data.kind === 'trouble') {
        reject(new Error(data.what));
      } else if (data.kind === 'answers') {
        merge ??= data.merge_ms;
        ms.push(data.answer_ms);
        // Another first day each time, before every record: what was answered is not answered again.
        if (ms.length < 4) return worker.postMessage({ kind: 'scope', scope: JSON.stringify({ from: 11_323 + ms.length, to: null, as_of: null, channels: [] }) });
        worker.terminate();
        const { coverage, gaps } = JSON.parse(data.answers);
        resolve({ first: ms[0], next: Math.min(...ms.slice(1)), merge, rows: data.rows, memory: data.memory, streams: coverage.length, gaps: gaps.length });
      }
    };
  });

const row = (cells) => console.log(cells.map((c) => String(c).padStart(10)).join(''));
try {
  console.log(`Chromium ${browser.version()}, one worker, ms, best of ${rounds}; first: from nothing; next: after a change of the dates`);
  row(['rows', 'streams', 'gaps', 'merge', 'first', 'next', 'wasm MiB', 'ns/row']);
  for (const messages of sizes) {
    execFileSync(audit, ['volume', '--messages', String(messages), '--write', scratch]);
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/bench/index.html`);
    await page.setInputFiles('#file', join(scratch, 'volume.audit'));
    const runs = [];
    for (let i = 0; i < rounds; i++) runs.push(await page.evaluate(opened));
    const best = (of) => Math.min(...runs.map(of));
    const [{ rows, streams, gaps }, first] = [runs[0], best((r) => r.first)];
    const whole = [best((r) => r.merge), first, best((r) => r.next), best((r) => r.memory) / 2 ** 20, (first * 1e6) / rows].map(Math.round);
    row([rows, streams, gaps, ...whole]);
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
  rmSync(scratch, { recursive: true, force: true });
}

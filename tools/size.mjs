// What a browser fetches of a built page, in bytes as `brotli -q 11` sends them. usage: node tools/size.mjs [folder]
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

/// Bytes of a content as brotli at its best level sends it.
export const packed = (content) => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }).length;

/// Most bytes of scripts, styles and program that the first load may have.
export const LIMIT = 200_000;

/// Fetched beside the first load: the workers, and the views with their styles (start.js) when the page stands.
const VIEWS = /^(views\.wasm|(overview|coverage|channels|people|findings|policy|paper|report|method|print)\.css)$/;
const LATER = (name) => name.startsWith('worker') || VIEWS.test(name);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? 'dist';
  const sizes = readdirSync(folder).filter((name) => /\.(wasm|js|css)$/.test(name)).map((name) => [name, packed(readFileSync(join(folder, name)))]);
  const kb = (test) => (sizes.filter(([name]) => test(name)).reduce((sum, [, size]) => sum + size, 0) / 1000).toFixed(1);
  console.log(`first load ${kb((name) => !LATER(name))} KB with brotli (limit ${LIMIT / 1000}); then views ${kb((name) => VIEWS.test(name))} KB, workers ${kb((name) => name.startsWith('worker'))} KB`);
}

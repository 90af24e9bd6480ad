// Serves a folder of static files on 127.0.0.1. Unknown paths without an extension get the page (deep links).
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.json': 'application/json', '.png': 'image/png' };

export function serve(dir, port) {
  const server = createServer(async (req, res) => {
    const path = normalize(decodeURIComponent(new URL(req.url, 'http://x').pathname));
    const name = extname(path) ? path : 'index.html';
    try {
      const body = await readFile(join(dir, name));
      res.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream', 'cache-control': 'max-age=60' });
      res.end(body);
    } catch {
      res.writeHead(404, { 'content-type': 'text/plain' });
      res.end('not found');
    }
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

if (process.argv[1].endsWith('serve.mjs')) {
  const [dir, port] = [process.argv[2] ?? 'dist', Number(process.argv[3] ?? 8080)];
  await serve(dir, port).catch((e) => { console.error(e.code === 'EADDRINUSE' ? `Port ${port} is in use; choose another: make run PORT=8081` : e.message); process.exit(1); });
  console.log(`Serving on http://127.0.0.1:${port}/`);
}

#!/usr/bin/env bash
# Measures reading of every format natively and in Chromium; PEERS=1 also builds, installs and measures the peers on the same files.
# Corpora are written once to bench/corpora (MESSAGES= changes the size of those compared with peers). An import that is not what was written fails.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$HOME/.cargo/bin:$PWD/.tools/node_modules/.bin:$PATH"
cargo build --quiet --locked --release --bin audit
audit=target/release/audit
mkdir -p bench/corpora
if command -v python3 >/dev/null; then
  python3 tools/corpora.py bench/corpora
else
  echo 'bench: no python3, so no corpora of databases and Outlook items: their rows say so' >&2
fi
"$audit" corpus all bench/corpora --seed 1 ${MESSAGES:+--messages "$MESSAGES"}
wrong=0
"$audit" bench bench/corpora || wrong=$?
scripts/dist.sh
if [ "${PEERS:-0}" = 1 ]; then
  for peer in whatsapp-chat-parser@4.0.2 papaparse@5.7.1 fflate@0.8.3; do
    [ "$(node -p "require('./.tools/node_modules/${peer%@*}/package.json').version" 2>/dev/null)" = "${peer##*@}" ] && continue
    echo "bench: installing the peer $peer from npm" >&2
    npm install --silent --no-audit --no-fund --prefix .tools "$peer" >/dev/null
  done
  # Its own RUSTFLAGS: the peers get simd128 as our readers do.
  (cd benches/peers && RUSTFLAGS="-C target-feature=+simd128" CARGO_TARGET_DIR=../../target/peers-build cargo build --quiet --locked --release --target wasm32-unknown-unknown)
  wasm-bindgen --target web --out-dir target/peers target/peers-build/wasm32-unknown-unknown/release/peers.wasm
  # What Rust switches on by itself, and simd128; more features would be refused by the browser.
  wasm-opt -O3 --enable-simd --enable-bulk-memory --enable-sign-ext --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue \
    target/peers/peers_bg.wasm -o target/peers/peers_bg.wasm
fi
node benches/run.mjs "$@"
exit "$wrong"

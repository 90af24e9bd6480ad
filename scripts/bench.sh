#!/usr/bin/env bash
# Measures reading natively and in Chromium; PEERS=1 also builds, installs and measures the peers on the same files.
# Corpora are written once to bench/corpora (MESSAGES= changes their size, then remove the folder).
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$HOME/.cargo/bin:$PWD/.tools/node_modules/.bin:$PATH"
messages=${MESSAGES:-200000}
cargo build --quiet --locked --release --bin audit
audit=target/release/audit
mkdir -p bench/corpora
for pair in whatsapp:_chat.txt telegram:result.json slack:slack-export.zip mbox:journal.mbox csv:messages.csv; do
  file=bench/corpora/${pair#*:}
  [ -s "$file" ] && continue
  echo "bench: writing $file" >&2
  "$audit" corpus "${pair%%:*}" "$file" --messages "$messages" --seed 1
done
$audit bench bench/corpora
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

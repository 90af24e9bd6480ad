#!/usr/bin/env bash
# Builds the worker alone into a folder, as trunk does for dist/: quick to repeat while working on a reader.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-target/bench}
export PATH="$HOME/.cargo/bin:$PWD/.tools/node_modules/.bin:$PATH"
RUSTFLAGS="-C target-feature=+simd128" cargo build --quiet --locked --release --target wasm32-unknown-unknown --no-default-features --features worker --bin worker
wasm-bindgen --target web --no-typescript --out-dir "$out" target/wasm32-unknown-unknown/release/worker.wasm
# The optimiser takes minutes: OPT=1 asks for it.
[ "${OPT:-0}" = 1 ] && wasm-opt -O3 --enable-simd --enable-bulk-memory --enable-sign-ext --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue "$out/worker_bg.wasm" -o "$out/worker_bg.wasm"
printf "import init from './worker.js'; await init({ module_or_path: './worker_bg.wasm' });\n" > "$out/worker_loader.js"

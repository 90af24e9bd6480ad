#!/usr/bin/env bash
# Builds the release page into dist/ (static files only). One line when it goes well: what a browser loads.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$HOME/.cargo/bin:$PWD/.tools/node_modules/.bin:$PATH"
mkdir -p target
# What the lock file names, for all targets: the build itself asks no registry.
cargo fetch --locked --quiet
# simd128: every current browser has it; byte search is several times faster with it.
if ! RUSTFLAGS="-C target-feature=+simd128" trunk build --release --offline >target/dist.log 2>&1; then
  cat target/dist.log >&2
  echo 'dist: the build failed, see above' >&2
  exit 1
fi
node tools/size.mjs dist

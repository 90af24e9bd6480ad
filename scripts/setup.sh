#!/usr/bin/env bash
# Installs what a target needs and nothing that is there already. Quiet when there is nothing to do; one line per install.
# usage: scripts/setup.sh build|test|bench
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-build}
say() { printf 'setup: %s\n' "$*" >&2; }
export PATH="$HOME/.cargo/bin:$PWD/.tools/node_modules/.bin:$PATH"

apt_install() { # packages
  local missing=()
  for p in "$@"; do dpkg -s "$p" >/dev/null 2>&1 || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "installing ${missing[*]} with apt-get"
  local sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "${missing[@]}" >/dev/null
}

command -v cargo >/dev/null || { say "Rust is missing: install rustup first (https://rustup.rs)"; exit 1; }
command -v cc >/dev/null || apt_install gcc libc6-dev
if ! rustup target list --installed 2>/dev/null | grep -q wasm32-unknown-unknown; then
  say "adding the target wasm32-unknown-unknown (the page and its worker are WebAssembly)"
  rustup target add wasm32-unknown-unknown >/dev/null 2>&1
fi
if ! command -v trunk >/dev/null || [ "$(trunk --version 2>/dev/null)" != "trunk 0.21.14" ]; then
  say "building trunk 0.21.14 (bundles the page; about 3 minutes)"
  CARGO_TARGET_DIR="$PWD/target/tools" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
    cargo install --quiet --locked trunk --version 0.21.14 --force
fi
bindgen=$(awk '/^name = "wasm-bindgen"$/{getline; gsub(/[^0-9.]/,"",$3); print $3}' Cargo.lock)
if [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $bindgen" ]; then
  say "building wasm-bindgen-cli $bindgen (must equal the library; about 4 minutes)"
  # Without --locked: one of its locked dependencies is not to be had.
  CARGO_TARGET_DIR="$PWD/target/tools" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install --quiet wasm-bindgen-cli --version "$bindgen" --force
fi
command -v npm >/dev/null || apt_install nodejs npm
npm_install() { # name@version
  local name=${1%@*} version=${1##*@}
  [ "$(node -p "require('./.tools/node_modules/$name/package.json').version" 2>/dev/null)" = "$version" ] && return 0
  say "installing $1 from npm"
  mkdir -p .tools
  [ -f .tools/package.json ] || echo '{"private":true}' > .tools/package.json
  npm install --silent --no-audit --no-fund --prefix .tools "$1" >/dev/null
}
# wasm-opt: Debian's binaryen (108) breaks the module, the npm package works.
npm_install binaryen@132.0.0

if [ "$want" = test ] || [ "$want" = bench ]; then
  apt_install chromium chromium-driver
  npm_install playwright-core@1.64.1
  [ "$want" = test ] && npm_install axe-core@4.14.1
fi
true

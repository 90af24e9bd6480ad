#!/bin/sh
# What trunk leaves to be done: splits the page's program in two, and puts a copy of the page under every path, so that a reload works
# on any static host; 404.html serves `/people/<id>`.
set -eu
root=$PWD
cd "${TRUNK_STAGING_DIR:-dist}"
if [ "${TRUNK_PROFILE:-release}" = release ]; then
    linked="${CARGO_TARGET_DIR:-$root/target}/wasm32-unknown-unknown/page/app.wasm"
    node "$root/tools/split.mjs" "$linked" app_bg.wasm first.wasm second.wasm
    wasm-opt -Oz first.wasm -o app_bg.wasm
    wasm-opt -Oz second.wasm -o views.wasm
    rm first.wasm second.wasm
else
    # Whole: an empty module says that the views are here.
    printf '\0asm\1\0\0\0' > views.wasm
fi
# Trunk leaves its own marks in place when it injects no script.
sed -i 's/<link[^>]*data-trunk[^>]*>//g' index.html
for path in import overview coverage channels people findings report method; do
    mkdir -p "$path"
    cp index.html "$path/index.html"
done
cp index.html 404.html

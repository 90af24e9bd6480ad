#!/bin/sh
# Puts a copy of the page under every path, so that a reload works on any static host; 404.html serves `/people/<id>`.
set -eu
cd "${TRUNK_STAGING_DIR:-dist}"
# Trunk leaves its own marks in place when it injects no script.
sed -i 's/<link[^>]*data-trunk[^>]*>//g' index.html
for path in import overview coverage channels people findings report method; do
    mkdir -p "$path"
    cp index.html "$path/index.html"
done
cp index.html 404.html

#!/usr/bin/env bash
# Runs one fuzz target for some seconds, seeded with the fixtures. usage: scripts/fuzz.sh TARGET SECONDS
# TARGET: the id of a format (audit formats), or folder, sniff, archive, batch, lists, answers; or `all`, each of them for so long.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$HOME/.cargo/bin:$PATH"
target=${1:-} seconds=${2:-60}
others="folder sniff archive batch lists answers"
formats=$(find tests/formats -mindepth 1 -maxdepth 1 -type d ! -name zip ! -name broken -exec basename {} \; | sort)
if [ "$target" = all ]; then
  for one in $formats $others; do "$0" "$one" "$seconds"; done
  exit
fi
case " $(echo $formats) $others " in *" ${target:-?} "*) ;; *)
  echo "fuzz: choose a target, make fuzz T=<target> S=<seconds>:" $formats $others all >&2
  exit 2 ;;
esac
command -v c++ >/dev/null || { echo 'setup: installing g++ (libFuzzer is C++)' >&2; apt-get install -y -qq g++ >/dev/null; }
command -v cargo-fuzz >/dev/null || { echo 'setup: building cargo-fuzz' >&2; cargo install --quiet cargo-fuzz; }
seeds=target/fuzz-seeds/$target
rm -rf "$seeds" && mkdir -p "$seeds" "fuzz/corpus/$target"
bin=$target
case $target in
  # A fixture that is a folder becomes a tar of its files.
  folder) find tests/formats -type d -name "*.folder" | while read -r f; do tar --format=ustar -C "$f" -cf "$seeds/$(echo "$f" | tr / _).tar" .; done ;;
  sniff | answers) find tests/formats -type f -size -64k -exec cp {} "$seeds/" \; ;;
  archive) find tests/formats/zip -type f -size -64k -exec cp {} "$seeds/" \; ;;
  lists) find tests/lists -type f -size -64k -exec cp {} "$seeds/" \; 2>/dev/null || true ;;
  batch) ;;
  *) bin=format; find "tests/formats/$target" -type f -size -256k -exec cp --backup=numbered {} "$seeds/" \; ;;
esac
# Coverage instrumentation on the stable compiler; no sanitizer is needed where unsafe code is forbidden.
FORMAT=$target RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none -O "$bin" "fuzz/corpus/$target" "$seeds" -- \
  -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1

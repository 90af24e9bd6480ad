#!/usr/bin/env bash
# Runs one fuzz target for some seconds, seeded with the fixtures. usage: scripts/fuzz.sh TARGET SECONDS
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$HOME/.cargo/bin:$PATH"
target=${1:-} seconds=${2:-60}
if [ -z "$target" ] || [ ! -f "fuzz/fuzz_targets/$target.rs" ]; then
  echo "fuzz: choose a target, make fuzz T=<target> S=<seconds>: $(ls fuzz/fuzz_targets | sed 's/\.rs$//' | tr '\n' ' ')" >&2
  exit 2
fi
command -v c++ >/dev/null || { echo 'setup: installing g++ (libFuzzer is C++)' >&2; apt-get install -y -qq g++ >/dev/null; }
command -v cargo-fuzz >/dev/null || { echo 'setup: building cargo-fuzz' >&2; cargo install --quiet cargo-fuzz; }
seeds=target/fuzz-seeds/$target
mkdir -p "$seeds" "fuzz/corpus/$target"
# Fixtures as seeds; the folder of a format has its id, targets use short names.
find tests/formats -type f \( -path "*/$target*/*" -o -path "*/zip/*" \) -size -64k -exec cp -n {} "$seeds/" \; 2>/dev/null || true
[ "$target" = sniff ] && find tests/formats -type f -size -64k -exec cp -n {} "$seeds/" \;
# Coverage instrumentation on the stable compiler; no sanitizer is needed where unsafe code is forbidden.
RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none -O "$target" "fuzz/corpus/$target" "$seeds" -- -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1

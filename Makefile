# The commands of the project. Each installs what is missing, says in one line what and why, and is quiet otherwise.
SHELL := bash
PORT ?= 8080
S ?= 60
export PATH := $(HOME)/.cargo/bin:$(CURDIR)/.tools/node_modules/.bin:$(PATH)

.PHONY: run test dist bench fuzz quality fmt native browser

run: dist            ## builds the release page and serves it on http://127.0.0.1:8080/ (PORT= changes it)
	@node scripts/serve.mjs dist $(PORT)

dist:                ## the deployable folder dist/: static files only
	@scripts/setup.sh build
	@scripts/dist.sh

test: native dist browser   ## format, lints, native tests, then the release page in a real headless Chromium

native:
	@scripts/setup.sh test
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --target wasm32-unknown-unknown --no-default-features --features worker --bin worker -- -D warnings
	cargo clippy --locked --target wasm32-unknown-unknown --no-default-features --features ui --bin app -- -D warnings
	cargo test --locked
	RUSTFLAGS="-C target-feature=+simd128" CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
	  cargo test --locked --target wasm32-unknown-unknown --no-default-features --features worker --test vectors

browser:
	@scripts/setup.sh test
	cargo build --locked --quiet --bin audit
	node tests/e2e/run.mjs

bench:               ## a row for each format, native and in Chromium: MB/s, records/s, peak memory; PEERS=1 installs and runs the peers on the same files
	@scripts/setup.sh bench
	@scripts/bench.sh

fuzz:                ## one fuzz target: make fuzz T=whatsapp S=600
	@scripts/fuzz.sh "$(T)" "$(S)"

quality:             ## detection on planted truth
	@cargo run --quiet --release --bin audit -- quality

fmt:
	cargo fmt

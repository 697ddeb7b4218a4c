#!/bin/sh
# Fuzzes every parser of strangers' bytes for a while; only with ./test --long, and only where
# cargo-fuzz and a nightly toolchain are. The same functions run as property tests in every suite.
set -eu
[ "${SHANJI_LONG:-0}" = 1 ] || { echo "模糊测试只在 --long 时运行。 / fuzzing runs with --long only."; exit 0; }
seconds=${SHANJI_FUZZ_SECONDS:-30}
loud() {
    printf '\n!! %s\n!! %s\n\n' "$1" "$2"
    exit 0
}
command -v cargo-fuzz >/dev/null 2>&1 ||
    loud "没有 cargo-fuzz，模糊测试没有运行；请执行 cargo install cargo-fuzz。" \
        "SKIPPED: cargo-fuzz is absent, NOTHING WAS FUZZED. The property tests ran instead."
cargo +nightly --version >/dev/null 2>&1 ||
    loud "没有 nightly 工具链，模糊测试没有运行；请执行 rustup toolchain install nightly。" \
        "SKIPPED: no nightly toolchain, NOTHING WAS FUZZED. The property tests ran instead."
cd "$(dirname "$0")/../.."
for target in fuzz/fuzz_targets/*.rs; do
    name=$(basename "$target" .rs)
    echo "== $name, $seconds s"
    cargo +nightly fuzz run "$name" -- -max_total_time="$seconds" -max_len=4096
done

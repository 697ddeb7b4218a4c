#!/bin/sh
# Fuzzes every parser of strangers' bytes for a while; only with ./test --long. The same functions run as property
# tests in every suite.
set -eu
[ "${SHANJI_LONG:-0}" = 1 ] || { echo "模糊测试只在 --long 时运行。 / fuzzing runs with --long only."; exit 0; }
seconds=${SHANJI_FUZZ_SECONDS:-30}
# libFuzzer is C++.
command -v c++ >/dev/null 2>&1 || {
    # shellcheck source=scripts/need.sh
    . "$(dirname "$0")/../../scripts/need.sh"
    need_packages g++
}
command -v cargo-fuzz >/dev/null 2>&1 || cargo install --quiet --locked cargo-fuzz
# Instrumenting needs what only a nightly compiler offers of itself; a stable one does the same where it is allowed to.
cargo_here=cargo
if cargo +nightly --version >/dev/null 2>&1; then
    cargo_here="cargo +nightly"
else
    export RUSTC_BOOTSTRAP=1
fi
cd "$(dirname "$0")/../.."
for target in fuzz/fuzz_targets/*.rs; do
    name=$(basename "$target" .rs)
    echo "== $name, $seconds s"
    # shellcheck disable=SC2086  # the toolchain is a word of its own
    $cargo_here fuzz run "$name" -- -max_total_time="$seconds" -max_len=4096
done

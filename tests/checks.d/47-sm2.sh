#!/bin/sh
# Do two implementations agree on SM2 and SM3? What ours signs OpenSSL believes, and the other way round.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
command -v openssl >/dev/null 2>&1 || need_packages openssl
cargo test --quiet --locked -p tlog --lib shangmi -- --include-ignored

#!/bin/sh
# Does the province come back from a backup of any day? The tests cut it every 23 days; here every second day.
# Only with ./test --long; alone: SHANJI_LONG=1 tests/checks.d/46-recover.sh
set -eu
[ -n "${SHANJI_LONG:-}" ] || { echo "逐日恢复只在 --long 时运行。 / recovery day by day runs with --long only."; exit 0; }
cd "$(dirname "$0")/../.."
SHANJI_RECOVER_DAYS=2 cargo test --quiet --locked -p shanji --bin shanji recover::tests::province

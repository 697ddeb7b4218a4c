#!/bin/sh
# Is a promise ever lost when the disk fails? strace lets each system call for the files of the house fail once (EIO,
# ENOSPC, SIGKILL); afterwards the house is started again, must keep what it promised, and must pass its audit.
# Only with ./test --long, because a case takes seconds; alone: SHANJI_LONG=1 tests/checks.d/45-faults.sh
set -eu
[ -n "${SHANJI_LONG:-}" ] || { echo "故障矩阵只在 --long 时运行。 / the fault matrix runs with --long only."; exit 0; }
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
command -v strace >/dev/null 2>&1 || need_packages strace
places=${SHANJI_FAULT_PLACES:-12}

cargo build --quiet --locked -p shanji
program=${CARGO_TARGET_DIR:-target}/debug/shanji
for written in gifts entries long; do
    printf '== %s, at most %s places of each system call\n' "$written" "$places"
    "$program" bench faults --written "$written" --most "$places"
done

if [ -z "${SHANJI_TEST_PG:-}" ]; then
    printf '!! SKIPPED: kills at every step on PostgreSQL, SHANJI_TEST_PG is not set.\n'
    exit 0
fi
# A schema of its own in the throw-away database for each.
for written in gifts entries; do
    schema=shanji_faults_${written}_$$
    psql --quiet --no-psqlrc "$SHANJI_TEST_PG" --command "CREATE SCHEMA $schema"
    case $SHANJI_TEST_PG in *\?*) mark='&' ;; *) mark='?' ;; esac
    printf '== PostgreSQL, %s, killed at most at %s places of each system call\n' "$written" "$places"
    "$program" bench faults --written "$written" --most "$places" \
        --database "$SHANJI_TEST_PG${mark}options=-c%20search_path%3D$schema"
done

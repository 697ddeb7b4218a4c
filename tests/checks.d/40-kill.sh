#!/bin/sh
# Is an acknowledged gift ever lost? The server is killed under load, started again and asked, round after round.
# 5 rounds in ./test, 50 in ./test --long; on PostgreSQL too if one is to hand.
set -eu
cd "$(dirname "$0")/../.."
rounds=5
[ -z "${SHANJI_LONG:-}" ] || rounds=50

cargo build --quiet --locked -p shanji
program=${CARGO_TARGET_DIR:-target}/debug/shanji
printf '== SQLite: %s kills\n' "$rounds"
"$program" bench crash --rounds "$rounds"

if [ -z "${SHANJI_TEST_PG:-}" ]; then
    printf '!! SKIPPED: kills on PostgreSQL, SHANJI_TEST_PG is not set.\n'
    exit 0
fi
printf '== PostgreSQL: %s kills\n' "$rounds"
# A schema of its own in the throw-away database.
schema=shanji_kill_$$
psql --quiet --no-psqlrc "$SHANJI_TEST_PG" --command "CREATE SCHEMA $schema"
case $SHANJI_TEST_PG in *\?*) mark='&' ;; *) mark='?' ;; esac
"$program" bench crash --rounds "$rounds" --database "$SHANJI_TEST_PG${mark}options=-c%20search_path%3D$schema"

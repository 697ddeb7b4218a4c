#!/bin/sh
# A PostgreSQL that lives as long as a test run: `start` makes one in a
# temporary folder and prints its URL, `stop FOLDER|URL` ends and deletes it.
#
#   url=$(crates/db/tests/throwaway-postgres.sh start)
#   SHANJI_TEST_PG=$url cargo test -p db
#   crates/db/tests/throwaway-postgres.sh stop "$url"
#
# It never flushes to disk and trusts everybody on this machine: only for tests.
# As root it runs as the user `postgres` (or `nobody`), for the server refuses root.
set -eu

fail() { echo "throwaway-postgres: $*" >&2; exit 1; }

# The newest installed server wins; $PG_BIN overrules.
bin_folder() {
    if [ -n "${PG_BIN:-}" ]; then echo "$PG_BIN"; return; fi
    newest=""
    for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /usr/local/pgsql/bin; do
        if [ -x "$folder/initdb" ]; then newest=$folder; fi
    done
    if [ -z "$newest" ]; then
        path=$(command -v initdb) || fail "no PostgreSQL server found; install one (Debian: apt-get install postgresql)"
        newest=$(dirname "$path")
    fi
    echo "$newest"
}

owner() {
    if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

# Runs a command as somebody who is not root.
as_owner() {
    if [ "$(id -u)" -ne 0 ]; then "$@"; return; fi
    if command -v runuser >/dev/null 2>&1; then
        runuser -u "$(owner)" -- "$@"
    elif command -v setpriv >/dev/null 2>&1; then
        setpriv --reuid "$(owner)" --clear-groups -- "$@"
    else
        fail "as root, runuser or setpriv is needed"
    fi
}

start() {
    bin=$(bin_folder)
    folder=$(mktemp -d "${TMPDIR:-/tmp}/shanji-pg.XXXXXX")
    if [ "$(id -u)" -eq 0 ]; then chown "$(owner)" "$folder"; fi
    cd "$folder"
    as_owner "$bin/initdb" -D "$folder/data" -U shanji -A trust -E UTF8 \
        --locale=C --no-sync >"$folder/initdb.log" 2>&1 \
        || { cat "$folder/initdb.log" >&2; rm -rf "$folder"; fail "initdb failed"; }
    cat >>"$folder/data/postgresql.conf" <<CONF
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
log_min_messages = warning
autovacuum = off
CONF
    # A port is free when the server can take it; a few are tried.
    try=0
    port=$(( 20000 + $$ % 20000 ))
    while [ "$try" -lt 20 ]; do
        if as_owner "$bin/pg_ctl" -D "$folder/data" -s -w -t 30 -o "-p $port" \
            -l "$folder/server.log" start >/dev/null 2>&1; then
            echo "postgres://shanji@127.0.0.1:$port/postgres?application_name=$(basename "$folder")"
            return
        fi
        try=$(( try + 1 ))
        port=$(( port + 1 ))
    done
    cat "$folder/server.log" >&2
    rm -rf "$folder"
    fail "the server did not start"
}

stop() {
    bin=$(bin_folder)
    folder=$1
    case $1 in
        postgres://*application_name=*)
            name=${1##*application_name=}
            folder="${TMPDIR:-/tmp}/${name%%&*}" ;;
    esac
    # Only what `start` has made may be deleted.
    case $(basename "$folder") in
        shanji-pg.*) ;;
        *) fail "not one of ours: $folder" ;;
    esac
    if [ ! -d "$folder" ]; then return; fi
    cd /
    as_owner "$bin/pg_ctl" -D "$folder/data" -s -w -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}

case "${1:-}" in
    start) start ;;
    stop) [ $# -eq 2 ] || fail "usage: throwaway-postgres.sh stop URL"; stop "$2" ;;
    *) fail "usage: throwaway-postgres.sh start | stop URL" ;;
esac

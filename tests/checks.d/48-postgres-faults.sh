#!/bin/sh
# Is a promise ever lost when PostgreSQL's own disk fails? strace lets the calls of a throw-away PostgreSQL for its files
# fail (EIO, ENOSPC, SIGKILL); it is stopped at once and started from its disk, and the house must keep what it promised
# and pass its audits. After that its disk is a small one that fills up for real.
# Only with ./test --long; alone: SHANJI_LONG=1 tests/checks.d/48-postgres-faults.sh
set -eu
[ -n "${SHANJI_LONG:-}" ] || { echo "PostgreSQL 的故障矩阵只在 --long 时运行。 / the fault matrix of PostgreSQL runs with --long only."; exit 0; }
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/need.sh
. scripts/need.sh
command -v strace >/dev/null 2>&1 || need_packages strace
bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort | tail -n 1)
if [ -z "$bin" ] || [ "$(id -u)" -ne 0 ]; then
    printf '!! SKIPPED: faults of the disk under PostgreSQL want its programs and the rights of root.\n'
    exit 0
fi
places=${SHANJI_FAULT_PLACES:-3}

[ -n "${SHANJI_PROGRAM:-}" ] || cargo build --quiet --locked -p shanji
program=${SHANJI_PROGRAM:-${CARGO_TARGET_DIR:-target}/debug/shanji}
try=$(mktemp -d)
chmod 755 "$try"
disk=
server=
stop() {
    [ -z "$server" ] || kill -9 "$server" 2>/dev/null || :
    runuser -u postgres -- "$bin/pg_ctl" -D "$try/cluster" -m immediate stop >/dev/null 2>&1 || :
    [ -z "$disk" ] || runuser -u postgres -- "$bin/pg_ctl" -D "$disk/cluster" -m immediate stop >/dev/null 2>&1 || :
    [ -z "$disk" ] || umount "$disk" || :
    rm -rf "$try"
}
trap stop EXIT INT TERM

# begin FOLDER PORT: a cluster of its own that listens in its own folder only
begin() {
    mkdir -p "$1"
    chown postgres "$1"
    runuser -u postgres -- "$bin/initdb" -D "$1/cluster" -A trust -E UTF8 --locale=C --no-instructions --wal-segsize=1 >/dev/null
    printf "listen_addresses='127.0.0.1'\nport=%s\nunix_socket_directories='%s'\nmax_wal_size=4MB\nmin_wal_size=2MB\nshared_buffers=4MB\n" \
        "$2" "$1" >>"$1/cluster/postgresql.conf"
    runuser -u postgres -- "$bin/pg_ctl" -D "$1/cluster" -l "$1/server.log" -w start >/dev/null
}

port=${SHANJI_FAULT_PORT:-54329}
begin "$try" "$port"
restart="runuser -u postgres -- $bin/pg_ctl -D $try/cluster -m immediate stop; runuser -u postgres -- $bin/pg_ctl -D $try/cluster -l $try/server.log -w start"
for written in gifts entries; do
    psql --quiet --no-psqlrc "postgres://postgres@127.0.0.1:$port/postgres" --command "CREATE DATABASE $written"
    printf '== PostgreSQL, its own calls, %s, at most %s places of each\n' "$written" "$places"
    "$program" bench faults --written "$written" --most "$places" \
        --database "postgres://postgres@127.0.0.1:$port/$written" \
        --cluster-pid "$try/cluster/postmaster.pid" --cluster-restart "$restart"
done

# A disk that fills up for real: a file system of 96 MB in memory, filled by another file until nothing is left.
disk=$try/small
mkdir "$disk"
if ! mount -t tmpfs -o size=96m tmpfs "$disk" 2>/dev/null; then
    printf '!! SKIPPED: a disk that is full, this machine lets nobody mount one.\n'
    disk=
    exit 0
fi
printf '== PostgreSQL on a disk that is full\n'
chown postgres "$disk"
begin "$disk" $((port + 1))
url=postgres://postgres@127.0.0.1:$((port + 1))/postgres
serve() {
    "$program" serve --test-log --origin faults.example/full --data "$try/house" --database "$url" \
        --listen 127.0.0.1:$((port + 2)) >>"$try/house.log" 2>&1 &
    server=$!
    tries=0
    until curl -fsS -o /dev/null "http://127.0.0.1:$((port + 2))/log/checkpoint" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || { cat "$try/house.log"; die "the house does not start"; }
        sleep 0.3
    done
}
at=http://127.0.0.1:$((port + 2))
# add N: writes entries, keeps the promised ones, counts what was refused
promised=0 refused=0
add() {
    n=0
    while [ "$n" -lt "$1" ]; do
        n=$((n + 1))
        head -c 30000 /dev/urandom | base64 -w 0 >"$try/entry"
        code=$(curl -s -o "$try/answer" -w '%{http_code}' --data-binary "@$try/entry" "$at/log/add" || :)
        case $code in
            200) promised=$((promised + 1)); sha256sum <"$try/entry" | sed "s/^/$(cat "$try/answer") /" >>"$try/promised" ;;
            503 | 429) refused=$((refused + 1)) ;;
            *) die "an answer of $code" ;;
        esac
    done
}
serve
add 20
cat /dev/zero >"$disk/filler" 2>/dev/null || :
add 60
printf 'full: promised %s, refused %s\n' "$promised" "$refused"
[ "$refused" -gt 0 ] || die "a full disk was not noticed"
rm "$disk/filler"
runuser -u postgres -- "$bin/pg_ctl" -D "$disk/cluster" -m immediate stop >/dev/null 2>&1 || :
runuser -u postgres -- "$bin/pg_ctl" -D "$disk/cluster" -l "$disk/server.log" -w start >/dev/null
kill -9 "$server"
wait "$server" 2>/dev/null || :
serve
add 3
# everything that was promised is signed before it is audited: the first leaf and the entries
tries=0
until [ "$(curl -fsS "$at/log/checkpoint" | sed -n 2p)" -gt "$promised" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { tail -n 5 "$try/house.log"; curl -s "$at/log/checkpoint"; die "the entries are not signed, $promised promised"; }
    sleep 0.3
done
vkey=$(curl -fsS "$at/log/vkey")
"$program" audit "$at/log/" --vkey "$vkey"
lost=0
while read -r index digest _; do
    got=$(psql --no-psqlrc -At "$url" --command "SELECT encode(sha256(bytes), 'hex') FROM log_leaf WHERE idx = $index")
    [ "$got" = "$digest" ] || { lost=$((lost + 1)); echo "lost: $index"; }
done <"$try/promised"
kill -TERM "$server"
wait "$server" 2>/dev/null || :
[ "$lost" -eq 0 ] || die "$lost entries that were promised are gone"
printf 'after it: promised %s, all there\n' "$promised"

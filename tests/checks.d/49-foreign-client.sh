#!/bin/sh
# Can programs that we did not write read our log, sign it, and be signed by us? A test log is filled over HTTP and
# confirmed by a witness of ours and one of others. Then two clients with libraries of others (Go's sumdb, Python's
# aics-tlog) check signatures, cosignatures, tiles, partial tiles, bundles, inclusion and growth; a log of others is
# signed by our witness; a copy of ours is served by a plain web server. A bit that is changed must be seen.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/need.sh
. scripts/need.sh

missing=
command -v curl >/dev/null 2>&1 || missing="$missing curl"
command -v go >/dev/null 2>&1 || missing="$missing golang-go"
sources=/usr/share/gocode
[ -d "$sources/src/golang.org/x/mod/sumdb/tlog" ] || missing="$missing golang-golang-x-mod-dev"
command -v python3 >/dev/null 2>&1 && python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
# shellcheck disable=SC2086  # words are package names
[ -z "$missing" ] || need_packages $missing

try=$(mktemp -d)
started=
clean_up() {
    # shellcheck disable=SC2086  # numbers of processes
    [ -z "$started" ] || kill $started 2>/dev/null || :
    rm -rf "$try"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

# Their code runs on Python 3.11 of Debian 12 too, whatever it says of itself.
python3 -m venv "$try/venv"
"$try/venv/bin/pip" install --quiet --disable-pip-version-check --ignore-requires-python \
    -r tests/foreign/requirements.txt
python=$try/venv/bin/python
export GO111MODULE=off GOPATH="$sources" GOCACHE="$try/go" GOFLAGS=
go build -o "$try/client" tests/foreign/client.go
cargo build --quiet --locked -p shanji
program=${CARGO_TARGET_DIR:-target}/debug/shanji

# start NAME COMMAND…  runs it until the end of this script and waits until it names its address: $address, $process
start() {
    file=$try/$1.out
    shift
    : >"$file" && : >"$file.err"
    "$@" >"$file" 2>"$file.err" </dev/null &
    process=$!
    started="$started $process"
    for _ in $(seq 300); do
        address=$(cat "$file" "$file.err" | sed -n 's,.*\(http://127\.0\.0\.1:[0-9]*\).*,\1,p' | head -n 1)
        [ -z "$address" ] || return 0
        kill -0 "$process" 2>/dev/null || break
        sleep 0.1
    done
    cat "$file" "$file.err" >&2
    die "$1 没有启动。 / did not start"
}
# wait_for SIZE FILE  until the log says under this name that it has so many entries
wait_for() {
    for _ in $(seq 300); do
        curl -fsS "$log$2" -o "$try/said" 2>/dev/null && [ "$(sed -n 2p "$try/said")" = "$1" ] && return 0
        sleep 0.1
    done
    cat "$try"/*.err >&2
    die "$2 没有到 $1 条。 / did not reach this size"
}
# fails WHAT COMMAND…
fails() {
    what=$1
    shift
    if "$@" >"$try/said" 2>&1; then
        die "$what 改了一位，没有被发现。 / one bit changed, and nobody saw it"
    fi
}

origin=log.example.org/foreign-test
# The first start makes the key that the policy must name.
start key "$program" serve --data "$try/log" --origin $origin --test-log --listen 127.0.0.1:0
log=$address/log/
wait_for 1 checkpoint
vkey=$(curl -fsS "$log"vkey)
kill "$process"
wait "$process" || :

mkdir "$try/ours"
printf 'name = "witness.example.org/ours"\nlogs = ["%s", "%s"]\n' "$vkey" "$("$python" tests/foreign/client.py vkey)" \
    >"$try/ours/witness.toml"
start ours "$program" witness --data "$try/ours" --listen 127.0.0.1:0
our_url=$address
our_key=$(sed -n 's/^写进验证政策的一行：witness [^ ]* \([^ ]*\) .*/\1/p' "$try/ours.out")
witness=$try/venv/bin/aics-witness
AICS_WITNESS_CONFIG=$try/theirs.json
export AICS_WITNESS_CONFIG
their_key=$("$witness" init --name witness.example.net/theirs 2>/dev/null)
"$witness" add-log --origin $origin --vkey "$vkey" >/dev/null 2>&1
start theirs "$witness" serve --listen 127.0.0.1:0
their_url=$address
cat >"$try/policy" <<TXT
log $vkey
witness ours $our_key $our_url/
witness theirs $their_key $their_url/
group both all ours theirs
quorum both
TXT

start log "$program" serve --data "$try/log" --test-log --listen 127.0.0.1:0 --witness-policy "$try/policy"
log=$address/log/
"$python" tests/foreign/client.py fill "$log" 299 "$try/entries"
wait_for 300 final-checkpoint
curl -fsS "$log"checkpoint >"$try/old"
"$program" mirror "$log" "$try/copy" --vkey "$vkey" >/dev/null
"$python" tests/foreign/client.py fill "$log" 400 "$try/entries"
wait_for 700 final-checkpoint

go_reads() { "$try/client" "$1" "$vkey" "$try/entries" "$try/old"; }
python_reads() { "$python" tests/foreign/client.py read "$1" "$vkey" "$try/old" "$try/entries" "$our_key" "$their_key"; }
go_reads "$log"
python_reads "$log"
"$python" tests/foreign/client.py ask "$our_url" "$our_key"

"$program" mirror "$log" "$try/copy" --vkey "$vkey" >/dev/null
copy=$try/copy/$(printf %s $origin | sha256sum | cut -d ' ' -f 1)
start plain "$python" -u -m http.server --bind 127.0.0.1 --directory "$copy" 0
echo '== 镜像 / the copy'
python_reads "$address/"

for path in tile/0/000 tile/0/002.p/188 tile/1/000.p/2 tile/entries/000 tile/entries/002.p/188 checkpoint; do
    start "spoilt-$(echo $path | tr / -)" "$python" tests/foreign/client.py spoil "$log" $path
    fails "$path (Go)" go_reads "$address/"
    fails "$path (Python)" python_reads "$address/"
done
echo '每处改动都被两个程序发现。 / every changed bit is seen by both.'

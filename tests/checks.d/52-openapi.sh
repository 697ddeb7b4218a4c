#!/bin/sh
# Can somebody write a program for our interface from its description alone? A client is made by code of others from
# /api/v1/openapi.json; it reads, gives, signs in and enters gifts of the demo province. Then another program of others
# asks every address thousands of things that the description allows and forbids: every answer must be one that it names.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/need.sh
. scripts/need.sh

missing=
command -v curl >/dev/null 2>&1 || missing="$missing curl"
command -v python3 >/dev/null 2>&1 && python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
# shellcheck disable=SC2086  # words are package names
[ -z "$missing" ] || need_packages $missing

try=$(mktemp -d)
house=
clean_up() {
    [ -z "$house" ] || kill "$house" 2>/dev/null || :
    [ -z "$house" ] || wait "$house" 2>/dev/null || :
    rm -rf "$try"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

python3 -m venv "$try/venv"
"$try/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/foreign/requirements-api.txt
cargo build --quiet --locked -p shanji
program=${CARGO_TARGET_DIR:-target}/debug/shanji
# As others ask for it: a limit of one's own, since whoever asks so much would be told to wait.
mkdir "$try/data"
"$program" admin --data "$try/data" api-key 测试程序 --per-minute 60000 | head -n 1 >"$try/key"
"$program" demo --data "$try/data" --listen 127.0.0.1:0 \
    >"$try/house.out" 2>"$try/house.err" </dev/null &
house=$!
origin=
for _ in $(seq 600); do
    origin=$(sed -n 's,.*首页 *\(http://127\.0\.0\.1:[0-9]*\)/.*,\1,p' "$try/house.out" | head -n 1)
    [ -z "$origin" ] || break
    kill -0 "$house" 2>/dev/null || break
    sleep 0.5
done
[ -n "$origin" ] || { cat "$try/house.out" "$try/house.err" >&2; die "演示省没有启动。 / the demo did not start"; }

curl -fsS "$origin/api/v1/openapi.json" -o "$try/openapi.json"
printf 'post_hooks: []\n' >"$try/how.yml"
"$try/venv/bin/openapi-python-client" generate --path "$try/openapi.json" --meta none --config "$try/how.yml" \
    --output-path "$try/shanji_client" --fail-on-warning >"$try/made" 2>&1 || { cat "$try/made" >&2; exit 1; }
PYTHONPATH="$try" "$try/venv/bin/python" tests/foreign/api.py "$origin" shanji-demo-2026 "$(cat "$try/key")" \
    >"$try/schemathesis.toml"

# What the description allows may still be refused by the house's rules, so that is not asked of it; and the session
# that asks must not be ended on the way.
cd "$try"
"$try/venv/bin/schemathesis" --config-file schemathesis.toml run "$origin/api/v1/openapi.json" --url "$origin" \
    --phases examples,coverage,fuzzing --max-examples 20 --seed 20261129 --no-color \
    --exclude-path /api/v1/sessions/current --exclude-checks positive_data_acceptance >"$try/asked" 2>&1 ||
    { cat "$try/asked" >&2; exit 1; }
grep -E '^ +[0-9]+ generated' "$try/asked"
curl -fsS -H "X-Api-Key: $(cat "$try/key")" "$origin/api/v1/key"
echo
kill -0 "$house" || die "服务在被问的时候停了。 / the house ended while it was asked"

#!/bin/sh
# Do other people's programs find that our books balance? A house is played by a test of ours, its books are
# exported, and hledger and Beancount check them; a book that was spoilt must be refused.
set -u
cd "$(dirname "$0")/../.." || exit 1
try=$(mktemp -d)
trap 'rm -rf "$try"' EXIT
passed=0
failed=0
skipped=0

loud() {
    printf '\n!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!\n'
    printf '!! %s\n' "$@"
    printf '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!\n\n'
}
# accepts NAME COMMAND…  the sound book passes; refuses NAME COMMAND…  the spoilt one does not
accepts() {
    what=$1
    shift
    if "$@" >"$try/out" 2>&1; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "!! $what does not accept our export:"
        cat "$try/out"
    fi
}
refuses() {
    what=$1
    shift
    if "$@" >"$try/out" 2>&1; then
        failed=$((failed + 1))
        echo "!! $what accepts a book that was spoilt"
    else passed=$((passed + 1)); fi
}

if ! SHANJI_EXPORT_DIR=$try cargo test -q -p shanji files_for_other_programs >"$try/out" 2>&1; then
    cat "$try/out"
    echo '0 passed, 1 failed'
    exit 1
fi
# One fen more in the first amount of the book.
for book in shanji.journal shanji.beancount; do
    sed '0,/^\(  .*[0-9]\)\.\([0-9][0-9]\) CNY$/s//\11.\2 CNY/' "$try/$book" >"$try/spoilt-$book"
done

if ! command -v hledger >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get install -y --no-install-recommends hledger >"$try/apt" 2>&1 ||
        { apt-get update >"$try/apt" 2>&1 && apt-get install -y --no-install-recommends hledger >"$try/apt" 2>&1; } || :
fi
if command -v hledger >/dev/null 2>&1; then
    # It reads the book in the encoding of the locale.
    LC_ALL=C.UTF-8
    export LC_ALL
    accepts hledger hledger -f "$try/shanji.journal" check --strict
    refuses hledger hledger -f "$try/spoilt-shanji.journal" check --strict
else
    skipped=$((skipped + 1))
    loud "没有 hledger，也装不上：hledger 账没有核对。" "SKIPPED: hledger is absent and cannot be installed."
fi

bean=$(command -v bean-check 2>/dev/null || :)
if [ -z "$bean" ] && command -v python3 >/dev/null 2>&1; then
    python3 -m venv "$try/venv" >"$try/pip" 2>&1 && "$try/venv/bin/pip" install -q beancount >>"$try/pip" 2>&1 &&
        bean=$try/venv/bin/bean-check
fi
if [ -n "$bean" ] && [ -x "$bean" ]; then
    accepts Beancount "$bean" "$try/shanji.beancount"
    refuses Beancount "$bean" "$try/spoilt-shanji.beancount"
else
    skipped=$((skipped + 1))
    loud "没有 bean-check，也装不上：Beancount 账没有核对。" "SKIPPED: bean-check is absent and cannot be installed."
fi

printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]

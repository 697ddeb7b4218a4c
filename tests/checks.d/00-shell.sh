#!/bin/sh
# Every shell script is read by a shell without being run, and by shellcheck where it is installed.
set -u
cd "$(dirname "$0")/../.." || exit 1
passed=0
failed=0
for script in run test e2e/run scripts/*.sh tests/checks.d/*.sh crates/*/tests/*.sh; do
    [ -e "$script" ] || continue
    if sh -n "$script" && { ! command -v shellcheck >/dev/null 2>&1 || shellcheck -x -s sh "$script"; }; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
command -v shellcheck >/dev/null 2>&1 || echo "shellcheck 未安装，只检查了语法 / shellcheck is absent, only the syntax was read"
printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]

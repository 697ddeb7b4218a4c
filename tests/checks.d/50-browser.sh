#!/bin/sh
# What visitors see and do, in a real browser: every page by all rules, every journey. What is found fails ./test.
# The full matrix, Lighthouse and the speed figures belong to ./test --long.
set -u
cd "$(dirname "$0")/../.." || exit 1
# The whole short form in seconds; a busy machine must not hold up everything else, but what was not looked at did not pass.
LIMIT=1800
if [ -n "${SHANJI_NO_BROWSER:-}" ]; then
    echo "!! SKIPPED: SHANJI_NO_BROWSER 已设置，没有在浏览器里测试；这次通过不算数。 / nothing was tested in a browser"
    exit 0
fi
if [ -n "${SHANJI_LONG:-}" ]; then
    exec ./e2e/run pages english journeys lighthouse speed
fi
timeout -k 30 "$LIMIT" ./e2e/run pages english journeys
result=$?
[ "$result" -ne 124 ] || echo "!! 浏览器测试在 $LIMIT 秒内没有做完 / the tests in a browser did not end within $LIMIT s"
exit "$result"

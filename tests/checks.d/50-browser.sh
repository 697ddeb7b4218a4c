#!/bin/sh
# What visitors see and do, in a real browser: every page by all rules, every journey.
# The full matrix, Lighthouse and the speed figures belong to ./test --long.
#
# For now the short form only reports: its findings are printed and counted, but do not fail ./test, because the
# rules have not yet been green once on the whole of the new pages. SHANJI_BROWSER_GATE=1 or ./test --long makes them
# fail. When a run with the gate has passed, the gate becomes the default and this paragraph goes.
set -u
cd "$(dirname "$0")/../.." || exit 1
# The whole short form in seconds; a busy machine must not hold up everything else.
LIMIT=1200
if [ -n "${SHANJI_NO_BROWSER:-}" ]; then
    echo "!! SKIPPED: SHANJI_NO_BROWSER 已设置，没有在浏览器里测试；这次通过不算数。 / nothing was tested in a browser"
    exit 0
fi
if [ -n "${SHANJI_LONG:-}" ]; then
    exec ./e2e/run pages journeys lighthouse speed
fi
timeout -k 30 "$LIMIT" ./e2e/run pages journeys
result=$?
[ "$result" -ne 124 ] || echo "!! 浏览器测试在 $LIMIT 秒内没有做完 / the tests in a browser did not end within $LIMIT s"
if [ "$result" -eq 0 ] || [ -n "${SHANJI_BROWSER_GATE:-}" ]; then
    exit "$result"
fi
echo "!! REPORT ONLY: 浏览器测试有上面的问题，这次没有因此失败；要它失败请设 SHANJI_BROWSER_GATE=1。 / the findings above did not fail this run"
exit 0

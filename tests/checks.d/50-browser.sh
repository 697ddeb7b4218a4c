#!/bin/sh
# What visitors see and do, in a real browser: every page by all rules, every journey.
# The full matrix, Lighthouse and the speed figures belong to ./test --long.
set -u
cd "$(dirname "$0")/../.." || exit 1
if [ -n "${SHANJI_NO_BROWSER:-}" ]; then
    echo "!! SKIPPED: SHANJI_NO_BROWSER 已设置，没有在浏览器里测试；这次通过不算数。 / nothing was tested in a browser"
    exit 0
fi
if [ -n "${SHANJI_LONG:-}" ]; then
    exec ./e2e/run pages journeys lighthouse speed
fi
exec ./e2e/run pages journeys

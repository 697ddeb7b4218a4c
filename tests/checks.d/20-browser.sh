#!/bin/sh
# Does the verifier in the browser answer like the command line? Node runs it over the vectors that Rust wrote, and
# over published ones where they are to hand. It needs Node alone, no package.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/need.sh
. scripts/need.sh

command -v node >/dev/null 2>&1 || need_packages nodejs
major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
[ "$major" -ge 18 ] || die "需要 Node 18 或更新，现在是 $(node --version)。 / Node 18 or newer is needed."
node --test browser/tests/

#!/bin/sh
# Can other people's programs read our papers? poppler must find every word of a PDF with Chinese text, its embedded
# font and its facts, and an independent reader must decode the QR code in the picture of the page.
set -u
cd "$(dirname "$0")/../.." || exit 1
try=$(mktemp -d)
trap 'rm -rf "$try"' EXIT

loud() {
    printf '\n!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!\n'
    printf '!! %s\n' "$@"
    printf '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!\n\n'
}
have() {
    command -v pdftotext >/dev/null 2>&1 && command -v pdftoppm >/dev/null 2>&1 &&
        [ -n "$(fc-list :lang=zh-cn 2>/dev/null)" ]
}
if ! have && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    packages='poppler-utils fonts-noto-cjk fontconfig'
    # shellcheck disable=SC2086
    apt-get install -y --no-install-recommends $packages >"$try/apt" 2>&1 ||
        { apt-get update >"$try/apt" 2>&1 && apt-get install -y --no-install-recommends $packages >"$try/apt" 2>&1; } || :
fi
if ! have; then
    loud "没有 poppler-utils 或中文字体，也装不上：PDF 凭据没有核对。" "SKIPPED: poppler-utils or a Chinese font is absent and cannot be installed."
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
if SHANJI_PAPER_TOOLS=required cargo test -q -p paper >"$try/out" 2>&1; then
    echo '1 passed, 0 failed, 0 skipped'
else
    cat "$try/out"
    echo '0 passed, 1 failed, 0 skipped'
    exit 1
fi

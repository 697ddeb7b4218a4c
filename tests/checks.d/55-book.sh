#!/bin/sh
# Do office programs open our workbooks? LibreOffice reads one and must find every row, its Chinese text, its sums, and its
# days as dates.
set -u
cd "$(dirname "$0")/../.." || exit 1
try=$(mktemp -d)
trap 'rm -rf "$try"' EXIT

loud() {
    printf '\n!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!\n'
    printf '!! %s\n' "$@"
    printf '!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!\n\n'
}
if ! command -v soffice >/dev/null 2>&1; then
    loud "没有 LibreOffice：XLSX 文件没有用办公软件打开过。" "SKIPPED: soffice is absent, no office program has opened our workbooks."
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
if ! SHANJI_BOOK_DIR=$try cargo test -q -p sheet a_workbook_for_other_programs >"$try/out" 2>&1; then
    cat "$try/out"
    echo '0 passed, 1 failed, 0 skipped'
    exit 1
fi
# A profile of its own: an office that is open elsewhere on this machine is left alone.
timeout 300 soffice "-env:UserInstallation=file://$try/profile" --headless \
    --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1' --outdir "$try" "$try/book.xlsx" >"$try/out" 2>&1
# A text would stand in quotation marks; a real date is written by its format.
rows=$(grep -c '^"张\*三 <善迹> & =1+1","91,800.00",[0-9]*,2026-11-22,2026-11-22 08:00$' "$try/book.csv" 2>/dev/null)
head=$(head -n 1 "$try/book.csv" 2>/dev/null)
if [ "$rows" = 2000 ] && [ "$head" = '"捐赠人","金额","笔数","日期","时间"' ]; then
    echo '1 passed, 0 failed, 0 skipped'
else
    echo "!! LibreOffice read ${rows:-no} of 2000 rows, and the heading “$head”:"
    cat "$try/out"
    head -n 3 "$try/book.csv" 2>/dev/null
    echo '0 passed, 1 failed, 0 skipped'
    exit 1
fi

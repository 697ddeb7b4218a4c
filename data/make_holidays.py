#!/usr/bin/env python3
"""Makes holidays.csv from the Python package chinesecalendar.

Usage: pip install chinesecalendar==1.11.0, then python3 data/make_holidays.py
When the notice for a new year is out (usually in November) install the newer version,
raise LAST_YEAR, run, and record the version in holidays/SOURCE.txt.
"""

import pathlib

from chinese_calendar import constants

FIRST_YEAR, LAST_YEAR = 2004, 2026
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def main() -> None:
    days = {day: ("holiday", NAMES[name]) for day, name in constants.holidays.items()}
    for day, name in constants.workdays.items():
        assert day not in days, f"both a holiday and worked: {day}"
        assert day.weekday() >= 5, f"worked, but a weekday: {day}"
        days[day] = ("working", NAMES[name] + "调休")
    years = {day.year for day in days}
    assert years == set(range(FIRST_YEAR, LAST_YEAR + 1)), years
    lines = ["day,kind,name"]
    lines += [f"{day.isoformat()},{kind},{name}" for day, (kind, name) in sorted(days.items())]
    target = pathlib.Path(__file__).parent / "holidays.csv"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines) - 1} days, {FIRST_YEAR} to {LAST_YEAR}")


if __name__ == "__main__":
    main()

#!/usr/bin/env bash
# Packages:  rpa-dates 2.0.4
# Behaviour: the month that a fiscal year begins with, which the readme sets in DateConfig for the year of the US
#            Government, is read by nobody: fiscal_year() and fiscal_month() go on with April, unless the month is said
#            again in each call. So a day of May is in the year 2027 and its second month, not in 2026 and its eighth.
#            And a year that is said to begin in January is named after the one behind it: all of 2026 is 2027.
# Seen:      set to October: May 2026 is month 2 of 2027, November 2026 is month 8 of 2027
#            said in the call, October: May 2026 is month 8 of 2026, November 2026 is month 2 of 2027
#            said in the call, January: May 2026 is month 5 of 2027, November 2026 is month 11 of 2027
# Date seen: 2026-11-30
# We:        count in months of the calendar alone (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(rpa-dates==2.0.4)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys

from rpa_dates import DateConfig, DateService

DAYS = {"May 2026": "2026-05-15", "November 2026": "2026-11-30"}
service = DateService(config=DateConfig(default_input_format="%Y-%m-%d", fiscal_year_start_month=10))


def counted(what, *month):
    found = {name: (service.fiscal_month(day, *month), service.fiscal_year(day, *month)) for name, day in DAYS.items()}
    print(f"{what}: " + ", ".join(f"{name} is month {month} of {year}" for name, (month, year) in found.items()))
    return list(found.values())


seen = [
    counted("set to October"),
    counted("said in the call, October", 10),
    counted("said in the call, January", 1),
]
sys.exit(0 if seen == [[(2, 2027), (8, 2027)], [(8, 2026), (2, 2027)], [(5, 2027), (11, 2027)]] else 1)
PY

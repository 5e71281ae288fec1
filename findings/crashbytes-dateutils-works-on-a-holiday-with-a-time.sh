#!/usr/bin/env bash
# Packages:  crashbytes-dateutils 1.1.11
# Behaviour: given a day with a time, crashbytes-dateutils takes no holiday for one: it looks for the whole moment in
#            the list of dates, where it never is, since a datetime equals no date. So Christmas is worked, a deadline
#            of two business days is due on a holiday, and a holiday is counted between two times. Weekends are left
#            out, so the answers look right but in weeks with a holiday. Nothing is raised, a datetime is a date to type
#            checkers too, and the package calls itself datetime business helpers. Where only dates are given, it is
#            right.
# Seen:      dates: the 24th is off, 2 business days from Wed the 23rd are Tue the 29th, to Mon the 28th it is 1
#            at 9:00: the 24th is worked, 2 business days from Wed the 23rd are Fri the 25th, to Mon the 28th it is 3
# Date seen: 2026-11-30
# We:        reckon with dates, and give them a time in the wanted zone at the end (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(crashbytes-dateutils==1.1.11)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import date, datetime

from crashbytes_dateutils import add_business_days, business_days_between, is_business_day

CHRISTMAS = [date(2026, 12, 24), date(2026, 12, 25)]


def asked(what, kind, *time):
    eve, wednesday, monday = (kind(2026, 12, day, *time) for day in (24, 23, 28))
    line = (
        f"{what}: the 24th is {'worked' if is_business_day(eve, CHRISTMAS) else 'off'}, "
        f"2 business days from Wed the 23rd are {add_business_days(wednesday, 2, CHRISTMAS):%a the %dth}, "
        f"to Mon the 28th it is {business_days_between(wednesday, monday, CHRISTMAS)}"
    )
    print(line)
    return line


seen = [asked("dates", date), asked("at 9:00", datetime, 9)]
STATED = [
    "dates: the 24th is off, 2 business days from Wed the 23rd are Tue the 29th, to Mon the 28th it is 1",
    "at 9:00: the 24th is worked, 2 business days from Wed the 23rd are Fri the 25th, to Mon the 28th it is 3",
]
sys.exit(0 if seen == STATED else 1)
PY

#!/usr/bin/env bash
# Packages:  business-duration 0.68, pandas 2.3.3
# Behaviour: of business hours over midnight, which it means to know, each night between the first and the last day ends
#            when the last one does, not when the shift does. So an hour more at the end of four days counts three hours,
#            and a time that ends at midnight has halves of nights alone. A time that begins in the hours after midnight
#            begins in the evening, and one within them is none. A night that is counted from its evening on is right,
#            and so are hours that end on the same day.
# Seen:      Mon 21:00 to Tue 02:00: 5 hours, of 5
#            Mon 21:00 to Thu 00:00: 9 hours, of 15
#            Mon 21:00 to Thu 01:00: 12 hours, of 16
#            Mon 21:00 to Thu 02:00: 15 hours, of 17
#            Mon 21:00 to Thu 03:00: 18 hours, of 18
#            Tue 01:00 to Tue 02:00: 0 hours, of 1
#            Tue 01:00 to Wed 02:00: 5 hours, of 7
#            the same days, 9:00 to 17:00, Mon 9:00 to Thu 10:00: 25 hours, of 25
#            (21:00 to 3:00 from Monday to Friday, in the week of 30 November 2026)
# Date seen: 2026-11-30
# We:        count no working hours: what is due is due at a time of a day of the calendar
#            (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(business-duration==0.68 pandas==2.3.3)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 90 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 20 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import datetime, time, timedelta

from business_duration import businessDuration

MONDAY = datetime(2026, 11, 30)
DAYS = ["Mon", "Tue", "Wed", "Thu"]
NIGHT, DAY = (time(21), time(3)), (time(9), time(17))


def moment(said):
    day, clock = said.split()
    hour, minute = clock.split(":")
    return MONDAY + timedelta(days=DAYS.index(day), hours=int(hour), minutes=int(minute))


def worked(begin, end, hours):
    """Hour by hour: all days are working days, and so are all nights."""
    first, last = hours
    count, each = 0, begin
    while each < end:
        count += first <= each.time() < last if first < last else not last <= each.time() < first
        each += timedelta(hours=1)
    return count


def told(begin, end, hours=NIGHT, what=""):
    found = businessDuration(moment(begin), moment(end), *hours, unit="hour")
    right = worked(moment(begin), moment(end), hours)
    print(f"{what}{begin} to {end}: {found:g} hours, of {right}")
    return found, right


seen = [
    told("Mon 21:00", "Tue 02:00"),
    told("Mon 21:00", "Thu 00:00"),
    told("Mon 21:00", "Thu 01:00"),
    told("Mon 21:00", "Thu 02:00"),
    told("Mon 21:00", "Thu 03:00"),
    told("Tue 01:00", "Tue 02:00"),
    told("Tue 01:00", "Wed 02:00"),
    told("Mon 9:00", "Thu 10:00", DAY, "the same days, 9:00 to 17:00, "),
]
stated = [(5, 5), (9, 15), (12, 16), (15, 17), (18, 18), (0, 1), (5, 7), (25, 25)]
sys.exit(0 if seen == stated else 1)
PY

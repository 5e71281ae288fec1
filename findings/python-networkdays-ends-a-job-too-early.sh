#!/usr/bin/env bash
# Packages:  python-networkdays 1.2
# Behaviour: JobSchedule, which tells when a job of so many hours ends, takes the number of its working days for days
#            of the calendar when it looks for them, and then takes off the weekends: whatever does not end by the
#            first weekend ends too early, a job of 15 days with 12 of them. The hours that are left over are scheduled
#            on no day, and nothing says so. Its readme has that very job, as one of 15 days until 19 July; by 1.2 it
#            ends on the 16th, and the readme's imports fail, since they leave out a module. With a Networkdays of
#            one's own, which is optional, all days are there. A Networkdays without an end, by its documentation, ends
#            with the year; it ends a year later.
# Seen:      40 hours from Mon 1 Jul: 5 days, until Fri 5 Jul; with days of one's own 5, until Fri 5 Jul
#            48 hours from Mon 1 Jul: 5 days, until Fri 5 Jul; with days of one's own 6, until Mon 8 Jul
#            120 hours from Mon 1 Jul: 12 days, until Tue 16 Jul; with days of one's own 15, until Fri 19 Jul
#            16 hours from Fri 5 Jul: 1 days, until Fri 5 Jul; with days of one's own 2, until Mon 8 Jul
#            a Networkdays from 1 July 2024 without an end: until 2025-07-01
#            from networkdays import JobSchedule: ImportError
#            (8 hours a day, in 2024)
# Date seen: 2026-11-30
# We:        count on from a date until the wanted day is reached, and end no count beforehand
#            (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(python-networkdays==1.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import date

from networkdays.networkdays import JobSchedule, Networkdays


def day(when):
    return f"{when:%a} {when.day} {when:%b}"


def planned(hours, begin):
    by_itself = JobSchedule(hours, 8, begin)
    given = JobSchedule(hours, 8, begin, Networkdays(begin, date(2024, 12, 31)))
    ends = [(job.bussines_days, day(job.jobdays[-1])) for job in (by_itself, given)]
    (short, until), (whole, then) = ends
    print(f"{hours} hours from {day(begin)}: {short} days, until {until}; with days of one's own {whole}, until {then}")
    return ends


def imported():
    try:
        from networkdays import JobSchedule  # noqa: F401
    except ImportError as error:
        return type(error).__name__
    return "imported"


seen = [
    planned(40, date(2024, 7, 1)),
    planned(48, date(2024, 7, 1)),
    planned(120, date(2024, 7, 1)),
    planned(16, date(2024, 7, 5)),
]
end = Networkdays(date(2024, 7, 1)).networkdays()[-1]
print(f"a Networkdays from 1 July 2024 without an end: until {end}")
readme = imported()
print(f"from networkdays import JobSchedule: {readme}")
stated = [
    [(5, "Fri 5 Jul"), (5, "Fri 5 Jul")],
    [(5, "Fri 5 Jul"), (6, "Mon 8 Jul")],
    [(12, "Tue 16 Jul"), (15, "Fri 19 Jul")],
    [(1, "Fri 5 Jul"), (2, "Mon 8 Jul")],
]
sys.exit(0 if seen == stated and end == date(2025, 7, 1) and readme == "ImportError" else 1)
PY

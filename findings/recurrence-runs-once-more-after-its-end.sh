#!/usr/bin/env bash
# Packages:  recurrence 0.1.0, schedule 1.2.2
# Behaviour: recurrence offers itself in place of schedule, by one changed import and with everything else the same. Its
#            until() is looked at only behind a run, so a job runs once more after its end, whenever that is: what is
#            daily until Friday noon runs on Saturday, and what is due on Mondays until this Wednesday runs next Monday,
#            though it was never to run at all. schedule drops a job whose next run would be too late. The documentation
#            of either says that no run follows the deadline. What recurrence adds, a day of the month, begins a month
#            late: the 15th that is to come in two weeks is left out.
# Seen:      hourly until 18:00, by recurrence: Tue 1 16:00, Tue 1 17:00, Tue 1 18:00
#            hourly until 18:00, by schedule: Tue 1 16:00, Tue 1 17:00
#            daily until Friday noon, by recurrence: Wed 2 09:00, Thu 3 09:00, Fri 4 09:00, Sat 5 09:00
#            daily until Friday noon, by schedule: Wed 2 09:00, Thu 3 09:00, Fri 4 09:00
#            Mondays until Wednesday noon, by recurrence: Mon 7 09:00
#            Mondays until Wednesday noon, by schedule: no run
#            each month on the 15th, by recurrence: first due on Fri 15 Jan
#            (all set on Tuesday 1 December 2026 at 15:05, asked every five minutes for a week)
# Date seen: 2026-11-30
# We:        ask for what is due by the calendar at each tick, and what is over is not due
#            (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(recurrence==0.1.0 schedule==1.2.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

TZ=UTC timeout 20 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import datetime, timedelta
from unittest.mock import patch

import recurrence
import schedule

SET = datetime(2026, 12, 1, 15, 5)
STEPS = [SET + timedelta(minutes=5 * step) for step in range(1, 7 * 24 * 12)]


class Now(datetime):
    """The clock of both: recurrence is handed it, and schedule finds it in place of the datetime of Python."""

    moment = SET

    @classmethod
    def now(cls, tz=None):
        return cls.fromisoformat(cls.moment.isoformat())


def runs(scheduler, rule):
    Now.moment = SET
    seen = []
    rule(scheduler).do(lambda: seen.append(f"{Now.moment:%a} {Now.moment.day} {Now.moment:%H}:00"))
    for moment in STEPS:
        Now.moment = moment
        scheduler.run_pending()
    return ", ".join(seen) or "no run"


def hourly(scheduler):
    return scheduler.every(1).hours.until("18:00")


def daily(scheduler):
    return scheduler.every().day.at("09:00").until("2026-12-04 12:00")


def mondays(scheduler):
    return scheduler.every().monday.at("09:00").until("2026-12-02 12:00")


def both(what, rule):
    found = [runs(recurrence.Scheduler(clock=Now), rule)]
    with patch.object(schedule.datetime, "datetime", Now):
        found.append(runs(schedule.Scheduler(), rule))
    for name, line in zip(["recurrence", "schedule"], found):
        print(f"{what}, by {name}: {line}")
    return found


seen = [
    both("hourly until 18:00", hourly),
    both("daily until Friday noon", daily),
    both("Mondays until Wednesday noon", mondays),
]
Now.moment = SET
first = recurrence.Scheduler(clock=Now).every().month.at("15 10:30").do(print).next_run
print(f"each month on the 15th, by recurrence: first due on {first:%a} {first.day} {first:%b}")
stated = [
    ["Tue 1 16:00, Tue 1 17:00, Tue 1 18:00", "Tue 1 16:00, Tue 1 17:00"],
    ["Wed 2 09:00, Thu 3 09:00, Fri 4 09:00, Sat 5 09:00", "Wed 2 09:00, Thu 3 09:00, Fri 4 09:00"],
    ["Mon 7 09:00", "no run"],
]
sys.exit(0 if seen == stated and f"{first:%d %b}" == "15 Jan" else 1)
PY

#!/usr/bin/env bash
# Packages:  APScheduler 3.11.3, tzdata 2026.6
# Behaviour: a cron trigger in the hour after midnight leaves out a run after the clocks were put forward, although that
#            day has its midnight. On its way to the next day or month it adds the hours of the clock as hours of time,
#            so it arrives at 01:00 and takes the day for over. Daily jobs lose the day after the change, jobs of that
#            weekday their week, and a job for the first of the month loses the whole of April, in America as in Europe.
#            Its chapter on daylight saving time speaks of the hour that is missing or repeated, and only of that.
# Seen:      0 0 * * * in Europe/Berlin: 28.03. 29.03. 31.03. 01.04., left out 30.03.
#            0 0 * * mon in Europe/Berlin: 16.03. 23.03. 06.04. 13.04., left out 30.03.
#            0 0 1 * * in Europe/Berlin: 01.02. 01.03. 01.05. 01.06., left out 01.04.
#            30 0 1 * * in America/New_York: 01.02. 01.03. 01.05. 01.06., left out 01.04.
#            0 1 1 * * in Europe/Berlin: 01.02. 01.03. 01.04. 01.05., left out none
#            0 0 1 * * in UTC: 01.02. 01.03. 01.04. 01.05., left out none
# Date seen: 2026-11-29
# We:        let APScheduler only tick, by UTC and intervals, and compute what is due from the people's time zones
#            ourselves (bot/entrypoints/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(APScheduler==3.11.3 tzdata==2026.6)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone

from apscheduler.triggers.cron import CronTrigger

zoneinfo.reset_tzpath(to=())  # the zones of the package, whatever the system has


def wanted(days_apart, expression, first):
    """The next four times on the calendar, by arithmetic on days alone."""
    minute, hour = expression.split()[:2]
    at = [first.replace(hour=int(hour), minute=int(minute))]
    while len(at) < 4:
        month = at[-1].month
        at.append(at[-1].replace(month=month + 1) if days_apart == "month" else at[-1] + timedelta(days=days_apart))
    return at


def left_out(expression, zone, days_apart, first):
    trigger = CronTrigger.from_crontab(expression, timezone=zoneinfo.ZoneInfo(zone))
    now, last, fired = first.replace(tzinfo=zoneinfo.ZoneInfo(zone)), None, []
    while len(fired) < 4:  # as the scheduler asks: right after each run for the next one
        last = trigger.get_next_fire_time(last, now)
        fired.append(last.replace(tzinfo=None))
        now = (last.astimezone(timezone.utc) + timedelta(milliseconds=10)).astimezone(last.tzinfo)
    missing = [time for time in wanted(days_apart, expression, first) if time not in fired]
    dates = " ".join(f"{time:%d.%m.}" for time in fired)
    print(f"{expression} in {zone}: {dates}, left out {' '.join(f'{time:%d.%m.}' for time in missing) or 'none'}")
    return [f"{time:%d.%m.}" for time in missing]


seen = [
    left_out("0 0 * * *", "Europe/Berlin", 1, datetime(2026, 3, 28)),
    left_out("0 0 * * mon", "Europe/Berlin", 7, datetime(2026, 3, 16)),
    left_out("0 0 1 * *", "Europe/Berlin", "month", datetime(2026, 2, 1)),
    left_out("30 0 1 * *", "America/New_York", "month", datetime(2026, 2, 1)),
    left_out("0 1 1 * *", "Europe/Berlin", "month", datetime(2026, 2, 1)),
    left_out("0 0 1 * *", "UTC", "month", datetime(2026, 2, 1)),
]
sys.exit(0 if seen == [["30.03."], ["30.03."], ["01.04."], ["01.04."], [], []] else 1)
PY

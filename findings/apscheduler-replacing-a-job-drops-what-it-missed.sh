#!/usr/bin/env bash
# Packages:  APScheduler 3.11.3, SQLAlchemy 2.1.9, time-machine 3.6.0
# Behaviour: APScheduler's guide says of stored jobs that a program must add them at each start with
#            replace_existing=True, and elsewhere that what was missed while the program was down is made up for within
#            misfire_grace_time. Together they do not work: replacing a job sets its next run anew from now, so what was
#            missed is gone, without a misfire or a warning. An interval begins anew as well: what runs every 24 hours
#            never runs where the program is started anew every day.
# Seen:      daily job, down over its time, not added again: ran 1 times at the start, misfires 0
#            daily job, down over its time, added again as the guide says: ran 0 times at the start, misfires 0
#            every 24 hours, started anew on 6 days, not added again: ran 5 times
#            every 24 hours, started anew on 6 days, added again as the guide says: ran 0 times
# Date seen: 2026-11-29
# We:        keep what is due in tables of our own, and no job in APScheduler (bot/entrypoints/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(APScheduler==3.11.3 SQLAlchemy==2.1.9 time-machine==3.6.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

cat > "$folder/finding.py" <<'PY'
import sys
import tempfile
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import time_machine
from apscheduler.events import EVENT_JOB_MISSED
from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

DAY = datetime(2026, 11, 2, tzinfo=timezone.utc)
ran, missed = [], []


def report():
    ran.append(1)


def up(at, store, job, add):
    """Start the program at a time, let it do what is due, and stop it."""
    with time_machine.travel(at, tick=False):
        scheduler = BackgroundScheduler(
            jobstores={"default": SQLAlchemyJobStore(url=f"sqlite:///{store}"), "last": MemoryJobStore()},
            executors={"default": DebugExecutor()},
            timezone=timezone.utc,
        )
        scheduler.add_listener(missed.append, EVENT_JOB_MISSED)
        if add:
            scheduler.add_job(
                report, id="report", replace_existing=True, misfire_grace_time=12 * 3600, coalesce=True, **job
            )
        looked = threading.Event()
        scheduler.add_job(looked.set, jobstore="last", misfire_grace_time=None)  # at once, but after what is due
        scheduler.start()
        looked.wait(3)
        scheduler.shutdown()


def counted(what, starts, job, always, told):
    ran.clear()
    missed.clear()
    with tempfile.TemporaryDirectory() as folder:
        for number, at in enumerate(starts):
            up(at, Path(folder) / "jobs.db", job, add=always or number == 0)
    how = "added again as the guide says" if always else "not added again"
    print(f"{what}, {how}: ran {len(ran)} times{told(len(missed))}")
    return len(ran), len(missed)


def daily(always):
    starts = [DAY + timedelta(hours=8), DAY + timedelta(hours=10)]  # down at nine
    job = {"trigger": "cron", "hour": 9}
    told = " at the start, misfires {}".format
    return counted("daily job, down over its time", starts, job, always, told)


def interval(always):
    starts = [DAY + timedelta(days=day, minutes=day) for day in range(6)]
    job = {"trigger": "interval", "hours": 24}
    return counted("every 24 hours, started anew on 6 days", starts, job, always, lambda _: "")


seen = [daily(False), daily(True), interval(False), interval(True)]
sys.exit(0 if seen == [(1, 0), (0, 0), (5, 0), (0, 0)] else 1)
PY
timeout 12 "$folder/venv/bin/python" "$folder/finding.py"

#!/usr/bin/env bash
# Packages:  aws-croniter 2.1.1, python-dateutil 2.9.0.post0
# Behaviour: seconds after a run, get_prev() of aws-croniter gives the run before it, and get_final_execution_time()
#            none at all, for the rest of the minute: both take the minute off before they look back. Its readme
#            promises all executions strictly before the given time. get_next() has left that run behind by then, so
#            what asks for both sees it on neither side; get_all_schedule_bw_dates() has it. A watch that compares the
#            last run with what it knows, or is started by the very schedule, looks at yesterday. With inclusive=True
#            get_prev() is right, and then takes a run of this very moment too.
# Seen:      09:00:20: previous 2026-11-29 09:00, next 2026-12-01 09:00, final since 08:00 None, all since 08:00 2026-11-30 09:00
#            09:00:59: previous 2026-11-29 09:00, next 2026-12-01 09:00, final since 08:00 None, all since 08:00 2026-11-30 09:00
#            09:01:00: previous 2026-11-30 09:00, next 2026-12-01 09:00, final since 08:00 2026-11-30 09:00, all since 08:00 2026-11-30 09:00
#            (0 9 * * ? *, which is every day at 09:00 in UTC; asked on 30 November 2026)
# Date seen: 2026-11-30
# We:        look back from the moment as it is, and count a run of that very moment (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(aws-croniter==2.1.1 python-dateutil==2.9.0.post0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import datetime, time, timezone

from aws_croniter import AwsCroniter

EIGHT = datetime(2026, 11, 30, 8, tzinfo=timezone.utc)
daily = AwsCroniter("0 9 * * ? *")


def said(*runs):
    return ", ".join(f"{run:%Y-%m-%d %H:%M}" if run else "None" for run in runs) or "none"


def asked(*clock):
    at = datetime.combine(EIGHT.date(), time(*clock), timezone.utc)
    seen = (
        said(*daily.get_prev(at)),
        said(*daily.get_next(at)),
        said(daily.get_final_execution_time(EIGHT, at)),
        said(*daily.get_all_schedule_bw_dates(EIGHT, at)),
    )
    print(f"{at:%H:%M:%S}: previous {seen[0]}, next {seen[1]}, final since 08:00 {seen[2]}, all since 08:00 {seen[3]}")
    return seen


today, tomorrow, yesterday = "2026-11-30 09:00", "2026-12-01 09:00", "2026-11-29 09:00"
seen = [asked(9, 0, 20), asked(9, 0, 59), asked(9, 1, 0)]
unseen = (yesterday, tomorrow, "None", today)
sys.exit(0 if seen == [unseen, unseen, (today, tomorrow, today, today)] else 1)
PY

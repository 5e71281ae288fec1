#!/usr/bin/env bash
# Packages:  bizdurr 2.0.1, tzdata 2026.6
# Behaviour: whether a moment is a holiday, or a day with hours of its own, is_within_business_hours() of bizdurr
#            decides by the date that the moment has in its own zone, and only then turns it into the zone of the
#            business. Its readme says that all is counted there and that moments of other zones are converted. So
#            Thanksgiving morning in New York is open to whoever asks from Tokyo, where it is Friday, and the evening
#            before it is closed to whoever asks in UTC, where it is Thursday by then. calculate() of the same object
#            takes the right day, so that the two contradict each other.
# Seen:      Thursday 26 Nov, 10:30 in New York: closed, 0 minutes of the hour from then
#            the same, asked as Friday 27 Nov, 00:30 in Tokyo: open, 0 minutes of the hour from then
#            Wednesday 25 Nov, 20:00 in New York: open, 60 minutes of the hour from then
#            the same, asked as Thursday 26 Nov, 01:00 in UTC: closed, 60 minutes of the hour from then
#            Tuesday 24 Nov, 13:00 in New York, closed at noon: closed, 0 minutes of the hour from then
#            the same, asked as Wednesday 25 Nov, 03:00 in Tokyo: open, 0 minutes of the hour from then
# Date seen: 2026-11-30
# We:        turn a moment into the wanted zone before we look at its day (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(bizdurr==2.0.1 tzdata==2026.6)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bizdurr import BusinessDuration

business = BusinessDuration(
    business_hours={"start": "09:00", "end": "21:00"},
    business_timezone="America/New_York",
    holidays=["2026-11-26"],
    overrides={"2026-11-24": {"start": "09:00", "end": "12:00"}},
)


def asked(what, zone, *moment):
    begin = datetime(2026, 11, *moment, tzinfo=ZoneInfo(zone))
    state = "open" if business.is_within_business_hours(begin) else "closed"
    minutes = business.calculate(begin, begin + timedelta(hours=1)) // timedelta(minutes=1)
    print(f"{what}: {state}, {minutes} minutes of the hour from then")
    return state, minutes


seen = [
    asked("Thursday 26 Nov, 10:30 in New York", "America/New_York", 26, 10, 30),
    asked("the same, asked as Friday 27 Nov, 00:30 in Tokyo", "Asia/Tokyo", 27, 0, 30),
    asked("Wednesday 25 Nov, 20:00 in New York", "America/New_York", 25, 20),
    asked("the same, asked as Thursday 26 Nov, 01:00 in UTC", "UTC", 26, 1),
    asked("Tuesday 24 Nov, 13:00 in New York, closed at noon", "America/New_York", 24, 13),
    asked("the same, asked as Wednesday 25 Nov, 03:00 in Tokyo", "Asia/Tokyo", 25, 3),
]
stated = [("closed", 0), ("open", 0), ("open", 60), ("closed", 60), ("closed", 0), ("open", 0)]
sys.exit(0 if seen == stated else 1)
PY

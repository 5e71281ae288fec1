#!/usr/bin/env bash
# Packages:  timefhuman 0.1.5, pytz 2024.2
# Behaviour: a date without a year is one of this year, whatever the direction that is asked for. By default a moment is
#            to lie in the future, as the readme has it, and for a time of day, a weekday and a range over New Year it
#            does; but in December, January 15 is the one ten months ago, and so are the first Monday of January and a
#            range of days in it. Asked for the past, Christmas is the one to come. Nothing tells that a year was taken.
# Seen:      9 AM, to come: 2026-12-03 09:00; past: 2026-12-02 09:00
#            Tuesday, to come: 2026-12-08 00:00; past: 2026-12-01 00:00
#            January 15, to come: 2026-01-15 00:00; past: 2026-01-15 00:00
#            1/15 at 9am, to come: 2026-01-15 09:00; past: 2026-01-15 09:00
#            first Monday of January, to come: 2026-01-05 00:00; past: 2026-01-05 00:00
#            December 24, to come: 2026-12-24 00:00; past: 2026-12-24 00:00
#            January 4 to January 8, to come: 2026-01-04 00:00 to 2026-01-08 00:00
#            December 28 to January 4, to come: 2026-12-28 00:00 to 2027-01-04 00:00
#            (on Wednesday 2 December 2026 at 10:00)
# Date seen: 2026-11-30
# We:        take the next such day, and say which one was understood (bot/domain/digest/calendar_words.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(timefhuman==0.1.5 pytz==2024.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

TZ=UTC timeout 20 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import datetime

from timefhuman import Direction, tfhConfig, timefhuman

NOW = datetime(2026, 12, 2, 10)


def read(words, direction):
    (found,) = timefhuman(words, tfhConfig(now=NOW, direction=direction))
    moments = found if isinstance(found, tuple) else (found,)
    return " to ".join(f"{moment:%Y-%m-%d %H:%M}" for moment in moments)


def told(words, past=True):
    line = read(words, Direction.next)
    if past:
        line = f"{line}; past: {read(words, Direction.previous)}"
    print(f"{words}, to come: {line}")
    return line


seen = [
    told("9 AM"),
    told("Tuesday"),
    told("January 15"),
    told("1/15 at 9am"),
    told("first Monday of January"),
    told("December 24"),
    told("January 4 to January 8", past=False),
    told("December 28 to January 4", past=False),
]
stated = [
    "2026-12-03 09:00; past: 2026-12-02 09:00",
    "2026-12-08 00:00; past: 2026-12-01 00:00",
    "2026-01-15 00:00; past: 2026-01-15 00:00",
    "2026-01-15 09:00; past: 2026-01-15 09:00",
    "2026-01-05 00:00; past: 2026-01-05 00:00",
    "2026-12-24 00:00; past: 2026-12-24 00:00",
    "2026-01-04 00:00 to 2026-01-08 00:00",
    "2026-12-28 00:00 to 2027-01-04 00:00",
]
sys.exit(0 if seen == stated else 1)
PY

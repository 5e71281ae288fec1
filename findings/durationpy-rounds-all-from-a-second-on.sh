#!/usr/bin/env bash
# Packages:  durationpy 0.11
# Behaviour: to_str() writes the seconds of a duration with six digits in all, for whatever it was: of a second and more
#            the last microseconds are rounded away, 59.999999 seconds are 60s, and an hour and a microsecond is
#            1h1e-06s, which is no duration of Go, and which the package's own from_str() refuses. Less than a second is
#            exact. It exists to convert between timedelta and Go's strings, timedelta counts microseconds, and Go
#            writes nine digits behind the point. from_str() reads all of them. Nothing is raised by to_str().
# Seen:      0.234567 seconds: 234ms567us, read again: the same
#            1.234567 seconds: 1.23457s, read again: 3 microseconds more
#            59.999999 seconds: 60s, read again: 1 microseconds more
#            72.345678 seconds: 1m12.3457s, read again: 22 microseconds more
#            3600.000001 seconds: 1h1e-06s, read again: refused
#            90061 seconds: 25h1m1s, read again: the same
# Date seen: 2026-11-30
# We:        keep times as they are, and say them in words of our own (bot/domain/answers/humanize.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(durationpy==0.11)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import timedelta

import durationpy

STATED = {
    "0.234567": ("234ms567us", "the same"),
    "1.234567": ("1.23457s", "3 microseconds more"),
    "59.999999": ("60s", "1 microseconds more"),
    "72.345678": ("1m12.3457s", "22 microseconds more"),
    "3600.000001": ("1h1e-06s", "refused"),
    "90061": ("25h1m1s", "the same"),
}


def read_again(written, duration):
    try:
        more = (durationpy.from_str(written) - duration) // timedelta(microseconds=1)
    except durationpy.DurationError:
        return "refused"
    return f"{more} microseconds more" if more else "the same"


seen = {}
for seconds in STATED:
    whole, _, behind = seconds.partition(".")
    duration = timedelta(seconds=int(whole), microseconds=int(behind or 0))
    written = durationpy.to_str(duration)
    seen[seconds] = (written, read_again(written, duration))
    print(f"{seconds} seconds: {written}, read again: {seen[seconds][1]}")
sys.exit(0 if seen == STATED else 1)
PY

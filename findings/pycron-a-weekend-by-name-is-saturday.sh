#!/usr/bin/env bash
# Packages:  pycron 3.3.0
# Behaviour: a range of weekdays by name that ends on a Sunday leaves the Sunday out, and one that goes on into the
#            next week ends on the Saturday: sat-sun is Saturday alone, mon-sun six days, fri-mon two. In a list, what
#            stands behind such a range is not read any more; what stands before it is. The package takes names of days,
#            and means to mend a range that begins later than it ends, but goes on to the number 7, which no day has,
#            its Sunday being 0. Nothing is raised, so a job just does not run. Listed singly, the same days are right.
# Seen:      mon-fri: Mon Tue Wed Thu Fri
#            sat,sun: Sat Sun
#            sat-sun: Sat
#            mon-sun: Mon Tue Wed Thu Fri Sat
#            fri-mon: Fri Sat
#            wed,fri-sun: Wed Fri Sat
#            fri-sun,wed: Fri Sat
# Date seen: 2026-11-30
# We:        read days in words of our own, and compute what is due from the calendar (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(pycron==3.3.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import datetime, timedelta

import pycron

MONDAY = datetime(2026, 11, 30, 9)
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
STATED = {
    "mon-fri": "Mon Tue Wed Thu Fri",
    "sat,sun": "Sat Sun",
    "sat-sun": "Sat",
    "mon-sun": "Mon Tue Wed Thu Fri Sat",
    "fri-mon": "Fri Sat",
    "wed,fri-sun": "Wed Fri Sat",
    "fri-sun,wed": "Fri Sat",
}

seen = {}
for wanted in STATED:
    week = [pycron.is_now(f"0 9 * * {wanted}", MONDAY + timedelta(days=day)) for day in range(7)]
    seen[wanted] = " ".join(name for name, runs in zip(DAYS, week) if runs)
    print(f"{wanted}: {seen[wanted]}")
sys.exit(0 if seen == STATED else 1)
PY

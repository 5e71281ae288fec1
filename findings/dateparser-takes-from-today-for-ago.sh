#!/usr/bin/env bash
# Packages:  dateparser 1.5.0
# Behaviour: "from" counts for nothing where anything but "now" follows it, and an amount without a direction lies in the
#            past. So "2 weeks from today" is two weeks ago, a month from today is last month, and 3 days from today is
#            today. From tomorrow on, "3 days" are left out altogether. PREFER_DATES_FROM "future" changes none of it,
#            though the documentation has it decide just what is not clear. "2 weeks from now" and "in 2 weeks from
#            today" are right, as each of the words is alone.
# Seen:      2 weeks from now: 2026-12-16, asked for the future 2026-12-16
#            2 weeks from today: 2026-11-18, asked for the future 2026-11-18
#            in 2 weeks from today: 2026-12-16, asked for the future 2026-12-16
#            a week from today: 2026-11-25, asked for the future 2026-11-25
#            1 month from today: 2026-11-02, asked for the future 2026-11-02
#            1 year from today: 2025-12-02, asked for the future 2025-12-02
#            3 days from today: 2026-12-02, asked for the future 2026-12-02
#            3 days from tomorrow: 2026-12-03, asked for the future 2026-12-03
#            (on 2 December 2026)
# Date seen: 2026-11-30
# We:        read what stands behind an amount as well, and say the day that was understood
#            (bot/domain/digest/snooze_words.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(dateparser==1.5.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

TZ=UTC timeout 20 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import datetime

import dateparser

NOW = datetime(2026, 12, 2, 10, 0)


def day(words, **settings):
    return f"{dateparser.parse(words, languages=['en'], settings={'RELATIVE_BASE': NOW, **settings}):%Y-%m-%d}"


def read(words):
    found, future = day(words), day(words, PREFER_DATES_FROM="future")
    print(f"{words}: {found}, asked for the future {future}")
    return found if found == future else f"{found}, {future}"


seen = [
    read("2 weeks from now"),
    read("2 weeks from today"),
    read("in 2 weeks from today"),
    read("a week from today"),
    read("1 month from today"),
    read("1 year from today"),
    read("3 days from today"),
    read("3 days from tomorrow"),
]
stated = [
    "2026-12-16",
    "2026-11-18",
    "2026-12-16",
    "2026-11-25",
    "2026-11-02",
    "2025-12-02",
    "2026-12-02",
    "2026-12-03",
]
sys.exit(0 if seen == stated else 1)
PY

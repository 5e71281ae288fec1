#!/usr/bin/env bash
# Packages:  philiprehberger-duration 0.4.0
# Behaviour: parse(), which the readme has accept ISO 8601, takes an M for minutes where it stands for months: P1M, a
#            month, is 60 seconds, P6M is six minutes, and P2W3M two weeks and three minutes. Its pattern for ISO 8601
#            has no months, so the text goes on to the one for words as "3 m", which looks for amounts anywhere and
#            passes over the P. Nothing is raised; a year, as P1Y, is refused, though the readme speaks of neither.
# Seen:      P1M: 60 seconds
#            P6M: 360 seconds
#            P2W3M: 1209780 seconds
#            PT1M: 60 seconds
#            P30D: 2592000 seconds
#            P1Y: refused
# Date seen: 2026-11-30
# We:        read for how long in words of our own, and months from the calendar (bot/domain/digest/snooze_words.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(philiprehberger-duration==0.4.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys

from philiprehberger_duration import parse


def parsed(text):
    try:
        found = f"{parse(text):.0f} seconds"
    except ValueError:
        found = "refused"
    print(f"{text}: {found}")
    return found


STATED = {
    "P1M": "60 seconds",
    "P6M": "360 seconds",
    "P2W3M": f"{2 * 604800 + 3 * 60} seconds",
    "PT1M": "60 seconds",
    "P30D": f"{30 * 86400} seconds",
    "P1Y": "refused",
}
seen = {text: parsed(text) for text in STATED}
sys.exit(0 if seen == STATED else 1)
PY

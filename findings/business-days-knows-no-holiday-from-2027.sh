#!/usr/bin/env bash
# Packages:  business-days 0.0.8
# Behaviour: what business-days counts around are bank holidays, says its readme, and it takes them from a table of its
#            own that ends with 2026. From New Year 2027 on each holiday is a business day, so that two days from the
#            last day of 2026 are a day too early; nothing is said of an end, in the readme or by the answers. The table
#            is wrong before it as well: for Presidents' Day, the third Monday of February, it has a Thursday in 2021,
#            2022 and 2023, of the same week or the one before, so the Monday is worked and the Thursday is not.
# Seen:      New Year: Wed 2025-01-01 off, Thu 2026-01-01 off, Fri 2027-01-01 worked, Mon 2029-01-01 worked
#            Thanksgiving: Thu 2025-11-27 off, Thu 2026-11-26 off, Thu 2027-11-25 worked
#            Presidents' Day: Mon 2021-02-15 worked, Mon 2022-02-21 worked, Mon 2023-02-20 worked, Mon 2024-02-19 off
#            a Thursday near it: Thu 2021-02-18 off, Thu 2022-02-17 off, Thu 2023-02-16 off, Thu 2024-02-15 worked
#            2 days from Wed 2025-12-31: Mon 2026-01-05
#            2 days from Thu 2026-12-31: Mon 2027-01-04
# Date seen: 2026-11-30
# We:        know no holidays: a digest is left out for as long as somebody says (bot/domain/digest/snooze_words.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(business-days==0.0.8)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import date

import business_days


def worked(what, *days):
    found = [f"{day:%a %Y-%m-%d} {'worked' if business_days.is_business_day(day) else 'off'}" for day in days]
    print(f"{what}: {', '.join(found)}")
    return found


def later(days, start):
    found = f"{business_days.days_from_now(start, days):%a %Y-%m-%d}"
    print(f"{days} days from {start:%a %Y-%m-%d}: {found}")
    return found


seen = [
    worked("New Year", date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1), date(2029, 1, 1)),
    worked("Thanksgiving", date(2025, 11, 27), date(2026, 11, 26), date(2027, 11, 25)),
    worked("Presidents' Day", date(2021, 2, 15), date(2022, 2, 21), date(2023, 2, 20), date(2024, 2, 19)),
    worked("a Thursday near it", date(2021, 2, 18), date(2022, 2, 17), date(2023, 2, 16), date(2024, 2, 15)),
    later(2, date(2025, 12, 31)),
    later(2, date(2026, 12, 31)),
]
STATED = [
    ["Wed 2025-01-01 off", "Thu 2026-01-01 off", "Fri 2027-01-01 worked", "Mon 2029-01-01 worked"],
    ["Thu 2025-11-27 off", "Thu 2026-11-26 off", "Thu 2027-11-25 worked"],
    ["Mon 2021-02-15 worked", "Mon 2022-02-21 worked", "Mon 2023-02-20 worked", "Mon 2024-02-19 off"],
    ["Thu 2021-02-18 off", "Thu 2022-02-17 off", "Thu 2023-02-16 off", "Thu 2024-02-15 worked"],
    "Mon 2026-01-05",
    "Mon 2027-01-04",
]
sys.exit(0 if seen == STATED else 1)
PY

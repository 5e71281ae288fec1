#!/usr/bin/env bash
# Packages:  businesstimedelta 1.0.1, pytz 2026.6
# Behaviour: time off is not taken off where it lasts until the end of the working day, as a Friday afternoon does: the
#            package cuts a working day only for time off that ends before the day does. Durations and due times come
#            out too early by all of it; a minute less, and it is taken off. Counted backwards it always is, so that
#            adding and subtracting do not fit each other. Its readme shows a lunch break; where its rules begin, they
#            are said to be for any exclusion of working hours.
# Seen:      nothing off: Friday 9.0 hours, 5 hours from Friday 10:00 are Fri 15:00, 2 hours before Monday 08:00 Fri 16:00
#            off 12:00 to 13:00: Friday 8.0 hours, 5 hours from Friday 10:00 are Fri 16:00, 2 hours before Monday 08:00 Fri 16:00
#            off 13:00 to 17:59: Friday 4.0 hours, 5 hours from Friday 10:00 are Mon 10:59, 2 hours before Monday 08:00 Fri 11:01
#            off 13:00 to 18:00: Friday 9.0 hours, 5 hours from Friday 10:00 are Fri 15:00, 2 hours before Monday 08:00 Fri 11:00
# Date seen: 2026-11-30
# We:        count no working hours: what is due is due at a time of a day of the calendar
#            (bot/domain/digest/schedule.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(businesstimedelta==1.0.1 pytz==2026.6)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
from datetime import datetime, time, timezone

import businesstimedelta as business

FRIDAY = datetime(2026, 11, 27, tzinfo=timezone.utc)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=timezone.utc)


def counted(what, *off):
    """Of a week from Monday to Friday, 09:00 to 18:00, with time off on Fridays."""
    rules = [business.WorkDayRule(start_time=time(9), end_time=time(18))]
    if off:
        rules.append(business.WorkDayRule(start_time=off[0], end_time=off[1], working_days=[4], time_off=True))
    hours = business.Rules(rules)
    friday = hours.difference(FRIDAY, FRIDAY.replace(hour=23)).timedelta.total_seconds() / 3600
    later = FRIDAY.replace(hour=10) + business.BusinessTimeDelta(hours, hours=5)
    before = MONDAY - business.BusinessTimeDelta(hours, hours=2)
    print(
        f"{what}: Friday {friday:.1f} hours, 5 hours from Friday 10:00 are {later:%a %H:%M}, "
        f"2 hours before Monday 08:00 {before:%a %H:%M}"
    )
    return round(friday, 1), f"{later:%a %H:%M}", f"{before:%a %H:%M}"


seen = [
    counted("nothing off"),
    counted("off 12:00 to 13:00", time(12), time(13)),
    counted("off 13:00 to 17:59", time(13), time(17, 59)),
    counted("off 13:00 to 18:00", time(13), time(18)),
]
stated = [
    (9.0, "Fri 15:00", "Fri 16:00"),
    (8.0, "Fri 16:00", "Fri 16:00"),
    (4.0, "Mon 10:59", "Fri 11:01"),
    (9.0, "Fri 15:00", "Fri 11:00"),
]
sys.exit(0 if seen == stated else 1)
PY

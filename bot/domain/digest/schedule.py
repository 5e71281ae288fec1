"""When the weekly digest is due, and for which week; the words that people set it with, and the words for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.answers.markup import channel, code
from bot.domain.errors import AskerError
from bot.domain.model import Reminder, Week

CATCH_UP = timedelta(hours=12)
"""A digest that could not be sent on time is still worth sending this long after it was due."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Due:
    """One digest of one ISO week (``2026-W48``), counted in the reminder's own zone."""

    week: str
    due_at: datetime


def this_week(reminder: Reminder, now: datetime) -> Due:
    """The digest of the ISO week that ``now`` lies in, on the clock of the reminder's zone."""
    local = now.astimezone(ZoneInfo(reminder.zone))
    return _in_week_of(reminder, local.date())


def weeks_before(weeks: Sequence[Week], reminder: Reminder | None, now: datetime) -> list[Week]:
    """The digests of weeks before the one that ``now`` lies in, in the order given."""
    this = this_week(reminder or Reminder("", ""), now).week
    return [week for week in weeks if week.week < this]


def upcoming(reminder: Reminder, now: datetime) -> datetime:
    """The next instant at which a digest falls due, in UTC."""
    due = this_week(reminder, now)
    if due.due_at > now:
        return due.due_at
    local = now.astimezone(ZoneInfo(reminder.zone))
    return _in_week_of(reminder, local.date() + timedelta(days=7)).due_at


def _in_week_of(reminder: Reminder, day: date) -> Due:
    monday = day - timedelta(days=day.weekday())
    year, week, _ = monday.isocalendar()
    # Going through UTC gives an hour that daylight saving skips or repeats exactly one instant.
    wall = datetime.combine(
        monday + timedelta(days=reminder.weekday),
        time(reminder.hour, reminder.minute),
        ZoneInfo(reminder.zone),
    )
    return Due(f"{year}-W{week:02}", wall.astimezone(UTC))


def due(reminder: Reminder, now: datetime) -> Due | None:
    """This week's digest if it is time for it: due since the reminder was set, and not too late to be of use."""
    this = this_week(reminder, now)
    if not reminder.enabled or not this.due_at <= now <= this.due_at + CATCH_UP:
        return None
    if reminder.set_at is not None and this.due_at < reminder.set_at:
        return None
    return this


# --- reading "monday 9:00 Europe/Berlin" ---------------------------------------------------------------

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)


def read_schedule(words: Sequence[str], default_zone: str) -> tuple[int, int, int, str]:
    """Weekday (0 = Monday), hour, minute and zone from words like ``monday 9:00 Europe/Berlin``.

    Raises AskerError with what is wrong and an example.
    """
    if len(words) not in (2, 3):
        raise AskerError(
            "Say a day, a time and, if it is not yours, a zone: `/flosum remind monday 09:00 Europe/Berlin`."
        )
    zone = _zone(words[2]) if len(words) == 3 else default_zone
    return _weekday(words[0]), *_clock(words[1]), zone


def _weekday(word: str) -> int:
    for number, day in enumerate(DAYS):
        if len(word) >= 2 and day.casefold().startswith(word.casefold().rstrip("s.") or " "):
            return number
    raise AskerError(f"{code(word[:30])} is not a day of the week. Try `monday`.")


def _clock(word: str) -> tuple[int, int]:
    found = _TIME.fullmatch(word)
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (99, 0)
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0) if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise AskerError(f"{code(word[:30])} is not a time of the day. Try `09:00`.")
    return hour, minute


def _zone(word: str) -> str:
    by_name = {name.casefold(): name for name in available_timezones()}
    zone = by_name.get(word.casefold())
    if zone is None:
        raise AskerError(f"{code(word[:40])} is not a time zone that I know. Try `Europe/Berlin` or `UTC`.")
    return zone


# --- in words ---------------------------------------------------------------------------------------------


def next_words(reminder: Reminder, now: datetime) -> str:
    """``Monday 30 November, 09:00 Europe/Berlin``: when the next digest comes."""
    local = upcoming(reminder, now).astimezone(ZoneInfo(reminder.zone))
    return f"{DAYS[local.weekday()]} {local.day} {local:%B}, {local:%H:%M} {reminder.zone}"


def schedule_words(reminder: Reminder) -> str:
    """``Mondays at 09:00 Europe/Berlin``."""
    return f"{DAYS[reminder.weekday]}s at {reminder.hour:02}:{reminder.minute:02} {reminder.zone}"


def digest_words(reminder: Reminder | None) -> str:
    """Whether and when the digest comes, and where to."""
    if reminder is None or not reminder.enabled:
        return "The weekly digest is off"
    return f"Weekly digest: {schedule_words(reminder)}, {channel(reminder.channel)}"

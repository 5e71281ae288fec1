"""When the weekly digest is due, and for which week; the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.answers.markup import channel
from bot.domain.digest.zones import usable
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
    local = now.astimezone(_clock(reminder))
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
    local = now.astimezone(_clock(reminder))
    return _in_week_of(reminder, local.date() + timedelta(days=7)).due_at


def _clock(reminder: Reminder) -> ZoneInfo:
    return ZoneInfo(usable(reminder.zone))


def _in_week_of(reminder: Reminder, day: date) -> Due:
    monday = day - timedelta(days=day.weekday())
    year, week, _ = monday.isocalendar()
    # Going through UTC gives an hour that daylight saving skips or repeats exactly one instant.
    wall = datetime.combine(
        monday + timedelta(days=reminder.weekday),
        time(reminder.hour, reminder.minute),
        _clock(reminder),
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


# --- in words ---------------------------------------------------------------------------------------------


def next_words(reminder: Reminder, now: datetime) -> str:
    """``Monday 30 November, 09:00 Europe/Berlin``: when the next digest comes."""
    local = upcoming(reminder, now).astimezone(_clock(reminder))
    return f"{DAYS[local.weekday()]} {local.day} {local:%B}, {local:%H:%M} {usable(reminder.zone)}"


def schedule_words(reminder: Reminder) -> str:
    """``Mondays at 09:00 Europe/Berlin``."""
    return f"{DAYS[reminder.weekday]}s at {reminder.hour:02}:{reminder.minute:02} {usable(reminder.zone)}"


def digest_words(reminder: Reminder | None) -> str:
    """Whether and when the digest comes, and where to."""
    if reminder is None or not reminder.enabled:
        return "The weekly digest is off"
    return f"Weekly digest: {schedule_words(reminder)}, {channel(reminder.channel)}"

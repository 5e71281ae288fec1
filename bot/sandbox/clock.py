"""A clock that can be set apart from the machine's: what the demo hands to the bot, to see next Monday today."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

NINE = time(9)
_WEEK = timedelta(days=7)


class SetClock:
    """Says the machine's time until it is set, and from then on goes on from there."""

    def __init__(self) -> None:
        self._apart = timedelta()

    def __call__(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC) + self._apart

    def set(self, to: datetime | None = None) -> None:
        """Go on from another time; from the machine's without one."""
        self._apart = to - datetime.now(UTC) if to else timedelta()


def next_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The first Monday, nine o'clock there, after ``now``."""
    return _monday(now, zone, timedelta()) if _monday(now, zone, timedelta()) > now else _monday(now, zone, _WEEK)


def last_monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The newest Monday, nine o'clock there, that is not after ``now``."""
    return _monday(now, zone, timedelta()) if _monday(now, zone, timedelta()) <= now else _monday(now, zone, -_WEEK)


def _monday(now: datetime, zone: ZoneInfo, further: timedelta) -> datetime:
    """Nine o'clock of this week's Monday there, or of another week's."""
    there = now.astimezone(zone).date()
    return datetime.combine(there - timedelta(days=there.weekday()) + further, NINE, zone).astimezone(UTC)

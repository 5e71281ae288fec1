"""A clock that runs ahead of the machine's: what the demo hands to the bot, to see next Monday today."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

NINE = time(9)


class AheadClock:
    """Says the machine's time, and from when it was moved on that much later. It never goes back."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """The time, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def move_to_monday(self, zone: ZoneInfo) -> None:
        """Go on to the next Monday, nine o'clock there."""
        now = self()
        there = now.astimezone(zone)
        monday = datetime.combine(there.date() + timedelta(days=-there.weekday() % 7), NINE, zone)
        if monday <= there:
            monday = datetime.combine(monday.date() + timedelta(days=7), NINE, zone)
        self._ahead += monday - now

"""A clock that can be set apart from the machine's: what the demo hands to the bot, to see next Monday today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


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

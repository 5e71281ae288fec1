"""A workspace that removed the app while its token is a setting: marked, and deleted after seven days.

Slack says the same when a leaked token is replaced, so nothing is deleted at once. A clock can be wrong as well, so
time is counted in days on which the bot runs, one at a time: whatever a clock does, things are kept longer and
not shorter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.program import to_type

DAYS = 7
_DAY = timedelta(days=1)
_CLOCKS_DIFFER = timedelta(minutes=10)
"""How much the clocks of two processes may be apart, or one be set back, and still count as right."""


@dataclass(frozen=True, slots=True)
class Departure:
    """The mark: ``left_at`` by Slack's clock, and how many ``days`` were counted since, the last at ``counted_at``."""

    workspace: str
    left_at: datetime
    counted_at: datetime
    days: int = 0


def counted(mark: Departure, now: datetime) -> Departure:
    """The mark as of ``now``, a day further at most.

    A clock that leaps ahead costs one day, and so does a time in which the bot did not run. Where the time now lies
    before the last count one of the two was wrong, and the days begin anew.
    """
    passed = now - mark.counted_at
    if passed < -_CLOCKS_DIFFER:
        return replace(mark, counted_at=now, days=0)
    if passed < _DAY:
        return mark
    return replace(mark, counted_at=mark.counted_at + _DAY if passed < 2 * _DAY else now, days=mark.days + 1)


def told(mark: Departure) -> str:
    """What the operator is told: what happened and when everything goes."""
    at = mark.counted_at + (DAYS - mark.days) * _DAY
    return (
        f"Slack says that workspace {mark.workspace} removed the app or ended its bot token on {mark.left_at:%Y-%m-%d}."
        f" Nothing is posted there meanwhile. All that is kept of it is deleted on {at:%Y-%m-%d}, or later: "
        "days on which the bot does not run do not count."
    )


def to_do(mark: Departure) -> str:
    """What the operator can do about it."""
    return (
        "To keep it: install the app there again, set SLACK_BOT_TOKEN to the token that it has now, restart the bot. "
        f"To delete it now: {to_type('forget', '--workspace', mark.workspace)}"
    )

"""Small words that several answers share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def age(then: datetime, now: datetime) -> str:
    """How long ago ``then`` was (both aware): "just now", "5 min ago", "yesterday", "3 weeks ago".

    A moment ahead of ``now`` is "just now": clocks of two machines differ by seconds.
    """
    elapsed = now - then
    if elapsed < _MINUTE:
        return "just now"
    if elapsed < _HOUR:
        return f"{elapsed // _MINUTE} min ago"
    if elapsed < _DAY:
        return f"{elapsed // _HOUR} h ago"
    return _days_ago((now.date() - then.astimezone(now.tzinfo).date()).days)


def _days_ago(days: int) -> str:
    if days == 1:
        return "yesterday"
    if days < 14:
        return f"{days} days ago"
    if days < 61:
        return f"{days // 7} weeks ago"
    if days < 730:
        return f"{days // 30} months ago"
    return f"{days // 365} years ago"


def listed(names: Sequence[str], joint: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def counted(number: int, one: str, many: str) -> str:
    """``1 org``, ``7 orgs``."""
    return f"{number:,} {one if number == 1 else many}"

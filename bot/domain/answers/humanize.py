"""Small words for amounts and ages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def counted(number: int, one: str, many: str) -> str:
    """``1 org``, ``7 orgs``."""
    return f"{number:,} {one if number == 1 else many}"


def age(then: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits: ``just now``, ``5 min ago``, ``yesterday``, ``3 weeks ago``."""
    seconds = (now - then).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min ago"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h ago"
    days = int(seconds // _DAY)
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 14 else f"{days // 7} weeks ago"


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def capital(text: str) -> str:
    """With its first letter in capitals, as a sentence begins."""
    return text[:1].upper() + text[1:]


def shortened(text: str, most: int) -> str:
    """At most so many letters, with an ellipsis where some were left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"

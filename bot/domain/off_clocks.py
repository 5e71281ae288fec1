"""Times that lie ahead: of a clock that was off, as that of a machine which starts before anybody told it the time."""

from __future__ import annotations

from datetime import datetime, timedelta

_MAY_DIFFER = timedelta(hours=1)
"""Chosen by hand: the clocks of machines that somebody looks after differ by minutes."""


def is_ahead(at: datetime, now: datetime) -> bool:
    """Whether what is said to have been at ``at`` cannot have been by ``now``."""
    return at > now + _MAY_DIFFER


def waits(until: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether what is done ``every`` so long is not due yet; further ahead a clock that was off set it."""
    return until is not None and now < until <= now + every

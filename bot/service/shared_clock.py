"""One clock for all processes: when something is due, and who has it, must not hang on whose clock is off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.errors import OperatorError
from bot.ports import Clock

log = structlog.get_logger("assistant")

LOOKED_AT_AGAIN = 300.0
"""Seconds after which the database is asked anew; two clocks of machines drift apart by milliseconds meanwhile."""

LEAP = timedelta(seconds=1)
"""A machine's clock that moved so much more, or less, than time went by was set, or the machine slept."""

_OFF = timedelta(seconds=30)  # what an operator should hear of; doctor compares with Slack's clock by as much


class SharedClock:
    """The database's time, carried on by this machine's in between, so that reading it asks nobody.

    Until it was looked at, and while the database does not say, it is this machine's.
    """

    def __init__(
        self,
        own: Clock,
        ask: Callable[[], datetime | None],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """``ask`` gives None where there is no other clock than this machine's."""
        self._own = own
        self._ask = ask
        self._steady = steady
        self._since: tuple[datetime, datetime, float] | None = None  # theirs, ours and the steady one when last looked
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """The time now."""
        if self._since is None:
            return self._own()
        theirs, _, steady = self._since
        return theirs + timedelta(seconds=self._steady() - steady)

    def look(self) -> None:
        """Ask for the time where the last answer is old, or this machine's clock has leapt since."""
        with self._lock:
            if self._is_good():
                return
            before = self._steady()
            try:
                theirs = self._ask()
            except OperatorError as error:
                log.warning("the time goes on without the database", reason=error.text)
                return
            if theirs is None:
                return
            steady, ours = self._steady(), self._own()
            theirs += timedelta(seconds=(steady - before) / 2)
            if abs(theirs - ours) > _OFF:
                log.warning(
                    "this machine's clock is off the database's", seconds=round((ours - theirs).total_seconds())
                )
            self._since = (theirs, ours, steady)

    def _is_good(self) -> bool:
        if self._since is None:
            return False
        _, ours, steady = self._since
        passed = self._steady() - steady
        return passed < LOOKED_AT_AGAIN and abs(self._own() - ours - timedelta(seconds=passed)) < LEAP

"""Looks after what was acknowledged: what a process that is gone left, what waits for room, and what is too old."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from bot.entrypoints.slack.intake import Intake
from bot.guard import guarded
from bot.jobs import Jobs
from bot.ports import WAITING, Clock, Requests, UndoneRequest

EVERY = 5.0
"""Seconds between two looks. A process that is gone is noticed after some; what it left is done within a minute."""

ENDED_WITHIN = 1.0  # seconds

AT_ONCE = 50
"""Requests that are taken on between two beats."""

UNFINISHED = timedelta(minutes=2)
"""So old a record of this process's that it does not work on is one that it could not erase."""

KEPT = timedelta(hours=1)
KEPT_FROM_BEFORE = timedelta(hours=2)
"""At a start, what is not much older is done instead of given up: a clock that is an hour off must cost nothing."""

SWEPT_EVERY = 60.0  # seconds

THREAD = "recovery"

log = structlog.get_logger("assistant")


class Recovery:
    """A thread that looks every five seconds, until it is closed."""

    def __init__(
        self,
        intake: Intake,
        jobs: Jobs,
        requests: Requests,
        owner: str,
        clock: Clock,
    ) -> None:
        self._intake = intake
        self._jobs = jobs
        self._requests = requests
        self._owner = owner
        self._clock = clock
        self._missing: frozenset[str] = frozenset()
        self._swept: tuple[datetime | None, float] = (None, float("-inf"))
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=THREAD, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look no more; a look that is under way ends, unless the database hangs."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(ENDED_WITHIN)

    def _run(self) -> None:
        while not self._closing.is_set():
            guarded(self.look)()
            self._closing.wait(EVERY)

    def look(self) -> None:
        """Say that this process is there, take what is to be taken, erase what is over. Raises OperatorError."""
        there = self._requests.beat(self._owner)
        undone = self._requests.undone_requests()
        owners = frozenset(each.owner for each in undone if each.owner is not None)
        missing = owners - there - {self._owner, WAITING}
        # Missing twice in a row: after an outage of the database each has to be given the time to be heard again.
        gone, self._missing = missing & self._missing, missing
        self._take(gone, undone)
        self._erase(undone)
        self._sweep(there)

    def _take(self, gone: Collection[str], undone: Collection[UndoneRequest]) -> None:
        free = [each.key for each in undone if each.owner in (None, WAITING) or each.owner in gone]
        keys, count = free[: self._jobs.room], 0
        for at in range(0, len(keys), AT_ONCE):
            if self._closing.is_set():
                break
            for kept in self._requests.take_requests(self._owner, gone, keys[at : at + AT_ONCE]):
                guarded(lambda kept=kept: self._intake.again(kept))()  # type: ignore[misc]
                count += 1
            self._requests.beat(self._owner)  # a process that takes on much is not to be taken for one that is gone
        if count:
            log.info("taken on what was acknowledged and is not done", requests=count)

    def _erase(self, undone: Collection[UndoneRequest]) -> None:
        here, now = self._intake.under_way, self._clock()
        for each in undone:
            if each.owner == self._owner and each.key not in here and now - each.taken_at > UNFINISHED:
                self._requests.end_request(each.key)

    def _sweep(self, there: Collection[str]) -> None:
        """What is older than an hour goes, unless the clock was set since the last time, and nothing is that old."""
        now, tick = self._clock(), time.monotonic()
        before, then = self._swept
        if tick - then < SWEPT_EVERY:
            return
        self._swept = (now, tick)
        if before is None:
            self._forget(now - KEPT_FROM_BEFORE, there)
        elif abs((now - before).total_seconds() - (tick - then)) > SWEPT_EVERY:
            log.warning("the clock was set", seconds=round((now - before).total_seconds() - (tick - then)))
        else:
            self._forget(now - KEPT, there)

    def _forget(self, before: datetime, there: Collection[str]) -> None:
        if lost := self._requests.forget_requests(before, there):
            log.error("given up, because it is too old", requests=lost)

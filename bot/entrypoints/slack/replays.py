"""A request that comes again runs once: remembered here, and claimed in the database where processes share one.

The memory answers before the ack, without a query. The database is asked in the jobs pool, after the ack and before
the work, so that one that is slow or gone delays nobody's ack. Only commands and what is pressed are claimed there:
messages have a claim of their own, by channel and time stamp.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import count

import structlog

from bot.domain.errors import AssistantError
from bot.guard import Show
from bot.jobs import WAITING_AT_MOST, WORKERS, Jobs

REMEMBERED = 600
"""Seconds: a signature holds for five minutes, and may be five minutes ahead of our clock."""

Claim = Callable[[str], bool]
"""Whether a key is claimed for the first time, whichever process asks."""

log = structlog.get_logger("assistant")


class Replays:
    """The keys of requests that run or ran lately. Safe to share between threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._new = set[str]()
        self._old = set[str]()
        self._turn = now() + REMEMBERED

    def first(self, key: str) -> bool:
        """Remember a key; False if it is known."""
        with self._lock:
            self._forget_old()
            if key in self._new or key in self._old:
                return False
            self._new.add(key)
            return True

    def failed(self, key: str) -> None:
        """What was to run did not, and may come again."""
        with self._lock:
            self._new.discard(key)
            self._old.discard(key)

    def _forget_old(self) -> None:
        """Two generations, so that forgetting looks at no key: each is kept for once to twice the time."""
        if self._now() >= self._turn:
            self._old, self._new = self._new, set()
            self._turn = self._now() + REMEMBERED


@dataclass(frozen=True, slots=True)
class _Request:
    key: str
    jobs: Iterator[int] = field(default_factory=count)


_answering: ContextVar[_Request | None] = ContextVar("answering", default=None)


@contextmanager
def answering(key: str) -> Iterator[None]:
    """What is submitted to the jobs pool meanwhile runs once, in whichever process."""
    before = _answering.set(_Request(key))
    try:
        yield
    finally:
        _answering.reset(before)


class ClaimedJobs(Jobs):
    """A jobs pool that claims what a request submits before it works on it."""

    def __init__(self, claim: Claim | None, workers: int = WORKERS, waiting: int = WAITING_AT_MOST) -> None:
        """``claim`` is None where one process serves alone: what it remembers is enough."""
        super().__init__(workers, waiting)
        self._claim = claim

    def submit(self, work: Callable[[], None], show: Show | None = None) -> None:
        """Run ``work`` soon, once for the request that is being answered. Raises AskerError as the pool does."""
        request = _answering.get()
        if request is None or self._claim is None:
            super().submit(work, show)
            return
        key, claim = f"{request.key}/{next(request.jobs)}", self._claim

        def claimed() -> None:
            if _is_first(claim, key):
                work()

        super().submit(claimed, show)


def _is_first(claim: Claim, key: str) -> bool:
    try:
        return claim(key)
    except AssistantError as error:
        # Who asked is waiting; that somebody sent the same thing to two processes is far less likely.
        log.warning("a request may run twice", reason=error.text)
        return True

"""What was refused at the door, in the log: our own words, and few of them however many come."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable

import structlog

from bot.entrypoints.slack.signature import Fault, Refusal

EVERY = 60
"""Seconds between two lines."""

log = structlog.get_logger("assistant")


class RefusalLog:
    """Writes the first refusal at once, and then one line a minute at most, with how many there were of each kind."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._counts = Counter[Fault]()
        self._detail = ""
        self._next = float("-inf")
        self._lock = threading.Lock()

    def note(self, refusal: Refusal) -> None:
        """One more."""
        with self._lock:
            self._counts[refusal.fault] += 1
            self._detail = refusal.detail or self._detail
            if self._now() < self._next:
                return
            self._next = self._now() + EVERY
            counts, self._counts = self._counts, Counter()
            detail, self._detail = self._detail, ""
        told = {fault.name.lower(): count for fault, count in counts.items()}
        log.warning("requests refused", reason="; ".join(counts), detail=detail, **told)

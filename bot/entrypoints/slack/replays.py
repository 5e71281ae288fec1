"""Requests that came lately, remembered without a query; what is worth a record is known in the database as well."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

REMEMBERED = 600
"""Seconds: a signature holds for five minutes, and may be five minutes ahead of our clock."""


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

"""The clock's face: a mere tick. What is due, and whether it was sent, is decided elsewhere.

Its waits are by the monotonic clock: the machine's own may be set back an hour, or forward years and back again, and
a scheduler that goes by that one misses the hour, or makes up for every minute of the years.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

from bot.guard import guarded

EVERY = 60.0  # seconds
JITTER = 0.15
"""Of the time between ticks, either way: replicas do not all knock at the same instant."""


class Schedule:
    """Calls ``tick`` about every so many seconds, never twice at a time, until it is closed."""

    def __init__(self, tick: Callable[[], None], every: float = EVERY, jitter: float = JITTER) -> None:
        self._tick = guarded(tick)
        self._every = every
        self._jitter = jitter
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Begin to tick; the first time after a pause."""
        self._thread.start()

    def close(self, patience: float = 1.0) -> None:
        """Stop; a tick that is under way is waited for, at most ``patience`` seconds."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        while not self._ended.wait(self._every * (1 + random.uniform(-self._jitter, self._jitter))):  # noqa: S311
            self._tick()

"""The clock's face: APScheduler as a mere tick. What is due, and whether it was sent, is decided elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.guard import guarded

EVERY = 60  # seconds
JITTER = 10  # seconds; replicas and workspaces do not all knock at the same instant


class Schedule:
    """Calls ``tick`` about once a minute, never twice at a time, until it is closed."""

    def __init__(self, tick: Callable[[], None], every: float = EVERY, jitter: int | None = JITTER) -> None:
        self._scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone="UTC")
        # A late tick is as good as one on time, and several late ones are as good as one: what is due is
        # computed from the time now, so nothing is lost by a grace without end.
        self._scheduler.add_job(
            guarded(tick),
            IntervalTrigger(seconds=int(every), jitter=jitter, timezone="UTC"),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def close(self) -> None:
        """Stop; a tick that is under way is waited for."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

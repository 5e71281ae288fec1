"""The clock's face: APScheduler as a mere tick. What is due, and whether it was sent, is decided elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.guard import guarded, named_run

EVERY = 60.0  # seconds
JITTER = 0.15
"""Of the time between ticks, either way: replicas do not all knock at the same instant."""


class Schedule:
    """Calls ``tick`` about every so many seconds, never twice at a time, until it is closed.

    Each line of the log from it names the ``job`` and the ``run``, as those of a request name the request.
    """

    def __init__(self, tick: Callable[[], None], job: str, every: float = EVERY, jitter: float = JITTER) -> None:
        self._tick = named_run(job, guarded(tick))
        self._every = every
        self._jitter = jitter
        self._scheduler: _SteadyScheduler | None = None

    def start(self) -> bool:
        """Begin to tick; the first time after a pause. False where the system has no thread for it just now."""
        scheduler = self._made()
        try:
            scheduler.start()
        except RuntimeError:  # the library takes it for running all the same, so the next try makes another
            return False
        self._scheduler = scheduler
        return True

    def _made(self) -> _SteadyScheduler:
        # The tick runs on the scheduler's own thread, which dies with the process: a pool's thread would keep it.
        longest = self._every * (1 + self._jitter)
        scheduler = _SteadyScheduler(longest, executors={"default": DebugExecutor()}, timezone="UTC")
        # A late tick is as good as one on time, and several late ones are as good as one: what is due is computed from
        # the time now, so nothing is lost by a grace without end.
        scheduler.add_job(
            self._tick,
            about(self._every, self._jitter),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        return scheduler

    def close(self, patience: float = 1.0) -> None:
        """Stop; a tick that is under way is waited for, at most ``patience`` seconds."""
        if self._scheduler is None or not self._scheduler.running:
            return
        closing = threading.Thread(target=self._scheduler.shutdown, name="clock-closing", daemon=True)
        try:
            closing.start()
        except RuntimeError:  # no thread to wait with: its own one dies with the process
            self._scheduler.pause()
        else:
            closing.join(patience)


def about(every: float, jitter: float) -> IntervalTrigger:
    """A trigger that fires every so many seconds on the average, each time earlier or later by up to that part of it.

    APScheduler's own jitter only ever delays, and counts on from the time that was delayed, so alone it slows the pace.
    """
    spread = every * jitter
    return IntervalTrigger(seconds=every - spread, jitter=2 * spread or None, timezone="UTC")


class _SteadyScheduler(BackgroundScheduler):  # type: ignore[misc]
    """Goes on at its pace when the machine's clock leaps, also in the middle of a tick. (The library ships no types.)

    APScheduler waits by the monotonic clock and looks by the machine's: set back an hour it would miss the hour, and
    set forward years it would count through every tick of them.
    """

    def __init__(self, longest: float, **options: object) -> None:
        """``longest`` is the longest time between two ticks, in seconds."""
        super().__init__(**options)
        self._longest = longest
        self._ahead = timedelta(seconds=longest)
        self._behind = timedelta(seconds=2 * longest + 1)  # a tick that took long is no leap

    def _process_jobs(self) -> float | None:
        now = datetime.now(self.timezone)
        for job in self.get_jobs():
            if job.next_run_time is not None and not -self._behind < job.next_run_time - now <= self._ahead:
                job.modify(next_run_time=now)
        waits: float | None = super()._process_jobs()
        # The tick ran within that, and how long to wait was computed from a clock that may have leapt meanwhile.
        return None if waits is None else min(waits, self._longest)

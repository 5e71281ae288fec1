"""The jobs pool: where the work runs once Slack has its acknowledgement, so that a slow org delays nobody's ack."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bot.domain.errors import AskerError
from bot.guard import Show, answer_for, guarded

WORKERS = 32
WAITING_AT_MOST = 1000  # beyond this, people wait longer than Slack lets us answer them (30 minutes)


class Jobs:
    """Runs guarded jobs on threads of its own."""

    def __init__(self, workers: int = WORKERS, waiting: int = WAITING_AT_MOST) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._most = workers + waiting
        self._open = 0
        self._changed = threading.Condition()

    def submit(self, work: Callable[[], None], show: Show | None = None) -> None:
        """Run ``work`` soon. Raises AskerError when too much is waiting already."""
        with self._changed:
            if self._open >= self._most:
                raise AskerError("Too many requests at once; nothing was done. Try again in a minute.")
            self._open += 1
        self._pool.submit(self._run, guarded(work, show))

    def submit_or_tell(self, work: Callable[[], None], show: Show | None) -> None:
        """The same for whoever is waiting for an answer, if anybody is: too much waiting is one, too."""
        try:
            self.submit(work, show)
        except AskerError as error:
            if show is not None:
                show(answer_for(error))

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    @property
    def open(self) -> int:
        """How many jobs are running or waiting."""
        return self._open

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing runs or waits, at most ``timeout`` seconds; whether that came true."""
        with self._changed:
            return self._changed.wait_for(lambda: self._open == 0, timeout)

    def close(self, timeout: float = 20.0) -> None:
        """Let what is under way finish, at most ``timeout`` seconds, and drop what has not begun."""
        self.wait_idle(timeout)
        self._pool.shutdown(wait=False, cancel_futures=True)

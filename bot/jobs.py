"""Where work runs: jobs once Slack has its acknowledgement, so that a slow org delays no ack; and checks of orgs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from bot.domain.errors import AskerError
from bot.guard import Show, answer_for, guarded

T = TypeVar("T")
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


PLACES = 16  # checks at once: a workspace of hundreds is read in seconds, and two cores still keep up with the TLS
HELD = 0.75  # seconds: more than a check takes where calls take 150 ms; longer, and the hanging ones cost the others
RUNNING_AT_MOST = 128


class Places:
    """Runs checks of orgs, so many at once; one that takes long gives its place on, and goes on without it.

    So orgs that hang take a shared place for a second and not for as long as a check may last; they cost a thread that
    waits. Beyond ``most`` of those the places wait, too.
    """

    def __init__(self, places: int = PLACES, held: float = HELD, most: int = RUNNING_AT_MOST) -> None:
        self._places = ThreadPoolExecutor(places, thread_name_prefix="check")
        self._running = threading.BoundedSemaphore(most)
        self._held = held

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """What will come of ``work``; cancelled if it has not begun when this is closed."""
        found: Future[T] = Future()
        queued = self._places.submit(self._run, work, found)
        queued.add_done_callback(lambda place: place.cancelled() and found.cancel())
        return found

    def _run(self, work: Callable[[], T], found: Future[T]) -> None:
        def run() -> None:
            try:
                found.set_result(work())
            except BaseException as error:  # noqa: BLE001 - not swallowed: whoever waits for the result gets it
                found.set_exception(error)
            finally:
                self._running.release()

        self._running.acquire()
        threading.Thread(target=run, name="check-running", daemon=True).start()
        wait([found], timeout=self._held)

    def close(self) -> None:
        """Drop what has not begun."""
        self._places.shutdown(wait=False, cancel_futures=True)

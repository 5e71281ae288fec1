"""Where checks of orgs run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from functools import partial
from typing import TypeVar

T = TypeVar("T")

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
        """What will come of ``work``; cancelled if it has not begun when this is closed.

        Its lines of the log name whatever the caller's do.
        """
        found: Future[T] = Future()
        queued = self._places.submit(self._run, partial(copy_context().run, work), found)
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
        try:
            threading.Thread(target=run, name="check-running", daemon=True).start()
        except RuntimeError:  # the system gives no more threads: this one does it, and keeps its place meanwhile
            run()
        wait([found], timeout=self._held)

    def close(self) -> None:
        """Drop what has not begun."""
        self._places.shutdown(wait=False, cancel_futures=True)

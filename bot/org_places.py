"""Where checks of orgs run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

from bot.fair_pool import FairPool, Place

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
        # Each for whoever comes: a workspace's person may have them all, for they are given on within a second.
        self._places = FairPool("check", places, share=2 * places)
        self._running = threading.BoundedSemaphore(most)
        self._held = held
        self._lock = threading.Lock()
        self._waiting: set[Future[Any]] = set()

    def begin(self, work: Callable[[], T]) -> Future[T]:
        """What will come of ``work``; cancelled if it has not begun when this is closed.

        Its lines of the log name whatever the caller's do.
        """
        found: Future[T] = Future()
        named = partial(copy_context().run, work)
        with self._lock:
            self._waiting.add(found)
        if not self._places.put(lambda: self._run(named, found), Place()):
            self._let_go()
        return found

    def _run(self, work: Callable[[], T], found: Future[T]) -> None:
        with self._lock:
            self._waiting.discard(found)
            if not found.set_running_or_notify_cancel():
                return

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
        self._places.close()
        self._let_go()

    def _let_go(self) -> None:
        with self._lock:
            dropped, self._waiting = self._waiting, set()
        for found in dropped:
            found.cancel()

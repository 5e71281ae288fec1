"""All threads on one processor: Python runs one of them at a time anyway.

Spread over several, whatever lets another thread go first wakes another processor, which has nothing of what it needs
in its own memory and fights for Python's lock: a third of the processor time of all that the bot does. Which processor
it is the system decides, and again now and then, because others may have come to use that one.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

import structlog

AGAIN = 2.0
"""Seconds until the system is asked again where there is room."""

LOOSE = 0.02
"""Seconds for which it may put the threads anywhere, so that the one that waited wakes where there is room."""

_THREADS = Path("/proc/self/task")
_HERE = Path("/proc/thread-self/stat")
_PROCESSOR = 36
"""Which of the fields behind the thread's name says where it ran last (proc(5): the 39th of all)."""

log = structlog.get_logger("assistant")


def stay_together(told: threading.Event) -> None:
    """Keep the threads of this process together until it is ``told`` to go."""
    allowed = processors()
    while len(allowed) > 1 and not told.is_set():
        try:
            gather(allowed)
        except OSError as error:  # a sandbox may forbid it, which costs speed and nothing else
            log.info("the threads are not kept on one processor", reason=error.strerror)
            break
        told.wait(AGAIN)
    told.wait()


def processors() -> Set[int]:
    """The processors that there are for us; none where that cannot be told, or threads run at the same time."""
    one_at_a_time = getattr(sys, "_is_gil_enabled", lambda: True)()
    if not (one_at_a_time and hasattr(os, "sched_getaffinity")):
        return frozenset()
    return os.sched_getaffinity(0)


def gather(allowed: Set[int]) -> None:
    """Put all threads where this one wakes. Raises OSError."""
    put_on(allowed)
    time.sleep(LOOSE)
    put_on({int(_HERE.read_text(encoding="utf-8").rpartition(")")[2].split()[_PROCESSOR])})


def put_on(chosen: Set[int]) -> None:
    """Those that come later go where the thread is that begins them."""
    for thread in _THREADS.iterdir():
        with suppress(ProcessLookupError):  # it is over by now
            os.sched_setaffinity(int(thread.name), chosen)

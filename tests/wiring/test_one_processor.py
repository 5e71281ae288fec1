"""The threads of the bot stay on one processor, and go together where there is room."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Iterator, Set
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.wiring import one_processor

if sys.platform != "linux":
    pytest.skip("the system decides alone where threads run", allow_module_level=True)

ALLOWED = os.sched_getaffinity(0)
several = pytest.mark.skipif(len(ALLOWED) < 2, reason="there is one processor here")


def where() -> set[frozenset[int]]:
    """On which processors threads of this process may run."""
    found = set()
    for thread in Path("/proc/self/task").iterdir():
        try:
            found.add(frozenset(os.sched_getaffinity(int(thread.name))))
        except ProcessLookupError:
            continue
    return found


@pytest.fixture(autouse=True)
def let_go(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    one_processor.put_on(ALLOWED)


@pytest.fixture
def told() -> threading.Event:
    return threading.Event()


@several
def test_all_threads_come_together_and_those_that_come_later_too(
    told: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "wait", lambda _=None: told.set())
    over, later = threading.Event(), list[Set[int]]()
    earlier = threading.Thread(target=over.wait, daemon=True)
    earlier.start()

    one_processor.stay_together(told)

    (together,) = where()
    new = threading.Thread(target=lambda: later.append(os.sched_getaffinity(0)))
    new.start()
    new.join()
    over.set()
    assert len(together) == 1
    assert later == [together]


@several
def test_the_system_is_asked_again_and_again_where_there_is_room(
    told: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    loose, waits = list[set[frozenset[int]]](), list[float | None]()

    def wait(seconds: float | None = None) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            told.set()

    monkeypatch.setattr(told, "wait", wait)
    monkeypatch.setattr(time, "sleep", lambda _: loose.append(where()))

    one_processor.stay_together(told)

    assert loose == [{frozenset(ALLOWED)}] * 3
    assert waits == [one_processor.AGAIN] * 3 + [None]


def test_a_system_that_forbids_it_is_left_alone(told: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(one_processor, "processors", lambda: {0, 1})
    monkeypatch.setattr(os, "sched_setaffinity", forbidden)
    waits = list[object]()
    monkeypatch.setattr(told, "wait", lambda *given: waits.append(given))

    with capture_logs() as logged:
        one_processor.stay_together(told)

    assert waits == [()]
    assert [(line["log_level"], line["reason"]) for line in logged] == [("info", "Operation not permitted")]


@pytest.mark.parametrize(
    ("gil", "there", "allowed"), [(True, {3, 5}, {3, 5}), (False, {3, 5}, set()), (True, None, set())]
)
def test_whether_there_is_anything_to_choose(
    gil: bool, there: set[int] | None, allowed: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: gil, raising=False)
    if there is None:  # as on a Mac
        monkeypatch.delattr(os, "sched_getaffinity")
    else:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: there)

    assert one_processor.processors() == allowed


def test_one_processor_is_nothing_to_choose_from(told: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_processor, "processors", lambda: {0})
    monkeypatch.setattr(one_processor, "gather", lambda _: pytest.fail("there is nothing to choose"))
    told.set()

    one_processor.stay_together(told)

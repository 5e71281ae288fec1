"""The clock's face: it ticks on whatever the machine's clock does, and ends although a tick hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from queue import Queue

import pytest
import time_machine

from bot import log_names
from bot.entrypoints.schedule import EVERY as USUALLY
from bot.entrypoints.schedule import JITTER, Schedule, about

EVERY = 0.1


class Ticks:
    """Counts ticks."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def more(self, number: int = 3, within: float = 20.0) -> bool:
        """Whether so many more come in time."""
        with self._changed:
            wanted = self.count + number
            return self._changed.wait_for(lambda: self.count >= wanted, within)


@contextmanager
def ticking(ticks: Callable[[], None]) -> Iterator[None]:
    schedule = Schedule(ticks, "test", every=EVERY)
    schedule.start()
    try:
        yield
    finally:
        schedule.close()


def test_each_tick_is_a_run_of_its_own_in_the_log() -> None:
    seen: Queue[dict[str, str]] = Queue()
    schedule = Schedule(lambda: seen.put(log_names.names()), "sweep", every=EVERY)
    schedule.start()
    try:
        first, second = seen.get(timeout=20), seen.get(timeout=20)
    finally:
        schedule.close()

    assert (first["job"], second["job"]) == ("sweep", "sweep")
    assert first["run"] != second["run"]


def test_it_ticks_until_it_is_closed_and_survives_a_failing_tick() -> None:
    ticks = Ticks()

    def failing() -> None:
        ticks()
        raise ZeroDivisionError

    schedule = Schedule(failing, "test", every=EVERY, jitter=0)
    schedule.start()
    assert ticks.more()
    schedule.close()
    before = ticks.count
    assert not ticks.more(1, within=5 * EVERY)
    assert ticks.count == before


LEAPS = [timedelta(seconds=-1), timedelta(hours=-1), timedelta(days=-400), timedelta(hours=1), timedelta(days=3650)]


@pytest.mark.parametrize("leap", LEAPS, ids=str)
def test_it_keeps_its_pace_when_the_clock_leaps(leap: timedelta) -> None:
    ticks = Ticks()
    with time_machine.travel(datetime(2026, 11, 28, tzinfo=UTC), tick=True) as clock, ticking(ticks):
        assert ticks.more()
        clock.shift(leap)
        began, before = time.monotonic(), ticks.count
        assert ticks.more(5)

        # As many as there was time for, give or take the leap itself, and no storm to make up for years.
        assert ticks.count - before <= (time.monotonic() - began) / EVERY * 2 + 5


@pytest.mark.parametrize("leap", LEAPS, ids=str)
def test_it_keeps_its_pace_when_the_clock_leaps_while_it_ticks(leap: timedelta) -> None:
    ticks, leaps = Ticks(), [leap]
    with time_machine.travel(datetime(2026, 11, 28, tzinfo=UTC), tick=True) as clock:

        def leaping() -> None:
            ticks()
            if leaps:
                clock.shift(leaps.pop())

        with ticking(leaping):
            assert ticks.more()


@pytest.mark.parametrize("jitter", [0, JITTER])
def test_the_pace_is_kept_on_the_average(jitter: float) -> None:
    trigger, times = about(USUALLY, jitter), [datetime(2026, 11, 28, tzinfo=UTC)]
    for _ in range(2000):
        times.append(trigger.get_next_fire_time(times[-1], times[-1]))
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]

    assert sum(gaps) / len(gaps) == pytest.approx(USUALLY, rel=0.02)
    assert min(gaps) == pytest.approx(USUALLY * (1 - jitter), rel=0.01)
    assert max(gaps) == pytest.approx(USUALLY * (1 + jitter), rel=0.01)


def test_it_ends_in_time_although_a_tick_hangs() -> None:
    hangs, let_go = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        let_go.wait(30)

    schedule = Schedule(hang, "test", every=EVERY)
    schedule.start()
    assert hangs.wait(20)
    began = time.monotonic()
    schedule.close(patience=0.2)
    let_go.set()

    assert time.monotonic() - began < 10


def test_what_never_began_is_closed_at_once() -> None:
    Schedule(lambda: None, "test").close()


def test_without_a_thread_it_begins_later_and_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    ticks = Ticks()
    schedule = Schedule(ticks, "test", every=EVERY)
    with monkeypatch.context() as machine:
        machine.setattr(threading.Thread, "start", refused)
        assert not schedule.start()
        schedule.close()
    assert schedule.start()
    assert ticks.more()
    with monkeypatch.context() as machine:
        machine.setattr(threading.Thread, "start", refused)
        schedule.close()

    ticks.more(1, within=3 * EVERY)  # the one that was under way
    assert not ticks.more(1, within=5 * EVERY)

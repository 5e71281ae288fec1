"""Threads that workspaces share: turns, lanes, what waits for later, and what one of them cannot take from others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from bot.fair_pool import CROWD, LONG, FairPool, Place
from bot.waits import waiting

NORTH, SOUTH = Place("T0NORTH"), Place("T0SOUTH")


@pytest.fixture
def pool() -> Iterator[FairPool]:
    pool = FairPool("test", threads=4, share=3)
    yield pool
    pool.close()


def hang_up(pool: FairPool, place: Place, times: int) -> threading.Event:
    """Work that waits until the event is set."""
    gate = threading.Event()

    def wait() -> None:
        assert gate.wait(10)

    for _ in range(times):
        pool.put(wait, place)
    return gate


def test_one_workspace_cannot_have_all_threads(pool: FairPool) -> None:
    gate, done = hang_up(pool, NORTH, 20), threading.Event()

    pool.put(done.set, SOUTH)

    assert done.wait(30)
    gate.set()
    assert pool.wait_idle(30)


def test_one_person_cannot_have_all_threads_of_a_workspace(pool: FairPool) -> None:
    gate, done = hang_up(pool, Place("T0NORTH", "ada"), 20), threading.Event()

    pool.put(done.set, Place("T0NORTH", "ben"))

    assert done.wait(30)
    gate.set()
    assert pool.wait_idle(30)


def test_people_of_a_workspace_take_turns() -> None:
    pool, order = FairPool("test", threads=1, share=1), list[str]()
    gate = hang_up(pool, Place("T0NORTH", "U0"), 1)

    for number in range(3):
        pool.put(lambda number=number: order.append(f"ada {number}"), Place("T0NORTH", "ada"))  # type: ignore[misc]
    pool.put(lambda: order.append("ben"), Place("T0NORTH", "ben"))
    gate.set()

    assert pool.wait_idle(30)
    assert order == ["ada 0", "ben", "ada 1", "ada 2"]
    pool.close()


def test_a_lane_has_one_at_a_time_in_the_order_of_coming_and_holds_no_thread(pool: FairPool) -> None:
    order, at_once, most = list[int](), [0], [0]
    lane = Place("T0NORTH", "ada", lane="C1")

    def step(number: int) -> None:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        time.sleep(0.005)
        order.append(number)
        at_once[0] -= 1

    for number in range(20):
        pool.put(lambda number=number: step(number), lane)  # type: ignore[misc]
    other = threading.Event()
    pool.put(other.set, Place("T0NORTH", "ben"))

    assert other.wait(30)
    assert len(order) < 20
    assert pool.wait_idle(30)
    assert order == list(range(20))
    assert most == [1]


def test_what_is_for_later_comes_later_and_keeps_no_thread() -> None:
    pool, order = FairPool("test", threads=1, share=1), list[str]()

    pool.put(lambda: order.append("later"), NORTH, after=0.2)
    pool.put(lambda: order.append("now"), NORTH)

    assert not pool.wait_idle(0.05)
    assert order == ["now"]
    assert pool.wait_idle(30)
    assert order == ["now", "later"]
    pool.close()


def test_what_is_put_by_work_itself_runs(pool: FairPool) -> None:
    done = threading.Event()

    def work() -> None:
        pool.put(done.set, NORTH, after=0.01)

    pool.put(work, NORTH)

    assert done.wait(30)


def test_closed_it_begins_nothing_and_says_how_much_is_left(pool: FairPool) -> None:
    gate = hang_up(pool, NORTH, 5)

    assert pool.close() == 5
    assert not pool.put(lambda: None, NORTH)
    gate.set()


@pytest.mark.parametrize("error", [ZeroDivisionError(), SystemExit(1), GeneratorExit()], ids=repr)
def test_work_that_raises_costs_no_thread(pool: FairPool, error: BaseException) -> None:
    def raises() -> None:
        raise error

    for _ in range(20):
        pool.put(raises, NORTH)

    assert pool.wait_idle(30)
    done = threading.Event()
    pool.put(done.set, NORTH)
    assert done.wait(30)


def test_no_more_threads_to_be_had_means_that_those_there_are_do_it(
    pool: FairPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.put(lambda: None, NORTH)
    assert pool.wait_idle(30)
    gate = hang_up(pool, SOUTH, 1)

    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    done = threading.Event()
    pool.put(done.set, NORTH)
    gate.set()

    assert done.wait(30)


class Few:
    """A pool that keeps those who compute few, and a clock that stands until it is told."""

    def __init__(self, computing: int) -> None:
        self.now = 0.0
        self.begun, self.gate = threading.Semaphore(0), threading.Event()
        self.pool = FairPool("test", threads=40, share=40, now=lambda: self.now, computing=computing)

    def put(self, times: int, *, waits: bool = False) -> None:
        for number in range(times):
            self.pool.put(lambda: self._work(waits=waits), Place("T0NORTH", f"U{number}"))

    def _work(self, *, waits: bool) -> None:
        self.begun.release()
        with waiting() if waits else nullcontext():
            assert self.gate.wait(30)

    def begin(self, times: int) -> bool:
        return all(self.begun.acquire(timeout=30) for _ in range(times)) and not self.begun.acquire(timeout=0.05)


@pytest.fixture
def few() -> Iterator[Few]:
    few = Few(computing=2)
    yield few
    few.gate.set()
    assert few.pool.wait_idle(30)
    few.pool.close()


def test_few_compute_at_once(few: Few) -> None:
    few.put(5)

    assert few.begin(2)


def test_who_waits_for_another_thread_lets_others_begin(few: Few) -> None:
    few.put(5, waits=True)

    assert few.begin(5)


def test_who_comes_back_counts_again(few: Few) -> None:
    back, go = threading.Semaphore(0), threading.Event()

    def work() -> None:
        with waiting():
            assert go.wait(30)
        back.release()
        assert few.gate.wait(30)

    for person in ("ada", "ben"):
        few.pool.put(work, Place("T0NORTH", person))
    go.set()
    assert back.acquire(timeout=30)
    assert back.acquire(timeout=30)
    few.put(1)

    assert few.begin(0)


def test_who_takes_long_holds_nobody_up(few: Few) -> None:
    few.put(5)
    assert few.begin(2)

    few.now = LONG

    assert few.begin(2)


def test_where_many_wait_more_compute(few: Few) -> None:
    few.put(2 + CROWD)

    assert few.begin(3)


def test_without_a_bound_all_begin_that_there_are_threads_for() -> None:
    all_there = threading.Barrier(9)
    pool = FairPool("test", threads=8, share=8, now=lambda: 0.0)

    def work() -> None:
        all_there.wait(30)

    for number in range(8):
        pool.put(work, Place("T0NORTH", f"U{number}"))
    all_there.wait(30)

    assert pool.wait_idle(30)
    pool.close()

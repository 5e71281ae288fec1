"""Readings that are shared: joined while they run, and orgs that hang left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from bot.domain.model import Credentials, Failure, KeptOrg, Login, Org
from bot.org_places import Places
from bot.service.shared_readings import FAILING, HUNG, PAUSES, Reading, SharedReadings
from tests.store_helpers import NOW, READING


def kept(name: str, key: str = "key", session: str | None = None, failure: Failure | None = None) -> KeptOrg:
    org = Org("T1", name, f"{name}.my.salesforce.com", Login.JWT, failure=failure)
    return KeptOrg(org, Credentials(key, access_token=session))


@dataclass
class Asked:
    """Orgs that answer at once, but for those in ``hanging``, which wait for ``released`` and fail then.

    Those in ``refusing`` fail at once.
    """

    hanging: set[str] = field(default_factory=set)
    refusing: set[str] = field(default_factory=set)
    released: threading.Event = field(default_factory=threading.Event)
    names: list[str] = field(default_factory=list)
    now: float = 0.0

    def read(self, org: KeptOrg) -> Reading:
        self.names.append(org.org.name)
        if org.org.name in self.refusing:
            return Reading(org, Failure(NOW, "It said no."))
        if org.org.name not in self.hanging:
            return Reading(org, READING)
        assert self.released.wait(10)
        self.now += HUNG
        return Reading(org, Failure(NOW, "It did not answer."))


@pytest.fixture
def places() -> Iterator[Places]:
    places = Places(places=2, held=0.05)
    yield places
    places.close()


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def shared(asked: Asked, places: Places) -> SharedReadings:
    return SharedReadings(asked.read, places.begin, lambda: asked.now)


def test_two_who_read_all_orgs_at_once_cost_one(shared: SharedReadings, asked: Asked) -> None:
    asked.hanging = {"slow"}
    orgs = [kept("abc"), kept("slow"), kept("uat")]

    first = shared.every(orgs)
    second = shared.every([*orgs, kept("new")])
    asked.released.set()

    assert [each.kept.org.name for each in first.results()] == ["abc", "slow", "uat"]
    assert [each.kept.org.name for each in second.results()] == ["abc", "slow", "uat", "new"]
    assert sorted(asked.names) == ["abc", "new", "slow", "uat"]


def test_those_who_ask_for_an_org_that_is_being_read_are_joined(shared: SharedReadings, asked: Asked) -> None:
    asked.hanging = {"slow"}
    batch = shared.every([kept("slow", session="before")])

    with ThreadPoolExecutor(4) as people:
        found = [people.submit(shared.one, kept("slow", session=str(number))) for number in range(4)]
        time.sleep(0.1)
        asked.released.set()

    assert {each.result() for each in found} == set(batch.results())
    assert asked.names == ["slow"]


def test_once_it_was_read_the_next_who_names_it_reads_anew(shared: SharedReadings, asked: Asked) -> None:
    shared.every([kept("prod")]).results()
    shared.one(kept("prod"))
    shared.one(kept("prod"))

    assert asked.names == ["prod"] * 3


def test_another_login_is_another_reading(shared: SharedReadings, asked: Asked) -> None:
    asked.hanging = {"prod"}
    first, second = shared.every([kept("prod")]), shared.every([kept("prod", key="other")])
    asked.released.set()

    first.results()
    second.results()
    assert asked.names == ["prod", "prod"]


def test_an_org_that_hung_is_left_alone_for_longer_and_longer_unless_somebody_names_it(
    shared: SharedReadings, asked: Asked
) -> None:
    asked.hanging = {"prod"}
    asked.released.set()
    orgs = [kept("prod")]
    shared.every(orgs).results()

    for number, pause in enumerate((*PAUSES, PAUSES[-1]), 1):
        asked.now += pause - 0.1
        assert [each.outcome for each in shared.every(orgs).results()] == [Failure(NOW, "It did not answer.")]
        assert len(asked.names) == number
        asked.now += 0.2
        shared.every(orgs).results()
        assert len(asked.names) == number + 1

    asked.hanging.clear()
    count = len(asked.names)
    assert shared.one(orgs[0]).outcome == READING
    shared.every(orgs).results()
    assert len(asked.names) == count + 2


def test_an_org_that_fails_at_once_is_left_alone_from_the_third_time_on_unless_somebody_names_it(
    shared: SharedReadings, asked: Asked
) -> None:
    asked.refusing = {"prod"}
    orgs = [kept("prod")]

    for number, pause in enumerate((*FAILING, FAILING[-1]), 1):
        shared.every(orgs).results()
        assert len(asked.names) == number
        if pause:
            asked.now += pause - 0.1
            (rested,) = shared.every(orgs).results()
            assert (rested.outcome, len(asked.names)) == (Failure(NOW, "It said no."), number)
            assert rested.rests == pytest.approx(0.1)
            asked.now += 0.2

    count = len(asked.names)
    assert shared.one(orgs[0]).rests is None
    assert len(asked.names) == count + 1
    asked.refusing.clear()
    assert shared.one(orgs[0]).outcome == READING
    shared.every(orgs).results()
    assert len(asked.names) == count + 3


def test_whoever_failed_before_begins_last(asked: Asked) -> None:
    with ThreadPoolExecutor(1) as pool:
        shared = SharedReadings(asked.read, pool.submit)
        shared.every([kept("abc", failure=Failure(NOW, "No.")), kept("prod"), kept("uat")]).results()

    assert asked.names == ["prod", "uat", "abc"]


def test_what_is_there_is_told_while_some_hang(shared: SharedReadings, asked: Asked) -> None:
    asked.hanging = {"slow"}
    batch = shared.every([kept("slow"), *(kept(f"org-{number}") for number in range(20))])
    forward(asked, lambda: len(asked.names) == 21)

    done, waiting = batch.within(4.0)

    assert ([each.kept.org.name for each in done], waiting) == ([f"org-{number}" for number in range(20)], 1)
    asked.released.set()
    assert len(batch.results()) == 21
    assert batch.within(4.0)[1] == 0


def forward(asked: Asked, until: Callable[[], bool]) -> None:
    while not until():
        time.sleep(0.01)
    asked.now += 10


def test_an_org_that_hangs_gives_its_place_on(places: Places) -> None:
    """Two places, eight that hang, and the one behind them is served all the same."""
    released = threading.Event()
    hanging = [places.begin(lambda: released.wait(10)) for _ in range(8)]

    assert places.begin(lambda: "served").result(timeout=5) == "served"
    assert not any(each.done() for each in hanging)
    released.set()
    assert all(each.result(timeout=5) for each in hanging)


def test_without_a_spare_thread_the_places_that_there_are_do_it(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)

    found = [places.begin(lambda number=number: number) for number in range(5)]  # type: ignore[misc]

    assert [each.result(timeout=30) for each in found] == [0, 1, 2, 3, 4]


def test_what_comes_once_the_bot_stops_is_cancelled(places: Places) -> None:
    places.close()

    assert places.begin(lambda: True).cancelled()


def test_what_has_not_begun_when_the_bot_stops_is_cancelled_and_holds_nobody() -> None:
    places, begun, released = Places(places=1, held=10), threading.Event(), threading.Event()

    def hang() -> bool:
        begun.set()
        return released.wait(10)

    running, waiting = places.begin(hang), places.begin(lambda: True)
    assert begun.wait(30)

    places.close()

    assert waiting.cancelled()
    released.set()
    assert running.result(timeout=5)

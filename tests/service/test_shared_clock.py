"""One clock for all processes, whatever each machine's says. Real store where the database has a clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.adapters.store import SqlStore
from bot.domain.errors import OperatorError
from bot.service.shared_clock import LOOKED_AT_AGAIN, SharedClock
from tests.store_helpers import NOW

pytest_plugins = ["tests.databases"]


@dataclass
class Machine:
    """A machine whose clock is ``off`` the database's; ``passed`` seconds went by, ``asked`` is how often it looked."""

    off: timedelta = timedelta(0)
    passed: float = 0.0
    asked: int = 0
    database_answers: bool = True

    def own(self) -> datetime:
        return self.real() + self.off

    def real(self) -> datetime:
        return NOW + timedelta(seconds=self.passed)

    def ask(self) -> datetime:
        self.asked += 1
        if not self.database_answers:
            raise OperatorError("The database does not answer.")
        return self.real()

    def clock(self) -> SharedClock:
        return SharedClock(self.own, self.ask, lambda: self.passed)


def test_it_is_the_databases_time_carried_on_without_asking() -> None:
    machine = Machine(off=timedelta(minutes=7))
    clock = machine.clock()
    assert clock() == machine.own()

    clock.look()
    machine.passed += 200
    clock.look()

    assert clock() == machine.real()
    assert machine.asked == 1
    machine.passed += LOOKED_AT_AGAIN
    clock.look()
    assert machine.asked == 2


def test_a_clock_that_leaps_changes_nothing_and_is_looked_at() -> None:
    machine = Machine()
    clock = machine.clock()
    clock.look()

    for off in (timedelta(days=-1), timedelta(days=900), timedelta(seconds=2)):
        machine.off = off
        assert clock() == machine.real()
        clock.look()
        assert clock() == machine.real()
    assert machine.asked == 4


def test_a_machine_that_slept_catches_up_at_the_next_look() -> None:
    machine = Machine()
    awake = 0.0
    clock = SharedClock(machine.own, machine.ask, lambda: awake)  # the steady clock stands still meanwhile
    clock.look()

    machine.passed += 3600
    clock.look()

    assert clock() == machine.real()


def test_while_the_database_is_silent_the_time_goes_on() -> None:
    machine = Machine(off=timedelta(minutes=7))
    clock = machine.clock()
    clock.look()
    machine.database_answers = False

    machine.passed += LOOKED_AT_AGAIN + 1
    clock.look()

    assert clock() == machine.real()


def test_on_sqlite_it_is_the_machines_on_postgresql_the_servers(store: SqlStore, database_url: str) -> None:
    wrong = datetime.now(UTC) + timedelta(hours=3)
    clock = SharedClock(lambda: wrong, store.now)

    clock.look()

    off = abs(clock() - datetime.now(UTC))
    assert off > timedelta(hours=2) if database_url.startswith("sqlite") else off < timedelta(minutes=1)

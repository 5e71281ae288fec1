"""A database that is gone, silent, locked, full or read-only for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial

from tests.benchmarks.faults.databases import Postgresql
from tests.benchmarks.faults.relay import Mood
from tests.benchmarks.faults.rig import Rig
from tests.benchmarks.faults.scenarios.scenario import Scenario
from tests.benchmarks.faults.tally import Errand

PER_SECOND = 5.0
AFTER = 3.0  # seconds for which people go on when it is over

Fault = Callable[[Rig], AbstractContextManager[None]]


def outage(rig: Rig, usual: float, fault: Fault) -> Sequence[Errand]:
    """People go on while the database does not; most of it pastes, as in the measure of old."""
    seconds = rig.sizes.seconds(usual)
    # What stands for Slack's minute must come when a fault of half a minute is over, as it does with Slack.
    rig.sizes = replace(rig.sizes, redeliveries=(0.0, seconds + 5, seconds + 25))
    rig.start()
    kinds: list[Callable[[], Errand]] = [*[rig.paste] * 6, rig.mention, rig.command, partial(rig.command, "help")]

    def one() -> Errand:
        return rig.chance.choice(kinds)()

    begun = rig.steadily(one, PER_SECOND, 1)
    with fault(rig):
        begun += rig.steadily(one, PER_SECOND, seconds)
    rig.marks_end()
    begun += rig.steadily(one, PER_SECOND, AFTER)
    return [each.result() for each in begun]


def _relayed(mood: Mood) -> Fault:
    def fault(rig: Rig) -> AbstractContextManager[None]:
        assert isinstance(rig.database, Postgresql)
        return rig.database.mood(mood)

    return fault


_EITHER: dict[str, tuple[float, Fault]] = {
    "database-locked": (10, lambda rig: rig.database.locked()),
    "disk-full": (12, lambda rig: rig.database.full()),
    "read-only": (12, lambda rig: rig.database.read_only()),
}
_POSTGRESQL: dict[str, tuple[float, Fault]] = {
    "database-refuses": (30, _relayed(Mood.REFUSING)),
    "database-silent": (30, _relayed(Mood.SILENT)),
}

SCENARIOS = (
    *(
        Scenario(name, partial(outage, usual=usual, fault=fault), ("postgresql",))
        for name, (usual, fault) in _POSTGRESQL.items()
    ),
    *(Scenario(name, partial(outage, usual=usual, fault=fault)) for name, (usual, fault) in _EITHER.items()),
)

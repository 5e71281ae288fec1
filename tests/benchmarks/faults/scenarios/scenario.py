"""What a scenario is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.benchmarks.faults.rig import Rig
from tests.benchmarks.faults.tally import Errand

BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Scenario:
    """Something to go through. ``run`` leaves a bot running and returns what was sent.

    ``changes``: what is sent changes something, which is looked for in the trail afterwards.
    """

    name: str
    run: Callable[[Rig], Sequence[Errand]]
    databases: tuple[str, ...] = BOTH
    socket_mode: bool = False
    changes: bool = False

"""What is done to the bot, by name."""

from __future__ import annotations

from tests.benchmarks.faults.scenarios import database, kills, machine, slack
from tests.benchmarks.faults.scenarios.scenario import Scenario

_EVERY = (*kills.SCENARIOS, *slack.SCENARIOS, *database.SCENARIOS, *machine.SCENARIOS)

ALL: dict[str, Scenario] = {scenario.name: scenario for scenario in _EVERY}
"""Every scenario."""

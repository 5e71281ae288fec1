"""What is done to the bot, by name."""

from __future__ import annotations

from tests.benchmarks.faults.scenarios import kills
from tests.benchmarks.faults.scenarios.scenario import Scenario

ALL: dict[str, Scenario] = {scenario.name: scenario for scenario in (*kills.SCENARIOS,)}
"""Every scenario."""

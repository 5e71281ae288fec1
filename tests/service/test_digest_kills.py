"""Digests and alerts through kills, replicas and a Slack that fails; ``tests.benchmarks.digests`` does it at length."""

from __future__ import annotations

from tests.benchmarks.digests.measure import Sizes, measured
from tests.databases import *  # noqa: F403 - fixtures


def test_through_kills_and_slacks_faults_each_comes_once_or_somebody_hears(database_url: str) -> None:
    processes = 1 if database_url.startswith("sqlite") else 3

    sizes = Sizes(processes, workspaces=12, rounds=2, dies=0.04, outside=1.0, deadly=4.0, patience=60.0)
    found = measured(database_url, sizes)

    assert found.twice == []
    assert found.missing == []
    assert found.told_twice == []
    assert (found.slots, found.alerts) == (24, 24)
    assert found.once >= 40
    assert found.kills > 0

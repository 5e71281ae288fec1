"""Digests through kills, replicas and a Slack that fails: in small what ``tests.benchmarks.digests`` does at length."""

from __future__ import annotations

from tests.benchmarks.digests.measure import Sizes, measured
from tests.databases import *  # noqa: F403 - fixtures


def test_through_kills_and_slacks_faults_each_digest_comes_once_or_somebody_hears(database_url: str) -> None:
    processes = 1 if database_url.startswith("sqlite") else 3

    found = measured(database_url, Sizes(processes, workspaces=12, rounds=2, dies=0.03, outside=1.5, patience=90))

    assert found.twice == []
    assert found.missing == []
    assert found.told_twice == []
    assert found.slots == 24
    assert found.once >= 20
    assert found.kills > 0

"""What is known of channels that another company reads, and what it costs."""

from __future__ import annotations

import pytest

from bot.adapters.store import SqlStore
from bot.service import shared_channels
from bot.service.shared_channels import SharedChannels
from tests.whole_bot.test_sql_counts import statements

pytest_plugins = ["tests.databases"]


def test_what_an_event_told_outlives_the_process(store: SqlStore) -> None:
    before, after = SharedChannels(store), SharedChannels(store)
    before.note("T1", "C1", shared=True)

    assert [after.has(*place) for place in (("T1", "C1"), ("T1", "C2"), ("T2", "C1"), ("T1", None))] == [
        True,
        False,
        False,
        False,
    ]

    before.note("T1", "C1", shared=False)
    assert not before.has("T1", "C1")
    assert not SharedChannels(store).has("T1", "C1")


def test_only_news_costs_a_query(store: SqlStore) -> None:
    known = SharedChannels(store)
    known.note("T1", "C1", shared=True)

    with statements() as seen:
        for _ in range(3):
            known.note("T1", "C1", shared=True)
            known.note("T1", "C2", shared=False)
            assert known.has("T1", "C1")

    assert seen == []


def test_what_another_process_was_told_counts_at_once(store: SqlStore) -> None:
    known, other = SharedChannels(store), SharedChannels(store)
    known.note("T1", "C1", shared=False)
    assert not known.has("T1", "C1")

    other.note("T1", "C1", shared=True)

    assert known.has("T1", "C1")


def test_what_is_forgotten_is_read_again(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_channels, "KEPT_AT_MOST", 2)
    known = SharedChannels(store)
    for number in range(5):
        known.note("T1", f"C{number}", shared=number == 0)

    assert [known.has("T1", f"C{number}") for number in range(5)] == [True, False, False, False, False]


def test_an_invitation_that_lapsed_is_forgotten_when_slack_is_asked(store: SqlStore) -> None:
    shared = iter([True, False])
    known = SharedChannels(store, lambda _workspace, _channel: next(shared))

    assert known.has_now("T1", "C1")
    assert not known.has_now("T1", "C1")
    assert not SharedChannels(store).has("T1", "C1")

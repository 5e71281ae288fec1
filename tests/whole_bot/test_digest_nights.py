"""Digests in the real bot on nights and at places that are not like others: once, and about all orgs there are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.clock import SetClock
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.demo import built_in
from tests.digests import weekly
from tests.read import read
from tests.running_bot import ADA

HERE, RANDOM = "C0SALESFORCE", "C0RANDOM"


@dataclass(frozen=True)
class SetBot:
    """A bot whose clock is set by hand, and Slack's with it."""

    clock: SetClock
    workspace: Workspace
    salesforce: BuiltInSalesforce
    bot: Bot

    def wait(self, until: datetime, step: timedelta = timedelta(hours=6)) -> list[SlackMessage]:
        """What the bot says until then, of its own accord."""
        before = len(self.workspace.log)
        while self.clock() < until:
            self.clock.set(min(self.clock() + step, until))
            self.bot.tick()
            assert self.workspace.settle()
        return [read(shown.message) for shown in self.workspace.log[before:] if shown.message]


@pytest.fixture
def set_bot(tmp_path: Path) -> Iterator[SetBot]:
    """It is noon of Saturday, 27 March 2027, the day before clocks change in Berlin, and no digest is on."""
    clock = SetClock()
    clock.set(datetime(2027, 3, 27, 12, tzinfo=UTC))
    with built_in(tmp_path, io.StringIO(), clock=clock) as (workspace, salesforce, bot):
        for kept in bot.store.subscriptions(TEAM):
            bot.store.keep_subscription(replace(kept, enabled=False))
        yield SetBot(clock, workspace, salesforce, bot)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "zone", "comes"),
    [
        ("2027-03-27", 2, 30, "Europe/Berlin", "2027-03-28T01:30"),  # that hour is skipped
        ("2027-10-30", 2, 30, "Europe/Berlin", "2027-10-31T00:30"),  # and that comes twice
        ("2027-10-30", 3, 0, "Europe/Berlin", "2027-10-31T02:00"),
        ("2027-03-13", 2, 30, "America/New_York", "2027-03-14T07:30"),
        ("2027-11-06", 1, 30, "America/New_York", "2027-11-07T05:30"),
    ],
)
def test_on_a_night_when_clocks_change_it_comes_once(
    set_bot: SetBot, day: str, hour: int, minute: int, zone: str, comes: str
) -> None:
    at = datetime.fromisoformat(comes).replace(tzinfo=UTC)
    set_bot.clock.set(datetime.fromisoformat(day).replace(hour=15, tzinfo=UTC))
    set_bot.bot.store.keep_subscription(weekly(TEAM, HERE, 6, hour, minute, zone, set_at=set_bot.clock()))

    assert set_bot.wait(at - timedelta(minutes=1)) == []
    (digest,) = set_bot.wait(at + timedelta(hours=2), timedelta(minutes=30))

    assert "of 7 orgs ready" in digest.text


def test_an_org_that_was_connected_a_minute_before_is_in_it_with_what_it_needs(set_bot: SetBot) -> None:
    store, due = set_bot.bot.store, datetime(2027, 3, 29, 9, tzinfo=UTC)
    (uat,) = ((org, credentials) for org, credentials in set_bot.salesforce.built_in(TEAM) if org.name == "uat")
    store.remove_org(TEAM, "uat")
    store.keep_subscription(weekly(TEAM, HERE, set_at=set_bot.clock()))
    assert set_bot.wait(due - timedelta(minutes=1)) == []

    store.add_org(replace(uat[0], added_at=set_bot.clock()), uat[1])
    (digest,) = set_bot.wait(due + timedelta(minutes=1), timedelta(minutes=1))

    assert "of 7 orgs ready" in digest.text
    assert "uat · grant access to both apps" in digest.text


def test_a_channel_where_pastes_are_left_alone_gets_its_digest(set_bot: SetBot) -> None:
    assert set_bot.workspace.person("ada").command("settings quiet", "#random").acked
    assert set_bot.workspace.settle()
    set_bot.bot.store.keep_subscription(weekly(TEAM, RANDOM, set_at=set_bot.clock()))

    (digest,) = set_bot.wait(datetime(2027, 3, 29, 10, tzinfo=UTC))

    assert (digest.channel, "of 7 orgs ready" in digest.text) == (RANDOM, True)


def test_of_a_channel_that_was_archived_whoever_set_it_hears_once_and_the_next_one_tells_what_was_missed(
    set_bot: SetBot,
) -> None:
    channels = set_bot.workspace.state.channels
    set_bot.bot.store.keep_subscription(weekly(TEAM, RANDOM, set_at=set_bot.clock(), set_by=ADA))
    channels[RANDOM] = replace(channels[RANDOM], archived=True)

    (told,) = set_bot.wait(datetime(2027, 4, 6, tzinfo=UTC))
    channels[RANDOM] = replace(channels[RANDOM], archived=False)
    (digest,) = set_bot.wait(datetime(2027, 4, 13, tzinfo=UTC))

    assert "That channel is archived" in told.text
    assert "The digests of 29 March and 5 April could not be posted; Slack said then: that channel is" in digest.text

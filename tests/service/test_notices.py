"""What is said between digests: once, through processes that die at any step, and several at a time. Real store."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import notices as notices_table
from bot.domain.answers import Answer, Button, State
from bot.domain.digest.notices import TRIED_FOR, Notice, NoticeStatus
from bot.domain.errors import SlackRefused
from bot.domain.model import Asker, Person, Standing
from bot.service.membership import Membership
from bot.service.notices import LEASE, Notices
from bot.service.shared_channels import SharedChannels
from tests.store_helpers import NOW

pytest_plugins = ["tests.databases"]

SAID = Answer("`prod` fell", "By Jo.", State.MISSING, buttons=(Button("Check prod", command="status prod"),), note="n")


class Killed(BaseException):
    """The process ends just here."""


@dataclass
class Slack:
    """Channels with what was posted in them, by key; ``then`` happens around the next post."""

    now: datetime = NOW
    posted: list[tuple[str, str, str | None]] = field(default_factory=list)
    refused: Callable[[], None] = lambda: None
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    may_look: bool = True

    def post(self, workspace: str, channel: str, answer: Answer, key: str, thread: str | None = None) -> str:
        assert (workspace, answer) == ("T1", SAID)
        self.before()
        self.posted.append((channel, key, thread))
        self.after()
        return f"{len(self.posted)}.0"

    def find(self, workspace: str, target: str, key: str, since: datetime, thread: str | None = None) -> str | None:
        assert workspace
        assert since < self.now
        if not self.may_look:
            raise SlackRefused("Nobody may look.", permanent=True)
        return next((f"{n}.0" for n, post in enumerate(self.posted, 1) if post == (target, key, thread)), None)


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def notices(store: SqlStore, slack: Slack) -> Notices:
    return Notices(store, slack, SharedChannels(store), lambda who: who.user != "UGONE", lambda: slack.now)


def status(store: SqlStore, key: str = "alert:prod") -> str:
    (row,) = [row for row in store._database.everywhere(notices_table) if row.key == key]  # noqa: SLF001
    return str(row.status)


def notice(key: str = "alert:prod", target: str = "C1", behind: str | None = None) -> Notice:
    return Notice("T1", key, target, SAID, NOW, behind)


def test_it_is_said_once_as_it_was_kept(store: SqlStore, slack: Slack, notices: Notices) -> None:
    store.add_notices("T1", [notice()])
    store.add_notices("T1", [notice(target="C2")])  # the same key is the same notice

    for _ in range(3):
        notices.tick()

    assert slack.posted == [("C1", "alert:prod", None)]
    assert status(store) == NoticeStatus.SENT
    assert not store.is_anything_due(NOW + timedelta(days=365))


def test_below_it_in_its_thread_or_not_at_all(store: SqlStore, slack: Slack, notices: Notices) -> None:
    store.add_notices("T1", [notice(), notice("back", behind="alert:prod"), notice("lost", behind="never said")])

    notices.tick()
    notices.tick()

    assert ("C1", "back", "1.0") in slack.posted
    assert len(slack.posted) == 2
    assert status(store, "lost") == NoticeStatus.GIVEN_UP


@pytest.mark.parametrize("step", ["before", "after"])
def test_a_process_that_dies_around_the_post_is_followed_by_one_that_looks(
    store: SqlStore, slack: Slack, notices: Notices, step: str
) -> None:
    def die() -> None:
        raise Killed

    store.add_notices("T1", [notice()])
    setattr(slack, step, die)
    with pytest.raises(Killed):
        notices.tick()
    setattr(slack, step, lambda: None)
    notices.tick()
    assert len(slack.posted) == (step == "after")  # it is still the other's

    slack.now += LEASE
    notices.tick()

    assert len(slack.posted) == 1
    assert status(store) == NoticeStatus.SENT


def test_where_nobody_may_look_it_is_not_said_again(store: SqlStore, slack: Slack, notices: Notices) -> None:
    def lose() -> None:
        raise SlackRefused("Slack did not answer.", permanent=False)

    store.add_notices("T1", [notice()])
    slack.after, slack.may_look = lose, False
    notices.tick()
    slack.now += LEASE

    notices.tick()

    assert len(slack.posted) == 1
    assert status(store) == NoticeStatus.UNCERTAIN


def test_what_slack_certainly_did_not_take_is_said_later_also_where_nobody_may_look(
    store: SqlStore, slack: Slack, notices: Notices
) -> None:
    def limit() -> None:
        raise SlackRefused("Slack is limiting.", permanent=False, clear=True, retry_after=30.0)

    store.add_notices("T1", [notice()])
    slack.before, slack.may_look = limit, False
    notices.tick()
    slack.before = lambda: None
    slack.now += LEASE

    notices.tick()

    assert len(slack.posted) == 1
    assert status(store) == NoticeStatus.SENT


def test_it_waits_while_slack_does_not_say_who_somebody_is(store: SqlStore, slack: Slack) -> None:
    known: list[bool | None] = [None]
    notices = Notices(store, slack, SharedChannels(store), lambda _: known[-1], lambda: slack.now)
    store.add_notices("T1", [notice(target="UADA")])
    notices.tick()
    assert slack.posted == []
    assert status(store) == NoticeStatus.WAITING

    known.append(True)
    slack.now += timedelta(minutes=10)
    notices.tick()

    assert [channel for channel, *_ in slack.posted] == ["UADA"]


def test_a_process_that_was_held_up_leaves_it_to_the_next(store: SqlStore, slack: Slack) -> None:
    def hold_up(_: Asker) -> bool:
        slack.now += LEASE - timedelta(seconds=1)
        return True

    store.add_notices("T1", [notice(target="UADA")])
    Notices(store, slack, SharedChannels(store), hold_up, lambda: slack.now).tick()
    assert slack.posted == []

    slack.now += timedelta(seconds=1)
    Notices(store, slack, SharedChannels(store), lambda _: True, lambda: slack.now).tick()

    assert len(slack.posted) == 1


def test_who_is_to_hear_that_it_was_not_said_hears_it_whenever_the_process_dies(store: SqlStore, slack: Slack) -> None:
    def refuse() -> None:
        raise SlackRefused("That channel is archived.", permanent=True, clear=True)

    def hear_and_die(_: Notice, status: NoticeStatus, why: str) -> None:
        heard.append((status, why))
        if len(heard) == 1:
            raise Killed

    heard: list[tuple[NoticeStatus, str]] = []
    store.add_notices("T1", [notice()])
    slack.before = refuse
    process = Notices(store, slack, SharedChannels(store), lambda _: True, lambda: slack.now, hear_and_die)
    with pytest.raises(Killed):
        process.tick()
    slack.now += LEASE

    process.tick()

    assert heard == [(NoticeStatus.GIVEN_UP, "That channel is archived.")] * 2
    assert status(store) == NoticeStatus.GIVEN_UP


ENDED = SlackRefused("Slack refused.", permanent=True, clear=True, code="token_revoked")


@pytest.mark.parametrize("target", ["C1", "UADA"])
def test_it_waits_for_the_token_that_the_operator_sets_in_place_of_one_that_ended(
    store: SqlStore, slack: Slack, target: str
) -> None:
    ended = [True]

    class People:
        """Whom Slack tells of while it takes the token."""

        def person(self, _: Asker) -> Person:
            if ended:
                raise ENDED
            return Person("UTC", admin=True, standing=Standing.MEMBER)

    def refuse() -> None:
        if ended:
            raise ENDED

    slack.before = refuse
    may_see = Membership(People()).may_see
    notices = Notices(store, slack, SharedChannels(store), may_see, lambda: slack.now)
    store.add_notices("T1", [notice(target=target)])
    for _ in range(12):
        notices.tick()
        slack.now += timedelta(minutes=30)
    assert status(store) == NoticeStatus.WAITING

    ended.clear()
    notices.tick()

    assert [channel for channel, _, _ in slack.posted] == [target]
    assert status(store) == NoticeStatus.SENT


def test_it_waits_as_long_as_slack_asks_and_goes_on_for_a_day(store: SqlStore, slack: Slack, notices: Notices) -> None:
    asked = [3000.0, None]

    def limit() -> None:
        raise SlackRefused(
            "Slack is limiting.", permanent=False, clear=True, retry_after=asked.pop(0) if asked else None
        )

    store.add_notices("T1", [notice()])
    slack.before = limit
    notices.tick()
    slack.now += timedelta(seconds=2999)
    notices.tick()
    assert len(asked) == 1

    slack.now += timedelta(seconds=1)
    notices.tick()
    assert asked == []
    slack.now = NOW + TRIED_FOR + timedelta(hours=2)
    notices.tick()

    assert status(store) == NoticeStatus.GIVEN_UP


def test_it_is_said_to_nobody_who_may_not_see_it(store: SqlStore, slack: Slack, notices: Notices) -> None:
    store.set_shared("T1", "C9", shared=True)
    store.add_notices("T1", [notice("a", "UGONE"), notice("b", "C9"), notice("c", "UADA")])

    notices.tick()

    assert slack.posted == [("UADA", "c", None)]


def test_workspaces_that_are_away_are_left_alone(store: SqlStore, slack: Slack, notices: Notices) -> None:
    store.add_notices("T1", [notice()])

    notices.tick({"T1"})
    assert slack.posted == []
    notices.tick()

    assert len(slack.posted) == 1


def test_eight_at_once_that_die_at_random_say_each_once(store: SqlStore, slack: Slack) -> None:
    chance = random.Random(7)  # noqa: S311 - which of them die
    keys = [f"alert:{number}" for number in range(25)]
    store.add_notices("T1", [notice(key) for key in keys])

    def perhaps_die() -> None:
        if chance.random() < 0.3:
            raise Killed

    slack.before = slack.after = perhaps_die

    def process(_: int) -> None:
        try:
            Notices(store, slack, SharedChannels(store), lambda _who: True, lambda: slack.now).tick()
        except Killed:
            return

    for _ in range(60):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(process, range(8)))
        slack.now += LEASE
        if not store.notices_due(slack.now):
            break

    assert sorted(key for _, key, _ in slack.posted) == sorted(keys)
    assert {status(store, key) for key in keys} == {NoticeStatus.SENT}

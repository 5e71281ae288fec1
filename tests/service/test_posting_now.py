"""A digest that is posted now comes once: pressed by several, through processes that die at any step. Real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.answers import Answer
from bot.domain.answers.markup import time
from bot.domain.command import parse
from bot.domain.digest.notices import TRIED_FOR, Notice
from bot.domain.digest.posted_now import ONCE_IN, PostedNow, read_key
from bot.domain.errors import OrgError, SlackRefused
from bot.domain.model import Asker, Diagnosis, Login, Org, Person, Standing, Verdict
from bot.service.digest_making import DigestMaking
from bot.service.membership import Membership
from bot.service.notices import LEASE, Notices
from bot.service.permissions import Permissions
from bot.service.posting_now import PostingNow
from bot.service.shared_channels import SharedChannels
from bot.service.subscriptions import Reminders
from tests.databases import *  # noqa: F403 - fixtures
from tests.digests import weekly
from tests.store_helpers import NOW, at_once, opened

HERE = weekly("T1", "C1", 0, 9, 0, "Europe/Berlin")
ADA, EVE = Asker("T1", "UADA", "C1"), Asker("T1", "UEVE", "C1")
MINUTE = timedelta(minutes=1)


class Killed(BaseException):
    """The process ends just here."""


@dataclass
class Town:
    """Slack, the people there, the clock and one org; what is set happens around the next post or reading."""

    now: datetime = NOW
    posted: list[tuple[str, str]] = field(default_factory=list)
    said: list[Answer] = field(default_factory=list)
    reading: Callable[[], None] = lambda: None
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    may_look: bool = True

    def post(self, workspace: str, channel: str, answer: Answer, key: str, thread: str | None = None) -> str:
        assert (workspace, thread) == ("T1", None)
        self.before()
        self.posted.append((channel, key))
        self.said.append(answer)
        self.after()
        return f"{len(self.posted)}.0"

    def find(self, workspace: str, target: str, key: str, since: datetime, thread: str | None = None) -> str | None:
        assert (workspace, thread) == ("T1", None)
        assert since < self.now
        if not self.may_look:
            raise SlackRefused("Nobody may look.", permanent=True)
        return next((f"{n}.0" for n, post in enumerate(self.posted, 1) if post == (target, key)), None)

    def check(self, workspace: str, channel: str) -> None:
        assert workspace
        assert channel

    def person(self, who: Asker) -> Person:
        return Person("Europe/Berlin", admin=True, standing=Standing.MEMBER, name=who.user[1:].title())

    def read_all(self, workspace: str) -> Sequence[Diagnosis]:
        self.reading()
        org = Org(workspace, "prod", "prod.my.salesforce.com", Login.JWT)
        return [Diagnosis(org, Verdict.READY, "`prod` is ready", "ready", (), None)]

    def digests(self, channel: str = "C1") -> int:
        """How many digests stand in a channel."""
        return sum(to == channel and read_key(key) is not None for to, key in self.posted)

    def told(self) -> list[str]:
        """What people were told beside answers."""
        both = zip(self.said, self.posted, strict=True)
        return [said.headline for said, (_, key) in both if key.startswith("undelivered")]


class Process:
    """One process of the bot on a store."""

    def __init__(self, store: SqlStore, town: Town) -> None:
        shared, membership = SharedChannels(store), Membership(town)
        permissions = Permissions(membership, frozenset({"UADA", "UEVE"}))

        def clock() -> datetime:
            return town.now

        making = DigestMaking(
            store=store,
            orgs=lambda _: [],
            read_all=town.read_all,
            read_for=lambda workspace, _: town.read_all(workspace),
            membership=membership,
            shared_channels=shared,
            clock=clock,
        )
        posting_now = PostingNow(
            store=store, making=making, outbox=town, people=town, named=permissions.named, clock=clock
        )
        self._reminders = Reminders(
            store=store,
            making=making,
            outbox=town,
            channels=town,
            people=town,
            permissions=permissions,
            shared_channels=shared,
            posting_now=posting_now,
            clock=clock,
            trail=store,
        )
        self._notices = Notices(store, town, shared, lambda _: True, clock, posting_now.ended, made=posting_now.made)

    def press(self, who: Asker = ADA, typed: str = "now") -> Answer:
        return self._reminders.command(who, parse(f"remind {typed}"))

    def post_from_terminal(self) -> Answer | None:
        return self._reminders.post_now(HERE)

    def tick(self) -> None:
        self._notices.tick()


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def bot(store: SqlStore, town: Town) -> Process:
    store.keep_subscription(HERE)
    return Process(store, town)


@pytest.fixture
def processes(town: Town, bot: Process, database_url: str) -> Iterator[list[Process]]:
    """Three on PostgreSQL; SQLite serves one."""
    with ExitStack() as stack:
        others = [] if database_url.startswith("sqlite") else [opened(database_url), opened(database_url)]
        for each in others:
            stack.callback(each.close)
        yield [bot, *(Process(each, town) for each in others)]


def die() -> None:
    raise Killed


def break_off() -> None:
    raise SlackRefused("Slack did not answer.", permanent=False)


# --- pressed again -------------------------------------------------------------------------------------


def test_of_many_who_press_at_once_one_posts(processes: list[Process], town: Town) -> None:
    for round_ in range(5):
        answers = list[Answer]()

        def press(number: int) -> bool:
            answers.append(processes[number % len(processes)].press(ADA if number % 2 else EVE))  # noqa: B023
            return True

        at_once(6, press)

        assert town.digests() == round_ + 1
        assert sorted(answer.headline == "Posted to {channel:C1}" for answer in answers) == [*[False] * 5, True]
        town.now += ONCE_IN


@pytest.mark.parametrize(("who", "name"), [(ADA, "You"), (EVE, "Ada")])
def test_who_presses_second_is_told_who_was_first_and_when(bot: Process, town: Town, who: Asker, name: str) -> None:
    bot.press()
    town.now += MINUTE

    answer = bot.press(who)

    assert town.digests() == 1
    assert answer.headline == f"{name} had it posted to {{channel:C1}} {time(NOW)}, so I did not post it again"
    assert answer.note == f"From {time(NOW + ONCE_IN)} on it can be posted again."


def test_the_terminal_and_a_press_post_one(bot: Process, town: Town) -> None:
    assert bot.post_from_terminal() is None
    assert (
        bot.press().headline == f"The operator had it posted to {{channel:C1}} {time(NOW)}, so I did not post it again"
    )
    town.now += ONCE_IN
    bot.press()
    told = bot.post_from_terminal()

    assert told is not None
    assert told.headline.startswith("Ada had it posted to {channel:C1}")
    assert town.digests() == 2


@pytest.mark.parametrize("step", ["reading", "before", "after"])
def test_what_the_terminal_began_and_a_crash_left_is_posted_once_by_a_running_bot(
    town: Town, store: SqlStore, step: str
) -> None:
    bot = Process(store, town)  # which knows of no digest there: whoever set it is gone, and forgotten
    setattr(town, step, die)
    with pytest.raises(Killed):
        bot.post_from_terminal()
    setattr(town, step, lambda: None)
    town.now += LEASE + MINUTE

    bot.tick()

    assert town.digests() == 1
    assert town.told() == []


def test_what_a_running_bot_has_yet_to_do_is_told_in_the_terminal(bot: Process, town: Town) -> None:
    town.after = break_off

    told = bot.post_from_terminal()

    assert told is not None
    assert told.headline == "Slack has not said whether the digest is in {channel:C1}"
    assert told.note.endswith("A running bot does that; where none runs, post it again in two minutes.")


def test_after_a_while_it_is_posted_again(bot: Process, town: Town) -> None:
    for expected in (1, 2, 3):
        assert bot.press().headline == "Posted to {channel:C1}"
        assert town.digests() == expected
        town.now += ONCE_IN


def test_another_place_and_other_orgs_are_another_digest(bot: Process, town: Town) -> None:
    said = ["now", "now <#C2>", "now me", "now for production"]
    for typed in said * 2:
        bot.press(typed=typed)

    assert [channel for channel, _ in town.posted] == ["C1", "C2", "UADA", "C1"]


def test_a_clock_that_was_set_back_holds_up_nobody_for_long(bot: Process, town: Town) -> None:
    bot.press()
    town.now -= timedelta(days=30)

    assert bot.press().headline == "Posted to {channel:C1}"


def _refused() -> None:
    raise SlackRefused("I am not in that channel.", permanent=True, clear=True)


def _silent() -> None:
    raise OrgError("No org answers.")


@pytest.mark.parametrize(("step", "fails"), [("before", _refused), ("reading", _silent)])
def test_what_certainly_failed_is_posted_by_the_next_press(
    bot: Process, town: Town, step: str, fails: Callable[[], None]
) -> None:
    setattr(town, step, fails)
    with pytest.raises((SlackRefused, OrgError)):
        bot.press()
    setattr(town, step, lambda: None)
    bot.tick()
    assert town.digests() == 0

    assert bot.press(EVE).headline == "Posted to {channel:C1}"
    assert town.digests() == 1


# --- between the claim and the post --------------------------------------------------------------------


@pytest.mark.parametrize("step", ["reading", "before", "after"])
@pytest.mark.parametrize("typed", ["now", "now <#C2>", "now for production"])
def test_a_process_that_dies_is_followed_by_one_that_looks_and_posts(
    processes: list[Process], town: Town, step: str, typed: str
) -> None:
    channel = "C2" if "C2" in typed else "C1"
    setattr(town, step, die)
    with pytest.raises(Killed):
        processes[0].press(typed=typed)
    setattr(town, step, lambda: None)

    answer = processes[-1].press(EVE, typed)
    assert answer.headline == (f"Ada asked for this digest {time(NOW)}, and it is on its way to {{channel:{channel}}}")
    processes[-1].tick()
    assert town.digests(channel) == (step == "after")  # it is still the other's

    town.now += LEASE
    for each in processes * 2:
        each.tick()

    assert town.digests(channel) == 1
    assert "Flosum apps" in town.said[0].headline
    assert "asked for" not in town.said[0].headline


@pytest.mark.parametrize("step", ["before", "after"])
def test_where_slack_breaks_off_it_is_looked_for(bot: Process, town: Town, step: str) -> None:
    setattr(town, step, break_off)
    answer = bot.press()
    setattr(town, step, lambda: None)
    assert answer.headline == "Slack has not said whether the digest is in {channel:C1}"
    assert "it is on its way" in bot.press(EVE).headline

    town.now += MINUTE
    bot.tick()

    assert town.digests() == 1
    assert town.told() == []


def test_a_reading_that_outlasts_its_lease_posts_nothing_itself(bot: Process, town: Town) -> None:
    def take_long() -> None:
        town.now += LEASE

    town.reading = take_long
    assert bot.press().headline == "The digest comes to {channel:C1} in a few minutes"
    assert town.digests() == 0
    town.reading = lambda: None

    bot.tick()

    assert town.digests() == 1


def test_where_nobody_may_look_whoever_asked_is_told_to(bot: Process, town: Town) -> None:
    town.after, town.may_look = break_off, False
    bot.press()
    town.after = lambda: None
    town.now += MINUTE
    bot.tick()
    bot.tick()

    assert town.digests() == 1
    assert town.told() == [f"Look whether the digest that you asked for {time(NOW)} is in {{channel:C1}}"]
    assert bot.press().headline == "Posted to {channel:C1}"


def test_what_never_comes_is_told_to_whoever_asked(bot: Process, town: Town) -> None:
    town.reading = die
    with pytest.raises(Killed):
        bot.press(typed="now for production")
    town.now += TRIED_FOR + MINUTE
    bot.tick()
    bot.tick()

    assert town.digests() == 0
    assert town.told() == [f"The digest that you asked for {time(NOW)} did not come to {{channel:C1}}"]
    town.reading = lambda: None
    (button,) = town.said[0].buttons
    assert bot.press(typed=(button.command or "").removeprefix("remind ")).headline == "Posted to {channel:C1}"


# --- keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orgs", ["all", "production", "prod, uat", "a:b", "100%3A", "alert"])
def test_a_key_gives_back_what_was_asked_for(orgs: str) -> None:
    posted = PostedNow("C1", orgs, "UADA", NOW)

    assert read_key(posted.key) == posted
    assert posted.key.startswith(posted.beginning)
    assert not posted.key.startswith(replace(posted, orgs=f"{orgs}x").beginning)


def test_what_is_said_otherwise_is_said_as_it_was_kept(store: SqlStore, town: Town) -> None:
    process = Process(store, town)
    store.add_notices("T1", [Notice("T1", "alert:prod", "C1", Answer("`prod` fell"), NOW)])

    process.tick()

    assert [said.headline for said in town.said] == ["`prod` fell"]

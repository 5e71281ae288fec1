"""The digest as a use case: once a week, on time, through restarts and refusals. Real store, a clock of our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.answers import Answer
from bot.domain.command import parse
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import Asker, Diagnosis, Login, NextStep, Org, Person, Standing, Verdict
from bot.service.digest import WeeklyDigest
from bot.service.membership import Membership
from bot.service.permissions import Permissions
from bot.service.shared_channels import SharedChannels
from tests.databases import *  # noqa: F403 - fixtures
from tests.digests import the_digest, weekly

MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
REMINDER = weekly("T1", "C1", 0, 9, 0, "Europe/Berlin")
ADA, BEN = Asker("T1", "UADA", "C1"), Asker("T1", "UBEN", "C1")


@dataclass
class DigestFixture:
    """A channel, the people in it, the clock on its wall, and orgs whose verdicts a test sets."""

    now: datetime = MONDAY_9
    refusal: SlackRefused | None = None
    verdicts: dict[str, Verdict] = field(default_factory=lambda: {"prod": Verdict.READY, "uat": Verdict.ACTION_NEEDED})
    posted: list[tuple[str, str, str]] = field(default_factory=list)
    archived: str = ""
    zone: str = "Europe/Berlin"

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        assert workspace
        if channel == self.archived:
            raise SlackRefused("That channel is archived.", permanent=True)
        if self.refusal is not None:
            raise self.refusal
        self.posted.append((channel, answer.headline, key))
        return f"{len(self.posted)}.0"

    def person(self, who: Asker) -> Person:
        return Person(self.zone, admin=who.user == "UADA", standing=Standing.MEMBER)

    def check_all(self, workspace: str) -> Sequence[Diagnosis]:
        return [_diagnosis(workspace, name, verdict) for name, verdict in self.verdicts.items()]


def _diagnosis(workspace: str, name: str, verdict: Verdict) -> Diagnosis:
    org = Org(workspace, name, f"{name}.my.salesforce.com", Login.JWT)
    steps = (NextStep("install", None, "Install it.", None),) if verdict is Verdict.ACTION_NEEDED else ()
    return Diagnosis(org, verdict, f"`{name}` is {verdict}", str(verdict), steps, None)


@pytest.fixture
def digest_fixture() -> DigestFixture:
    return DigestFixture()


@pytest.fixture
def weekly_digest(digest_fixture: DigestFixture, store: SqlStore) -> WeeklyDigest:
    store.keep_subscription(REMINDER)
    return _weekly_digest(digest_fixture, store)


def _weekly_digest(digest_fixture: DigestFixture, store: SqlStore) -> WeeklyDigest:
    permissions = Permissions(Membership(digest_fixture), frozenset({"UEVE"}))
    return WeeklyDigest(
        store=store,
        slots=store,
        check_all=digest_fixture.check_all,
        outbox=digest_fixture,
        people=digest_fixture,
        permissions=permissions,
        clock=lambda: digest_fixture.now,
        trail=store,
        shared_channels=SharedChannels(store),
    )


def test_it_comes_once_however_often_the_clock_ticks(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture
) -> None:
    digest_fixture.now = MONDAY_9 - timedelta(minutes=1)
    while digest_fixture.now <= MONDAY_9 + timedelta(hours=3):
        weekly_digest.tick()
        digest_fixture.now += timedelta(minutes=1)

    assert digest_fixture.posted == [("C1", "Flosum apps: 1 of 2 orgs ready", "T1:weekly:2026-11-23T08:00:00+00:00")]


def test_a_restart_does_not_send_it_again(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture, store: SqlStore
) -> None:
    weekly_digest.tick()
    _weekly_digest(digest_fixture, store).tick()

    assert len(digest_fixture.posted) == 1


def test_a_bot_that_was_down_catches_up_within_a_day_but_not_later(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture
) -> None:
    digest_fixture.now = MONDAY_9 + timedelta(hours=23)
    weekly_digest.tick()
    assert len(digest_fixture.posted) == 1

    digest_fixture.now = MONDAY_9 + timedelta(days=7, hours=30)
    weekly_digest.tick()
    assert len(digest_fixture.posted) == 1


def test_the_next_week_compares_with_the_last(weekly_digest: WeeklyDigest, digest_fixture: DigestFixture) -> None:
    weekly_digest.tick()
    digest_fixture.now += timedelta(days=7)
    digest_fixture.verdicts["uat"] = Verdict.READY

    weekly_digest.tick()

    assert digest_fixture.posted[-1][1] == "Flosum apps: all 2 orgs ready"


def test_once_done_it_falls_silent_until_something_is_missing_again(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture
) -> None:
    digest_fixture.verdicts["uat"] = Verdict.READY
    for week in range(3):
        digest_fixture.now = MONDAY_9 + timedelta(days=7 * week)
        weekly_digest.tick()
    assert len(digest_fixture.posted) == 1

    digest_fixture.verdicts["prod"] = Verdict.ACTION_NEEDED
    digest_fixture.now += timedelta(days=7)
    weekly_digest.tick()
    assert digest_fixture.posted[-1][1] == "Flosum apps: 1 of 2 orgs ready (-1 since last week)"


@pytest.mark.parametrize("permanent", [True, False])
def test_a_failed_post_is_not_repeated_blindly(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture, permanent: bool
) -> None:
    digest_fixture.refusal = SlackRefused("Slack did not answer.", permanent=permanent)
    weekly_digest.tick()
    digest_fixture.refusal = None

    weekly_digest.tick()

    assert digest_fixture.posted == []


def test_one_workspace_that_fails_does_not_hold_up_the_others(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture, store: SqlStore
) -> None:
    store.keep_subscription(replace(REMINDER, workspace="T0", target="C0"))
    digest_fixture.archived = "C0"

    weekly_digest.tick()

    assert [channel for channel, *_ in digest_fixture.posted] == ["C1"]


def test_a_slot_that_has_passed_is_not_made_up_for_when_it_is_set(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture
) -> None:
    digest_fixture.now = MONDAY_9 + timedelta(hours=1)
    weekly_digest.command(ADA, parse("remind monday 9:00"))
    said = len(digest_fixture.posted)

    weekly_digest.tick()

    assert len(digest_fixture.posted) == said


def test_it_is_set_in_the_persons_own_zone_and_said_in_the_channel(
    digest_fixture: DigestFixture, store: SqlStore
) -> None:
    answer = _weekly_digest(digest_fixture, store).command(ADA, parse("remind friday 2pm"))

    assert answer.headline == "The weekly digest comes Fridays at 14:00 Europe/Berlin to {channel:C1}"
    assert [(channel, key) for channel, _, key in digest_fixture.posted] == [("C1", "set:C1")]


@pytest.mark.parametrize("typed", ["remind off", "remind now", "remind on", "remind monday 9:00"])
def test_only_those_who_may_change_it_can(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture, typed: str
) -> None:
    with pytest.raises(AskerError, match=r"Today that is `UEVE`"):
        weekly_digest.command(BEN, parse(typed))
    assert digest_fixture.posted == []


def test_everyone_may_look(weekly_digest: WeeklyDigest) -> None:
    assert "Mondays at 09:00 Europe/Berlin" in weekly_digest.command(BEN, parse("remind")).headline


def test_somebody_named_in_the_settings_may_change_it(weekly_digest: WeeklyDigest, store: SqlStore) -> None:
    weekly_digest.command(Asker("T1", "UEVE", "C1"), parse("remind off"))

    reminder = the_digest(store, "T1")
    assert reminder is not None
    assert not reminder.enabled


def test_a_channel_that_refuses_leaves_the_old_setting(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture, store: SqlStore
) -> None:
    digest_fixture.refusal = SlackRefused("I am not in that channel.", permanent=True)

    with pytest.raises(SlackRefused):
        weekly_digest.command(ADA, parse("remind friday 9:00 <#C2|ops>"))

    reminder = the_digest(store, "T1")
    assert reminder is not None
    assert reminder.target == "C1"


# --- in anybody's words --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("remind every tuesday at 8am", "The weekly digest comes Tuesdays at 08:00 Europe/Berlin to {channel:C1}"),
        ("remind 8:00 tuesday New York", "The weekly digest comes Tuesdays at 08:00 America/New_York to {channel:C1}"),
        ("remind tuesday 8 to <#C2|ops>", "The weekly digest comes Tuesdays at 08:00 Europe/Berlin to {channel:C2}"),
        ("remind in <#C2|ops>", "The weekly digest comes Mondays at 09:00 Europe/Berlin to {channel:C2}"),
        ("remind ON", "The weekly digest comes Mondays at 09:00 Europe/Berlin to {channel:C1}"),
        ("remind off now", "The weekly digest is off now"),
        ("remind OFF", "The weekly digest is off now"),
        ("remind post it now", "Posted to {channel:C1}"),
        ("remind me", "The weekly digest comes Mondays at 09:00 Europe/Berlin to {channel:C1}"),
    ],
)
def test_it_is_set_in_anybodys_words_and_told_in_words(weekly_digest: WeeklyDigest, typed: str, told: str) -> None:
    assert weekly_digest.command(ADA, parse(typed)).headline == told


@pytest.mark.parametrize("typed", ["remind here", "remind tuesday 8:00 here", "remind on here", "remind now here"])
def test_here_is_the_channel_it_is_said_in(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture, typed: str
) -> None:
    weekly_digest.command(replace(ADA, channel="C7"), parse(typed))

    assert digest_fixture.posted[-1][0] == "C7"


def test_what_may_be_meant_is_offered_to_press_and_nothing_is_set(weekly_digest: WeeklyDigest, store: SqlStore) -> None:
    answer = weekly_digest.command(ADA, parse("remind friday 9:00 EST <#C2|ops>"))

    (button,) = answer.buttons
    assert (button.label, button.command) == (
        "Friday 09:00 America/New_York",
        "remind friday 09:00 America/New_York <#C2>",
    )
    assert the_digest(store, "T1") == REMINDER
    told = weekly_digest.command(ADA, parse(button.command or "")).headline
    assert told == "The weekly digest comes Fridays at 09:00 America/New_York to {channel:C2}"


def test_the_clock_is_that_of_whoever_sets_it_and_what_it_was_before_is_told(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture
) -> None:
    digest_fixture.zone = "Asia/Tokyo"

    answer = weekly_digest.command(ADA, parse("remind monday 9:00"))

    assert answer.headline == "The weekly digest comes Mondays at 09:00 Asia/Tokyo to {channel:C1}"
    assert answer.note == "Before: Mondays at 09:00 Europe/Berlin"


def test_a_zone_of_slacks_that_nobody_knows_is_utc_with_a_word(
    weekly_digest: WeeklyDigest, digest_fixture: DigestFixture
) -> None:
    digest_fixture.zone = "US/Pacific-New"

    answer = weekly_digest.command(ADA, parse("remind friday 9:00"))

    assert answer.headline == "The weekly digest comes Fridays at 09:00 UTC to {channel:C1}"
    assert "`US/Pacific-New` as your time zone, which I do not know" in answer.note
    assert "do not know" not in weekly_digest.command(ADA, parse("remind friday 9:00 Berlin")).note

"""The digest as a use case: once a week, on time, through restarts and refusals. Real store, a clock of our own."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.answers import Answer
from bot.domain.digest.subscription import Subscription
from bot.domain.errors import SlackRefused
from bot.domain.model import Asker, Diagnosis, Login, NextStep, Org, Person, Standing, Verdict
from bot.service.digest_delivery import DigestDelivery
from bot.service.digest_making import DigestMaking
from bot.service.digest_posting import DigestPosting
from bot.service.membership import Membership
from bot.service.shared_channels import SharedChannels
from tests.databases import *  # noqa: F403 - fixtures
from tests.digests import weekly

MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
REMINDER = weekly("T1", "C1", 0, 9, 0, "Europe/Berlin")


@dataclass
class DigestFixture:
    """A channel, the people in it, the clock on its wall, and orgs whose verdicts a test sets."""

    now: datetime = MONDAY_9
    refusal: SlackRefused | None = None
    verdicts: dict[str, Verdict] = field(default_factory=lambda: {"prod": Verdict.READY, "uat": Verdict.ACTION_NEEDED})
    posted: list[tuple[str, str, str]] = field(default_factory=list)
    archived: str = ""
    gathered: list[tuple[str, datetime]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    standings: dict[str, Standing] = field(default_factory=dict)

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        assert workspace
        if channel == self.archived:
            raise SlackRefused("That channel is archived.", permanent=True)
        if self.refusal is not None:
            raise self.refusal
        self.posted.append((channel, answer.headline, key))
        return f"{len(self.posted)}.0"

    def find(self, workspace: str, target: str, key: str, since: datetime) -> str | None:
        assert workspace
        assert target
        assert since
        return next((str(n) for n, (_, _, known) in enumerate(self.posted) if known == key), None)

    def gather(self, subscription: Subscription, slot: datetime) -> None:
        self.gathered.append((subscription.id, slot))

    def digest(self, what: str) -> None:
        self.counted[what] += 1

    def person(self, who: Asker) -> Person:
        return Person("Europe/Berlin", admin=False, standing=self.standings.get(who.user, Standing.MEMBER))

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
def delivery(digest_fixture: DigestFixture, store: SqlStore) -> DigestDelivery:
    store.keep_subscription(REMINDER)
    return _delivery(digest_fixture, store)


def _delivery(digest_fixture: DigestFixture, store: SqlStore) -> DigestDelivery:
    """A process of its own."""
    owner = secrets.token_hex(4)
    posting = DigestPosting(
        slots=store,
        posts=digest_fixture,
        make=_making(digest_fixture, store).made,
        clock=lambda: digest_fixture.now,
        counts=digest_fixture,
        owner=owner,
    )
    return DigestDelivery(
        slots=store,
        posting=posting,
        gather=digest_fixture.gather,
        clock=lambda: digest_fixture.now,
        owner=owner,
    )


def _making(digest_fixture: DigestFixture, store: SqlStore) -> DigestMaking:
    return DigestMaking(
        store=store,
        orgs=lambda workspace: [found.org for found in digest_fixture.check_all(workspace)],
        read_all=digest_fixture.check_all,
        read_for=lambda workspace, _: digest_fixture.check_all(workspace),
        membership=Membership(digest_fixture),
        shared_channels=SharedChannels(store),
        clock=lambda: digest_fixture.now,
    )


def test_it_comes_once_however_often_the_clock_ticks(delivery: DigestDelivery, digest_fixture: DigestFixture) -> None:
    digest_fixture.now = MONDAY_9 - timedelta(minutes=1)
    while digest_fixture.now <= MONDAY_9 + timedelta(hours=3):
        delivery.tick()
        digest_fixture.now += timedelta(minutes=1)

    assert digest_fixture.posted == [("C1", "Flosum apps: 1 of 2 orgs ready", "T1:weekly:2026-11-23T08:00:00+00:00")]


def test_a_restart_does_not_send_it_again(
    delivery: DigestDelivery, digest_fixture: DigestFixture, store: SqlStore
) -> None:
    delivery.tick()
    _delivery(digest_fixture, store).tick()

    assert len(digest_fixture.posted) == 1


def test_a_bot_that_was_down_catches_up_within_a_day_but_not_later(
    delivery: DigestDelivery, digest_fixture: DigestFixture
) -> None:
    digest_fixture.now = MONDAY_9 + timedelta(hours=23)
    delivery.tick()
    assert len(digest_fixture.posted) == 1

    digest_fixture.now = MONDAY_9 + timedelta(days=7, hours=30)
    delivery.tick()
    assert len(digest_fixture.posted) == 1


def test_the_next_week_compares_with_the_last(delivery: DigestDelivery, digest_fixture: DigestFixture) -> None:
    delivery.tick()
    digest_fixture.now += timedelta(days=7)
    digest_fixture.verdicts["uat"] = Verdict.READY

    delivery.tick()

    assert digest_fixture.posted[-1][1] == "Flosum apps: all 2 orgs ready"


def test_once_done_it_falls_silent_until_something_is_missing_again(
    delivery: DigestDelivery, digest_fixture: DigestFixture
) -> None:
    digest_fixture.verdicts["uat"] = Verdict.READY
    for week in range(3):
        digest_fixture.now = MONDAY_9 + timedelta(days=7 * week)
        delivery.tick()
    assert len(digest_fixture.posted) == 1

    digest_fixture.verdicts["prod"] = Verdict.ACTION_NEEDED
    digest_fixture.now += timedelta(days=7)
    delivery.tick()
    assert digest_fixture.posted[-1][1] == "Flosum apps: 1 of 2 orgs ready (-1 since last week)"


@pytest.mark.parametrize("permanent", [True, False])
def test_a_failed_post_is_not_repeated_blindly(
    delivery: DigestDelivery, digest_fixture: DigestFixture, permanent: bool
) -> None:
    digest_fixture.refusal = SlackRefused("Slack did not answer.", permanent=permanent)
    delivery.tick()
    digest_fixture.refusal = None

    delivery.tick()

    assert digest_fixture.posted == []


def test_one_workspace_that_fails_does_not_hold_up_the_others(
    delivery: DigestDelivery, digest_fixture: DigestFixture, store: SqlStore
) -> None:
    store.keep_subscription(replace(REMINDER, workspace="T0", target="C0"))
    digest_fixture.archived = "C0"

    delivery.tick()

    assert [channel for channel, *_ in digest_fixture.posted] == ["C1"]


def test_a_slot_that_has_passed_is_not_made_up_for_when_it_is_set(
    delivery: DigestDelivery, digest_fixture: DigestFixture, store: SqlStore
) -> None:
    digest_fixture.now = MONDAY_9 + timedelta(hours=1)
    store.keep_subscription(replace(REMINDER, set_at=digest_fixture.now))

    delivery.tick()

    assert digest_fixture.posted == []


def test_somebody_who_is_no_member_any_more_gets_none(
    delivery: DigestDelivery, digest_fixture: DigestFixture, store: SqlStore
) -> None:
    store.keep_subscription(replace(REMINDER, id="own", target="UBEN"))
    digest_fixture.standings["UBEN"] = Standing.GUEST
    delivery.tick()
    assert [channel for channel, *_ in digest_fixture.posted] == ["C1"]

    digest_fixture.standings.clear()
    digest_fixture.now += timedelta(days=7)
    delivery.tick()
    assert sorted(channel for channel, *_ in digest_fixture.posted) == ["C1", "C1", "UBEN"]


def test_each_is_about_its_own_orgs(delivery: DigestDelivery, digest_fixture: DigestFixture, store: SqlStore) -> None:
    store.keep_subscription(replace(REMINDER, id="uat", target="C2", orgs="uat"))
    store.keep_subscription(replace(REMINDER, id="gone", target="C3", orgs="a-tag-that-is-gone"))

    delivery.tick()

    told = {channel: headline for channel, headline, _ in digest_fixture.posted}
    assert told == {
        "C1": "Flosum apps: 1 of 2 orgs ready",
        "C2": "Flosum apps: 0 of 1 org ready",
        "C3": "Flosum apps: `a-tag-that-is-gone` names no org any more",
    }

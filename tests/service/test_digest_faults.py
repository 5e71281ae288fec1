"""What becomes of a digest when Slack, the database, an org or the process fails; on a clock of our own."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.store.database import Database
from bot.domain.answers import Answer
from bot.domain.digest import schedule
from bot.domain.digest.subscription import About, Slot, SlotStatus, Subscription
from bot.domain.errors import OperatorError, SlackRefused
from bot.domain.model import PastDigest
from bot.service.digest_delivery import DigestDelivery
from bot.service.digest_posting import DigestPosting, MadeDigest, Timing
from tests.databases import *  # noqa: F403 - fixtures
from tests.digests import weekly

MONDAY_9 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SETTLED = 600.0  # seconds, on the database's clock; tests end what is left of it

LIMITED = SlackRefused("Slack is limiting.", permanent=False, clear=True, retry_after=60, code="ratelimited")
MOVING = SlackRefused("Slack refused.", permanent=True, clear=True, code="org_login_required")
ENDED = SlackRefused("Slack refused.", permanent=True, clear=True, code="token_revoked")
SILENT = SlackRefused("Slack did not answer.", permanent=False)
ARCHIVED = SlackRefused("That channel is archived.", permanent=True, clear=True, code="is_archived")
CLOSED = SlackRefused("The app may not ask that.", permanent=True, clear=True, code="missing_scope")


@dataclass
class Fake:
    """Slack, the clock on the wall and what digests are made of, each as a test wants it."""

    now: datetime = MONDAY_9
    refusals: list[SlackRefused] = field(default_factory=list)
    arrives: bool = False  # what was refused all the same
    closed: bool = False  # nobody may look
    breaks: list[Exception] = field(default_factory=list)  # what nobody foresaw, once it has arrived
    posted: list[tuple[str, str]] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    gathered: list[datetime] = field(default_factory=list)
    making: Callable[[Subscription], None] = lambda _: None
    posting: Callable[[str], None] = lambda _: None
    asked: list[str] = field(default_factory=list)

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        self.posting(workspace)
        self.asked.append(channel)
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is None or self.arrives:
            self.posted.append((channel, key))
            self.headlines.append(answer.headline)
        if refusal is not None:
            raise refusal
        if self.breaks:
            raise self.breaks.pop()
        return f"{len(self.posted)}.0"

    def find(self, workspace: str, target: str, key: str, since: datetime) -> str | None:
        assert workspace
        assert since.tzinfo
        if self.closed:
            raise CLOSED
        return "1.0" if (target, key) in self.posted else None

    def made(self, subscription: Subscription, slot: datetime, never_came: Sequence[Slot]) -> MadeDigest:
        self.making(subscription)
        words = f"Digest of {slot:%d.%m}" + "".join(f", not {each.due:%d.%m}" for each in never_came)
        return MadeDigest(Answer(words), PastDigest(slot, (), ("prod",)))

    def digest(self, what: str) -> None:
        self.counted[what] += 1

    def gather(self, _: Subscription, slot: datetime) -> None:
        self.gathered.append(slot)


@pytest.fixture
def fake() -> Fake:
    return Fake()


@pytest.fixture(autouse=True)
def subscribed(store: SqlStore) -> None:
    store.keep_subscription(weekly("T1", "C1", set_by="UADA", set_at=MONDAY_9 - HOUR))


def engine(fake: Fake, store: SqlStore, owner: str = "me") -> DigestDelivery:
    timing = Timing(settled=timedelta(seconds=SETTLED), apart=0.0)
    posting = DigestPosting(
        slots=store,
        posts=fake,
        make=fake.made,
        clock=lambda: fake.now,
        counts=fake,
        owner=owner,
        timing=timing,
    )
    return DigestDelivery(
        slots=store, posting=posting, gather=fake.gather, clock=lambda: fake.now, owner=owner, timing=timing
    )


@pytest.fixture
def digests(fake: Fake, store: SqlStore) -> DigestDelivery:
    return engine(fake, store)


def through(fake: Fake, digests: DigestDelivery, time_span: timedelta, step: timedelta = MINUTE) -> None:
    """Let time pass, tick after tick."""
    end = fake.now + time_span
    while fake.now < end:
        digests.tick()
        fake.now += step


def to_channel(fake: Fake) -> list[str]:
    return [key for channel, key in fake.posted if channel == "C1"]


def to_ada(fake: Fake) -> list[str]:
    return [key.rpartition(":")[2] for channel, key in fake.posted if channel == "UADA"]


# --- what Slack certainly did not take -----------------------------------------------------------------


def test_as_long_as_slack_asks_for_it_is_left_alone_and_holds_up_nobody(fake: Fake, digests: DigestDelivery) -> None:
    fake.refusals = [LIMITED]

    begun = time.monotonic()
    through(fake, digests, MINUTE, timedelta(seconds=10))
    assert time.monotonic() - begun < 30  # it waits in its row
    assert len(fake.asked) == 1
    through(fake, digests, MINUTE, timedelta(seconds=10))

    assert len(to_channel(fake)) == 1
    assert fake.counted == {"due": 1, "retried": 1, "sent": 1}


@pytest.mark.parametrize("refusal", [MOVING, ENDED], ids=["moving", "the token ended"])
def test_what_passes_is_tried_again_within_the_day_with_growing_pauses(
    fake: Fake, digests: DigestDelivery, refusal: SlackRefused
) -> None:
    fake.refusals = [refusal] * 8

    through(fake, digests, timedelta(hours=3))

    assert len(fake.asked) == 9
    assert len(to_channel(fake)) == 1
    assert fake.counted == {"due": 1, "retried": 8, "sent": 1, "late": 1}
    assert to_ada(fake) == []


def test_after_a_day_it_is_given_up_and_who_set_it_hears(fake: Fake, digests: DigestDelivery, store: SqlStore) -> None:
    fake.refusals = [MOVING] * 100
    through(fake, digests, timedelta(hours=25), timedelta(minutes=10))
    fake.refusals = []

    through(fake, digests, HOUR, timedelta(minutes=10))

    assert to_channel(fake) == []
    assert to_ada(fake) == ["given-up"]
    assert fake.counted["given up"] == 1
    assert store.past_digests("T1", "weekly") == []
    fake.now = MONDAY_9 + timedelta(days=7)
    digests.tick()
    assert fake.headlines[-1] == "Digest of 30.11, not 23.11"


@pytest.mark.parametrize("error", [OperatorError("The database does not answer."), ZeroDivisionError()])
def test_what_fails_while_it_is_made_is_tried_again(fake: Fake, digests: DigestDelivery, error: Exception) -> None:
    errors = [error]

    def fail(_: Subscription) -> None:
        if errors:
            raise errors.pop()

    fake.making = fail
    through(fake, digests, timedelta(minutes=3))

    assert len(to_channel(fake)) == 1


# --- what it may have taken ----------------------------------------------------------------------------


@pytest.mark.parametrize("arrives", [True, False])
def test_what_slack_may_have_is_looked_for_before_it_is_posted_again(
    fake: Fake, digests: DigestDelivery, store: SqlStore, arrives: bool
) -> None:
    fake.refusals, fake.arrives = [SILENT], arrives
    digests.tick()
    fake.now += MINUTE
    digests.tick()  # too early to look, on the database's clock
    asked_early = len(fake.asked)
    database_time_passes(store)
    fake.now += HOUR

    through(fake, digests, timedelta(minutes=3))

    assert asked_early == 1
    assert len(to_channel(fake)) == 1
    assert len(fake.asked) == (1 if arrives else 2)
    assert to_ada(fake) == []


def test_what_nobody_foresaw_once_slack_has_it_is_looked_for_too(
    fake: Fake, digests: DigestDelivery, store: SqlStore
) -> None:
    fake.breaks = [KeyError("ts")]
    through(fake, digests, 2 * MINUTE)
    database_time_passes(store)
    fake.now += HOUR

    through(fake, digests, 3 * MINUTE)

    assert len(to_channel(fake)) == 1
    assert fake.counted["sent"] == 1


def test_it_is_looked_for_where_it_was_posted_although_another_channel_was_chosen_since(
    fake: Fake, digests: DigestDelivery, store: SqlStore
) -> None:
    fake.refusals, fake.arrives = [SILENT], True
    digests.tick()
    (before,) = store.subscriptions("T1")
    store.keep_subscription(replace(before, target="C2"))
    database_time_passes(store)
    fake.now += HOUR

    through(fake, digests, timedelta(minutes=3))

    assert [channel for channel, _ in fake.posted] == ["C1"]


def test_where_nobody_may_look_it_is_uncertain_and_who_set_it_hears_once(
    fake: Fake, digests: DigestDelivery, store: SqlStore
) -> None:
    fake.refusals, fake.closed = [SILENT], True
    digests.tick()
    database_time_passes(store)
    fake.now += HOUR

    through(fake, digests, HOUR)

    assert to_channel(fake) == []
    assert to_ada(fake) == ["uncertain"]
    assert fake.counted["uncertain"] == 1
    assert [each.slot.status for each in store.undelivered(MONDAY_9 - HOUR, MONDAY_9)] == [SlotStatus.UNCERTAIN]


def test_a_process_that_lost_its_lease_posts_no_more(fake: Fake, store: SqlStore) -> None:
    """It is stopped between reading and posting until another one has taken over."""
    other = engine(fake, store, "other")

    def stopped(_: Subscription) -> None:
        fake.making = lambda _: None
        database_time_passes(store)
        fake.now += HOUR
        other.tick()

    fake.making = stopped
    engine(fake, store).tick()

    assert len(to_channel(fake)) == 1


def database_time_passes(store: SqlStore) -> None:
    """What leases there are are over."""
    database: Database = store._database  # noqa: SLF001 - nobody may wait for minutes
    with database.exclusive() as connection:
        connection.exec_driver_sql("UPDATE digest_slots SET lease_until = '2020-01-01 00:00:00+00'")


# --- what fails for good -------------------------------------------------------------------------------


def test_who_set_it_hears_once_that_it_fails_for_good_and_it_heals_by_itself(
    fake: Fake, digests: DigestDelivery, store: SqlStore
) -> None:
    for week in range(2):
        fake.refusals, fake.now = [ARCHIVED], MONDAY_9 + timedelta(days=7 * week)
        through(fake, digests, HOUR, timedelta(minutes=10))

    (kept,) = store.subscriptions("T1")
    assert to_ada(fake) == ["failing"]
    assert fake.headlines == ["The digest cannot be delivered to {channel:C1}"]
    assert (kept.failing_since, kept.failing) == (MONDAY_9, "That channel is archived.")
    assert fake.asked.count("C1") == 2  # once for each, whatever the day brings
    fake.now = MONDAY_9 + timedelta(days=14)
    digests.tick()
    assert fake.headlines[-1] == "Digest of 07.12, not 23.11, not 30.11"
    assert store.subscriptions("T1")[0].failing_since is None


def test_who_mended_it_meanwhile_is_not_told_that_it_fails(
    fake: Fake, digests: DigestDelivery, store: SqlStore
) -> None:
    fake.refusals = [ARCHIVED]
    digests.tick()
    (kept,) = store.subscriptions("T1")
    assert kept.failing_since is not None
    store.keep_subscription(replace(kept, failing_since=None, failing=""))

    through(fake, digests, HOUR, timedelta(minutes=10))

    assert not any("cannot be delivered" in headline for headline in fake.headlines)


def test_nobody_is_told_of_their_own_direct_messages_in_vain(
    fake: Fake, digests: DigestDelivery, store: SqlStore
) -> None:
    store.keep_subscription(weekly("T1", "UADA", set_by="UADA"))
    fake.refusals = [replace_code(ARCHIVED, "user_disabled")]

    through(fake, digests, HOUR, timedelta(minutes=10))

    assert fake.posted == []


def replace_code(refusal: SlackRefused, code: str) -> SlackRefused:
    return SlackRefused(refusal.text, permanent=True, clear=True, code=code)


# --- missed --------------------------------------------------------------------------------------------


def test_missed_while_down_it_comes_on_return_or_the_next_one_says_so(fake: Fake, digests: DigestDelivery) -> None:
    fake.now = MONDAY_9 + timedelta(hours=23)
    digests.tick()
    assert fake.headlines == ["Digest of 23.11"]
    assert fake.counted["late"] == 1

    fake.now = MONDAY_9 + timedelta(days=15, hours=2)
    digests.tick()
    assert len(fake.headlines) == 1
    fake.now = MONDAY_9 + timedelta(days=21)
    digests.tick()
    assert fake.headlines[-1] == "Digest of 14.12, not 30.11, not 07.12"


def test_one_of_monday_that_was_sent_does_not_keep_fridays_from_coming(
    fake: Fake, digests: DigestDelivery, store: SqlStore
) -> None:
    digests.tick()
    store.keep_subscription(weekly("T1", "C1", weekday=4, set_at=MONDAY_9 + HOUR))

    through(fake, digests, timedelta(days=8), HOUR)

    assert fake.headlines == ["Digest of 23.11", "Digest of 27.11"]


@pytest.mark.parametrize("back", [HOUR, timedelta(days=4 * 365)])
def test_a_clock_that_was_ahead_makes_no_storm_and_loses_nothing(
    fake: Fake, digests: DigestDelivery, back: timedelta
) -> None:
    through(fake, digests, HOUR)
    fake.now += back
    through(fake, digests, timedelta(minutes=10))
    fake.now -= back
    extra = len(fake.headlines) - 1

    through(fake, digests, timedelta(days=15), HOUR)

    assert extra <= 1
    assert [words for words in fake.headlines if words.startswith(("Digest of 23.11", "Digest of 30.11"))] == [
        "Digest of 23.11",
        "Digest of 30.11",
    ]


# --- side by side, and the end -------------------------------------------------------------------------


def test_facts_are_gathered_once_in_the_hour_before(fake: Fake, digests: DigestDelivery) -> None:
    digests.tick()
    fake.now = MONDAY_9 + timedelta(days=7) - 2 * HOUR

    through(fake, digests, 2 * HOUR)

    assert fake.gathered == [MONDAY_9 + timedelta(days=7)]


def test_a_workspace_that_hangs_and_a_row_that_is_broken_hold_up_nobody(
    fake: Fake, digests: DigestDelivery, store: SqlStore
) -> None:
    let_go = threading.Event()
    for number in range(2, 12):
        store.keep_subscription(weekly(f"T{number}", f"C{number}"))
    store.keep_subscription(weekly("TBAD", "CBAD", zone="US/Pacific-New"))
    database: Database = store._database  # noqa: SLF001 - nobody can store such a row
    with database.exclusive() as connection:
        connection.exec_driver_sql("UPDATE subscriptions SET weekday = 99, kind = 'odd' WHERE workspace = 'TBAD'")

    def post(workspace: str) -> None:
        if workspace in ("T2", "T3"):
            let_go.wait(30)

    fake.posting = post

    digests.tick(patience=3)

    assert {channel for channel, _ in fake.posted} == {"C1", *(f"C{number}" for number in range(4, 12))}
    let_go.set()
    digests.tick()
    assert {"C2", "C3"} <= {channel for channel, _ in fake.posted}
    assert len(fake.posted) == 11


def test_the_end_waits_for_no_digest_and_leaves_its_claims(fake: Fake, store: SqlStore) -> None:
    hangs, posts_hang = threading.Event(), threading.Event()
    for number in range(2, 9):
        store.keep_subscription(weekly(f"T{number}", f"C{number}"))

    def make(subscription: Subscription) -> None:
        if int(subscription.workspace[1:]) <= 4:
            hangs.wait(60)

    fake.making = make

    def post(_: str) -> None:
        posts_hang.wait(60)

    fake.posting = post
    digests = engine(fake, store)
    digests.tick(patience=1)

    begun = time.monotonic()
    digests.close(0.5)
    assert time.monotonic() - begun < 5
    digests.tick()

    hangs.set()  # whatever the hanging ones do now, they post nothing
    posts_hang.set()
    database_time_passes(store)
    fake.now += HOUR
    fake.making, fake.posting = lambda _: None, lambda _: None
    fake.now += MINUTE
    again = engine(fake, store, "next")
    again.tick()
    fake.now += MINUTE
    again.tick()
    assert Counter(channel for channel, _ in fake.posted) == dict.fromkeys([f"C{n}" for n in range(1, 9)], 1)


def test_keys_differ() -> None:
    slots = [Slot("T1", "a", MONDAY_9), Slot("T1", "b", MONDAY_9), Slot("T1", "a", MONDAY_9, About.FAILING)]
    slots += [replace(slots[0], due=schedule.upcoming(weekly("T1", "C1"), MONDAY_9))]

    assert len({slot.key for slot in slots}) == 4

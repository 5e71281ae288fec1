"""How an org has been over time: since when it is ready or not, when it stopped being so, and what is news."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppFacts,
    AppState,
    Diagnosis,
    Login,
    Org,
    OrgFacts,
    Policy,
    Verdict,
)
from bot.domain.orgs.conditions import Condition, Known, News, condition_of, noted
from bot.domain.orgs.diagnosis import diagnose
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ORG = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)
THROUGH = AppFacts(
    BACKUP_APP,
    AppState.INSTALLED,
    permitted_users=Policy.ADMIN_APPROVED,
    profiles=("A",),
    users_with_access=1,
    connected_users=1,
)
APPS = {
    "ready": THROUGH,
    "open": replace(THROUGH, permitted_users=Policy.SELF_AUTHORIZE),
    "missing": AppFacts(BACKUP_APP, AppState.NOT_INSTALLED),
    "hidden": AppFacts(BACKUP_APP, AppState.UNREADABLE),
}


def found(state: str, days: float = 0) -> Diagnosis:
    """An org in a state, as read so many days later."""
    if state == "over":
        read = diagnose(replace(ORG, reconnect=True), None, article=ARTICLE, now=NOW, trouble="Its login ended.")
    elif state == "silent":
        read = diagnose(ORG, None, article=ARTICLE, now=NOW, trouble="It did not answer.")
    else:
        at = NOW + timedelta(days=days)
        facts = OrgFacts(at, "00D000000000001EAA", False, (APPS[state], replace(THROUGH, name=DEVOPS_APP)))
        read = diagnose(ORG, facts, article=ARTICLE, now=at)
    return read


def history(*states: str) -> Known | None:
    """What is known after a state a day; people were told of all but the last."""
    known: Known | None = None
    for day, state in enumerate(states):
        told = known and replace(known, news=None, fell_at=None if known.news is News.READY else known.fell_at)
        known = noted(told, found(state, day), None, NOW + timedelta(days=day))
    return known


@pytest.mark.parametrize(
    ("state", "condition"),
    [
        ("ready", Condition.READY),
        ("open", Condition.OPEN),
        ("missing", Condition.NEEDS_STEP),
        ("over", Condition.OVER),
        ("hidden", None),
        ("silent", None),
    ],
)
def test_what_is_certain(state: str, condition: Condition | None) -> None:
    assert condition_of(found(state)) is condition


@pytest.mark.parametrize(
    ("states", "verdict", "since"),
    [
        (("missing",), Verdict.ACTION_NEEDED, 0),
        (("missing", "missing", "missing"), Verdict.ACTION_NEEDED, 0),
        (("missing", "hidden", "missing"), Verdict.ACTION_NEEDED, 0),
        (("missing", "silent", "silent"), Verdict.ACTION_NEEDED, 0),
        (("missing", "over"), Verdict.ACTION_NEEDED, 0),
        (("ready", "missing"), Verdict.ACTION_NEEDED, 1),
        (("missing", "ready", "missing"), Verdict.ACTION_NEEDED, 2),
        (("ready", "silent", "over"), Verdict.READY, 0),
        (("ready", "open"), Verdict.READY, 0),
        (("missing", "ready"), Verdict.READY, 1),
    ],
)
def test_since_when_counts_from_readings_that_went_well(states: tuple[str, ...], verdict: Verdict, since: int) -> None:
    known = history(*states)

    assert known is not None
    assert (known.verdict, known.since) == (verdict, NOW + timedelta(days=since))


@pytest.mark.parametrize("states", [("silent",), ("over",), ("silent", "over", "silent")])
def test_of_what_was_never_read_nothing_is_known(states: tuple[str, ...]) -> None:
    assert history(*states) is None


@pytest.mark.parametrize(
    ("states", "news"),
    [
        (("missing",), None),
        (("open",), News.READY),
        (("ready", "ready"), None),
        (("ready", "missing"), News.FELL),
        (("ready", "open"), News.FELL),
        (("ready", "over"), News.FELL),
        (("open", "missing"), News.FELL),
        (("ready", "hidden"), None),
        (("ready", "silent"), None),
        (("ready", "hidden", "missing"), News.FELL),
        (("ready", "missing", "missing"), None),
        (("ready", "missing", "over"), None),
        (("ready", "over", "missing"), None),
        (("ready", "over", "ready"), News.READY),
        (("ready", "open", "ready"), News.READY),
        (("ready", "missing", "open"), News.READY),
        (("ready", "missing", "ready", "missing"), News.FELL),
        (("missing", "open", "ready"), None),
        (("missing", "over"), None),
    ],
)
def test_what_people_are_told(states: tuple[str, ...], news: News | None) -> None:
    known = history(*states)

    assert known is not None
    assert known.news is news


def test_what_an_older_version_read_counts() -> None:
    """It noted nothing; its last reading stands there."""
    fell = noted(None, found("missing", 3), found("ready"), NOW)
    still = noted(None, found("missing", 3), found("missing"), NOW)

    assert fell is not None
    assert (fell.since, fell.news) == (NOW + timedelta(days=3), News.FELL)
    assert still is not None
    assert (still.since, still.news) == (NOW, None)


def test_what_the_digests_of_before_told_is_not_lost_for_it() -> None:
    carried_over = Known(Verdict.ACTION_NEEDED, NOW - timedelta(weeks=5))

    known = noted(carried_over, found("missing", 3), found("missing"), NOW)

    assert known is not None
    assert known.since == NOW - timedelta(weeks=5)

"""What could not be read is not ready: every way to have been read, in every place that shows or counts it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.answers import Items, State
from bot.domain.digest import report
from bot.domain.digest.report import Material
from bot.domain.model import (
    FLOSUM_APPS,
    AppFacts,
    AppState,
    Diagnosis,
    Failure,
    Login,
    Org,
    OrgFacts,
    Policy,
    Read,
    Verdict,
)
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.home_report import Known, home
from bot.domain.orgs.status_report import overview, status
from bot.domain.orgs.urgency import in_short, state_of
from bot.entrypoints.cli.org_json import status_json
from tests.digests import past, weekly
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WHY = "`prod` did not answer within 14 s."
READY, ACTION, UNKNOWN = Verdict.READY, Verdict.ACTION_NEEDED, Verdict.UNKNOWN
BEFORE = {
    READY: "ready when last read, {age}",
    ACTION: "needed a step when last read, {age}: install both Flosum apps",
    UNKNOWN: "unclear when last read, {age}: its connection may not read either Flosum app",
}
APP_STATES = {READY: AppState.INSTALLED, ACTION: AppState.NOT_INSTALLED, UNKNOWN: AppState.UNREADABLE}


@dataclass(frozen=True)
class Way:
    """How an org was read: how long ago, and what came of the latest attempt."""

    ago: timedelta | None
    trouble: str | None = None
    over: bool = False
    read: Read = Read.OK
    holds: bool = False
    age: str = ""


WAYS = {
    "never": Way(None),
    "never, though tried": Way(None, WHY, read=Read.FAILED),
    "never, and over": Way(None, WHY, over=True, read=Read.OVER),
    "fresh": Way(timedelta(0), holds=True),
    "6 d 23 h": Way(timedelta(days=6, hours=23), holds=True),
    "7 d": Way(timedelta(days=7), holds=True),
    "7 d 1 h": Way(timedelta(days=7, hours=1), age="7 days ago"),
    "ahead by half an hour": Way(-timedelta(minutes=30), holds=True),
    "ahead by a year": Way(-timedelta(days=365), age="by a clock that was off"),
    "failed after fresh": Way(timedelta(minutes=5), WHY, read=Read.FAILED, age="5 min ago"),
    "failed after days": Way(timedelta(days=3), WHY, read=Read.FAILED, age="3 days ago"),
    "failed after weeks": Way(timedelta(days=30), WHY, read=Read.FAILED, age="4 weeks ago"),
    "over after fresh": Way(timedelta(0), WHY, over=True, read=Read.OVER, age="just now"),
    "over, nothing asked": Way(timedelta(days=3), None, over=True, read=Read.OVER, age="3 days ago"),
}


def facts(verdict: Verdict, at: datetime) -> OrgFacts:
    known = {"permitted_users": Policy.SELF_AUTHORIZE, "connected_users": 1}
    apps = (AppFacts(name, APP_STATES[verdict], **known) for name in FLOSUM_APPS)  # type: ignore[arg-type]
    return OrgFacts(at, "00D000000000001EAA", False, tuple(apps))


def told(way: Way, verdict: Verdict) -> Diagnosis:
    failure = Failure(NOW, way.trouble) if way.trouble else None
    org = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, reconnect=way.over, failure=failure)
    known = None if way.ago is None else facts(verdict, NOW - way.ago)
    return diagnose(org, known, article=ARTICLE, now=NOW, trouble=way.trouble)


OTHER = replace(told(WAYS["fresh"], READY), org=Org("T1", "qa", "qa.my.salesforce.com", Login.JWT))


@pytest.mark.parametrize("verdict", [READY, ACTION, UNKNOWN])
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_each_way_of_having_been_read_is_told_and_counted_for_what_it_proves(way: Way, verdict: Verdict) -> None:
    found = told(way, verdict)
    counts_as_ready = way.holds and verdict is READY
    unread = not way.holds

    # the diagnosis
    assert found.verdict is (verdict if way.holds else UNKNOWN)
    assert (found.read, found.unread) == (way.read, unread)
    old = None if way.holds or way.ago is None else verdict
    assert found.last_verdict is old
    assert found.last_read_at == (None if old is None or way.ago is None else NOW - way.ago)
    if old:
        assert BEFORE[old].format(age=way.age) == found.brief
        assert found.brief in found.headline
        is_over = way.read is Read.OVER
        begins = "`prod` must be connected again: it " if is_over else "Cannot tell whether `prod` is ready: it "
        assert found.headline.startswith(begins)
        assert found.brief in in_short(found)

    # one org, in Slack and as JSON
    shown = status(found, NOW)
    assert (shown.state is State.READY) == counts_as_ready
    assert shown.headline == found.headline
    printed = status_json(found)
    assert (printed["verdict"], printed["read"]) == (found.verdict.value, way.read.value)
    assert (printed["last_verdict"] is None) == (old is None) == (printed["last_read_at"] is None)

    # all orgs
    every = [found, OTHER]
    yet = " yet" if way.ago is None and not way.trouble else ""
    tally = f"{1 + counts_as_ready} of 2 orgs ready" + (f", 1 not read{yet}" if unread else "")
    listed = overview(every, NOW, live=True)
    assert listed.headline == tally
    assert (listed.note == "Read from Salesforce just now") == (way.trouble is None)
    lines = {item.name: item for part in listed.parts if isinstance(part, Items) for item in part.items}
    assert ("`prod`" not in lines) == ("`prod`" in str(listed.parts[-1])) == counts_as_ready

    # Home
    before = past("2026-W47", ("prod",), ())
    page = home(Known(every, before, (), (), NOW), 1)
    assert page.headline.startswith(tally)
    assert (state_of(found) is State.READY) == counts_as_ready
    assert ("No longer ready: `prod`" in page.news) == (way.holds and verdict is not READY)
    assert page.lead.startswith("Nothing to do") == counts_as_ready

    # the digest, and what is kept of its week
    about = Material(weekly("T1", "C1"), every, [before], NOW)
    digest = report.digest(about)
    assert (digest.headline == "Flosum apps: all 2 orgs ready") == counts_as_ready
    assert counts_as_ready or digest.headline.startswith(f"Flosum apps: {tally}")
    assert (report.made(about) is None) == counts_as_ready
    week = report.record(NOW, every)
    assert ("prod" in week.ready, "prod" in week.missing) == (counts_as_ready, not counts_as_ready)


def test_of_an_org_that_was_ready_and_cannot_be_read_the_digest_does_not_say_that_it_is_open() -> None:
    weeks = [past("2026-W47", (), ("prod",))]

    details = [
        str(report.digest(Material(weekly("T1", "C1"), [told(WAYS["failed after days"], verdict)], weeks, NOW)).parts)
        for verdict in (READY, ACTION)
    ]

    assert ["for 1 week" in detail for detail in details] == [False, True]

"""Respect for the orgs: two calls at once, and none while few of an org's API requests are left."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.respect import AT_ONCE, Turns, Usages, usage_in
from bot.domain.errors import OrgUnreachable, WriteRefused
from bot.domain.model import ApiUsage, Login, Org
from bot.domain.orgs.org_writes import OrgWrite, WriteKind
from bot.sandbox.salesforce.faults import OrgFault
from tests.salesforce_under_test import NOW, SalesforceUnderTest

PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)


@pytest.mark.parametrize(
    ("header", "usage"),
    [
        ("api-usage=18/5000", ApiUsage(18, 5000)),
        ("api-usage=25/5000; per-app-api-usage=17/250(appName=sample-app)", ApiUsage(25, 5000)),
        ("api-usage=0/0", ApiUsage(0, 0)),
        ("", None),
        (None, None),
        ("nothing of the kind", None),
        ("api-usage=many/5000", None),
    ],
)
def test_what_the_header_says(header: str | None, usage: ApiUsage | None) -> None:
    assert usage_in(header) == usage


@pytest.mark.parametrize(
    ("used", "low"), [(0, False), (13_499, False), (13_500, False), (13_501, True), (15_000, True), (16_000, True)]
)
def test_below_a_tenth_is_low(used: int, low: bool) -> None:
    assert ApiUsage(used, 15_000).is_low is low


def test_how_much_is_used_is_part_of_the_reading(under_test: SalesforceUnderTest) -> None:
    assert under_test.facts("prod").api_usage == ApiUsage(1_200, 15_000)


def test_an_org_with_few_requests_left_is_asked_nothing_for_an_hour(under_test: SalesforceUnderTest) -> None:
    now = [NOW]
    adapter = Salesforce(clock=lambda: now[0], route=under_test.salesforce.route)
    prod, other = under_test.org("prod"), under_test.org("qa")
    under_test.salesforce.change("prod", api_usage=(14_000, 15_000))

    assert adapter.facts(*prod).api_usage == ApiUsage(14_000, 15_000)  # only the answer tells
    under_test.calls()
    for _ in range(2):
        now[0] += timedelta(minutes=29)
        with pytest.raises(OrgUnreachable) as refused:
            adapter.facts(*prod)
        assert "`prod` has used 14,000 of its 15,000 API requests" in refused.value.text
        with pytest.raises(OrgUnreachable):
            adapter.user(*prod, "ben@acme.example")
    assert under_test.calls() == []
    adapter.facts(*other)

    under_test.salesforce.change("prod", api_usage=(2_000, 15_000))
    now[0] += timedelta(minutes=3)
    adapter.facts(*prod)
    adapter.facts(*prod)


def test_what_was_begun_is_ended_with_few_requests_left(under_test: SalesforceUnderTest) -> None:
    prod, adapter = under_test.org("prod"), Salesforce(clock=lambda: NOW, route=under_test.salesforce.route)
    holder, subject = "0PSKd0000009999OAA", "0CiKd0000009999KAA"
    write = OrgWrite("T1", "prod", WriteKind.ACCESS, subject, holder, "App", "Set", "U1", NOW)
    under_test.salesforce.change("prod", api_usage=(14_000, 15_000))
    adapter.facts(*prod)
    with pytest.raises(OrgUnreachable):
        adapter.facts(*prod)

    with pytest.raises(WriteRefused):  # asked, and answered: it has no such permission set
        adapter.create(*prod, WriteKind.ACCESS, {"ParentId": holder, "SetupEntityId": subject})
    assert adapter.record_of(*prod, write) is None


def test_a_clock_that_goes_back_closes_no_org() -> None:
    usages = Usages()
    usages.note(PROD, ApiUsage(15_000, 15_000), NOW)

    usages.require(PROD, NOW - timedelta(seconds=1))


def test_what_one_workspace_has_read_of_a_host_says_nothing_to_another() -> None:
    usages = Usages()
    usages.note(PROD, ApiUsage(15_000, 15_000), NOW)

    with pytest.raises(OrgUnreachable):
        usages.require(PROD, NOW)
    usages.require(replace(PROD, workspace="T2"), NOW)


def test_two_calls_at_once_for_each_host() -> None:
    turns, release, inside = Turns(), threading.Event(), threading.Semaphore(0)
    most, running, lock = [0], [0], threading.Lock()

    def call(host: str) -> bool:
        with turns.turn("T1", host, 30) as came:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            inside.release()
            release.wait(30)
            with lock:
                running[0] -= 1
            return came

    with ThreadPoolExecutor(8) as people:
        calls = [people.submit(call, "acme") for _ in range(5)]
        assert all(inside.acquire(timeout=30) for _ in range(AT_ONCE))
        assert not inside.acquire(timeout=0.1)
        other = people.submit(call, "other")
        assert inside.acquire(timeout=30)
        with turns.turn("T1", "acme", 0.01) as came:
            assert not came
        with turns.turn("T2", "acme", 0.01) as came:
            assert came
        release.set()
        assert all(each.result() for each in (*calls, other))

    assert most[0] == AT_ONCE + 1
    assert turns._turns == {}  # noqa: SLF001 - nothing is kept of hosts that nobody asks


def test_whoever_gets_no_turn_is_told_that_the_org_did_not_answer(under_test: SalesforceUnderTest) -> None:
    under_test.salesforce.break_org("prod", OrgFault(hang=5))
    adapter = Salesforce(clock=lambda: NOW, route=under_test.salesforce.route, deadline=0.5)

    with ThreadPoolExecutor(4) as people:
        calls = [people.submit(adapter.user, *under_test.org("prod"), f"ben{number}") for number in range(4)]
        told = {str(each.exception(timeout=30)) for each in calls}

    under_test.salesforce.let_go()
    assert len(told) == 1
    assert "did not answer within 0.5 s" in told.pop()

"""The list of all orgs: what its small print counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain import selection
from bot.domain.errors import UnknownOrg
from bot.domain.model import Diagnosis, Login, Org, Snooze
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.home_report import Known, home
from bot.domain.orgs.status_report import overview
from bot.domain.orgs.which_org import renamed
from tests.domain.conversations.test_error_reply import MISSING, NEVER, READY
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def silent(name: str, *, rests: bool) -> Diagnosis:
    org = Org("T1", name, f"{name}.my.salesforce.com", Login.JWT)
    return replace(diagnose(org, None, article=ARTICLE, now=NOW, trouble="It did not answer."), rests=rests)


@pytest.mark.parametrize(
    ("rests", "note"),
    [
        ((False, False), "0 of 2 read from Salesforce just now; 2 could not be read"),
        ((False, True), "0 of 2 read from Salesforce just now; 1 could not be read, 1 not asked again yet"),
        ((True, True), "0 of 2 read from Salesforce just now; 2 not asked again yet"),
    ],
)
def test_each_org_is_counted_once(rests: tuple[bool, ...], note: str) -> None:
    found = [silent(f"org-{number}", rests=each) for number, each in enumerate(rests)]

    assert overview(found, NOW, live=True).note == note


@pytest.mark.parametrize(
    ("orgs", "page", "begins"),
    [
        (25, 2, "Nothing"),
        (25, 0, "There is no page 0: this is the first · "),
        (25, 99, "There is no page 99: this is the last, 2 · "),
        (3, 2, "There is no page 2: this is the first · "),
        (3, 1, "Nothing"),
    ],
)
def test_another_page_than_the_one_that_was_asked_for_is_called_so(orgs: int, page: int, begins: str) -> None:
    found = [
        diagnose(Org("T1", f"org-{number}", f"o{number}.my.salesforce.com", Login.JWT), None, article=ARTICLE, now=NOW)
        for number in range(orgs)
    ]

    assert overview(found, NOW, live=False, page=page).note.startswith(begins)


def test_a_name_that_carries_ids_with_it_leads_on_in_words() -> None:
    told = renamed(UnknownOrg("", (), "uat", "grant {org} both 0PSKd0000000026IAO yes 2 00DKd0000000003"), "quality")

    assert [button.label for button in told.buttons] == ["Go on with quality"]


def snoozed(found: Diagnosis) -> Diagnosis:
    return replace(found, org=replace(found.org, snooze=Snooze(None, "", "U1", NOW)))


@pytest.mark.parametrize(
    ("found", "line", "head", "on_home", "lead"),
    [
        ((READY, MISSING), "all", "1 of 2 orgs ready", "1 of 2 orgs ready", "To do: 1 not installed"),
        (
            (READY, snoozed(MISSING)),
            "all",
            "1 of 1 org ready, 1 snoozed",
            "1 of 1 org ready",
            "Nothing to do: 1 snoozed, the others are ready.",
        ),
        (
            (NEVER, snoozed(MISSING)),
            "all",
            "0 of 1 org ready, 1 not read, 1 snoozed",
            "0 of 1 org ready, 1 not read",
            "To do: 1 cannot tell · 1 snoozed",
        ),
        ((snoozed(MISSING), snoozed(NEVER)), "all", "2 snoozed", "Every org is snoozed", "Nothing to do."),
        ((snoozed(READY), MISSING), "all", "1 of 2 orgs ready", "1 of 2 orgs ready", "To do: 1 not installed"),
        ((READY, snoozed(MISSING), NEVER), "not ready", "1 of 2 orgs not ready, 1 snoozed", "", ""),
    ],
)
def test_what_is_snoozed_counts_neither_as_ready_nor_as_missing(
    found: tuple[Diagnosis, ...], line: str, head: str, on_home: str, lead: str
) -> None:
    named = [replace(each, org=replace(each.org, name=f"o{number}")) for number, each in enumerate(found)]
    chosen = selection.read(line, (), ())
    assert chosen is not None

    assert overview(named, NOW, live=False, chosen=chosen).headline == head
    if on_home:
        tab = home(Known(named, None, (), (), NOW), 1)
        assert (tab.headline, tab.lead) == (on_home, lead)

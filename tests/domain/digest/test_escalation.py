"""After how many weeks somebody is told, in anybody's words; and which orgs have been open for so long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.digest.escalation import escalated, is_long_open, left_behind, read_escalation
from bot.domain.digest.spoken import Unclear
from bot.domain.model import Diagnosis, Login, Org, Snooze, Verdict

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("after 3 weeks to <@U1|ada>", (3, "U1")),
        ("after 3 weeks to <@U1>", (3, "U1")),
        ("3 weeks <@W1>", (3, "W1")),
        ("to <@U1> after three weeks", (3, "U1")),
        ("after 3 weeks", (3, None)),
        ("3", (3, None)),
        ("3w", (3, None)),
        ("3weeks", (3, None)),
        ("a week", (1, None)),
        ("after a month", (4, None)),
        ("after 2 months to <@U1>", (8, "U1")),
        ("after 21 days", (3, None)),
        ("After 1 fortnight.", (2, None)),
        ("52 weeks", (52, None)),
        ("nach 3 Wochen an <@U1>", (3, "U1")),
        ("3 Wochen <@U1>", (3, "U1")),
        ("after 3 Wochen to <@U1>", (3, "U1")),
        ("nach einer Woche", (1, None)),
        ("nach zwei Monaten", (8, None)),
        ("après 3 semaines à <@U1|ada>", (3, "U1")),
        ("después de tres semanas a <@U1>", (3, "U1")),
        ("depois de 3 semanas", (3, None)),
        ("dopo 4 settimane", (4, None)),
        ("na 2 weken aan <@U1>", (2, "U1")),
        ("efter 3 veckor", (3, None)),
        ("po 3 tygodniach", (3, None)),
        ("после 3 недель", (3, None)),
        ("3週間後", (3, None)),
        ("after 21 Tage", (3, None)),
        ("after 3 weeks to nobody", (3, None)),
        ("off", None),
        ("OFF please", None),
        ("never", None),
    ],
)
def test_what_is_meant(said: str, meant: tuple[int, str | None] | None) -> None:
    assert read_escalation(said.split()) == meant


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("after weeks", "After how many weeks?"),
        ("to <@U1>", "After how many weeks?"),
        ("after 0 weeks", "It takes between 1 and 52 weeks."),
        ("after 3 days", "It takes between 1 and 52 weeks."),
        ("after 1000 weeks", "It takes between 1 and 52 weeks."),
        ("after -3 weeks", "I do not understand `-3`."),
        ("after 3 weeks to @ada", "I do not understand `@ada`. Pick the person from the list"),
        ("after 3 weeks to #ops", "I do not understand `#ops`."),
        ("nach 3 Tagen", "It takes between 1 and 52 weeks."),
        ("nach 3 Wochen an ada", "I do not understand `ada`. Pick the person"),
        ("after 3 weeks to a friend", "I do not understand `a`."),
        ("someday", "I do not understand `someday`."),
    ],
)
def test_what_is_not_understood_is_told_with_an_example(said: str, told: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_escalation(said.split())

    assert unclear.value.text.startswith(told)
    assert "`/flosum remind escalate after 3 weeks to @person`" in unclear.value.text


def test_an_org_is_open_for_long_unless_it_is_snoozed() -> None:
    org = Org("T1", "uat", "uat.my.salesforce.com", Login.JWT, open_since=NOW - timedelta(weeks=3))

    assert is_long_open(org, 3, NOW)
    assert not is_long_open(org, 4, NOW)
    assert not is_long_open(replace(org, open_since=None), 1, NOW)
    assert not is_long_open(replace(org, snooze=Snooze(None, "", "U1", NOW)), 3, NOW)
    assert is_long_open(replace(org, snooze=Snooze(NOW, "", "U1", NOW - timedelta(days=7))), 3, NOW)


def test_many_orgs_of_somebody_who_left_are_named_as_far_as_they_fit() -> None:
    names = [f"org{number}" for number in range(9)]

    answer = left_behind("Ben", names, names[:1])

    assert answer.headline == (
        "Ben left the workspace, who owned `org0`, `org1`, `org2`, `org3`, `org4` and 4 more and connected `org0`"
    )
    assert [button.label for button in answer.buttons] == [f"Choose an owner of org{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("verdict", "before", "told"),
    [
        (Verdict.ACTION_NEEDED, None, "`prod` has not been ready for 5 weeks"),
        (Verdict.UNKNOWN, Verdict.ACTION_NEEDED, "`prod` has not been ready for 5 weeks"),
        (Verdict.UNKNOWN, Verdict.READY, "Whether `prod` is ready cannot be told for 5 weeks"),
        (Verdict.UNKNOWN, None, "Whether `prod` is ready cannot be told for 5 weeks"),
    ],
)
def test_what_cannot_be_told_is_not_said_to_be_not_ready(verdict: Verdict, before: Verdict | None, told: str) -> None:
    org = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, open_since=NOW - timedelta(weeks=5))

    answer = escalated(Diagnosis(org, verdict, "", "", (), None, last_verdict=before), NOW, "")

    assert answer.headline == told
    assert answer.lead.startswith("It needs: ") == (verdict is Verdict.ACTION_NEEDED)

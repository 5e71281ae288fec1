"""What a digest says: how many are ready and how that moved, what each of the others needs, what got done by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.adapters.slack.views.blocks import message
from bot.domain import selection
from bot.domain.answers import Answer, Chart, Item, Items, State, Text
from bot.domain.digest import report
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.digest.report import Material, Missed
from bot.domain.digest.subscription import Rhythm, WhenNothing
from bot.domain.model import (
    BACKUP_APP,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Diagnosis,
    Login,
    NextStep,
    Org,
    OrgFacts,
    PastDigest,
    Verdict,
)
from tests import phone
from tests.blockkit import assert_valid_message
from tests.digests import past, weekly

BERLIN = weekly("T1", "C1", weekday=0, hour=9, minute=0, zone="Europe/Berlin")
MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Berlin


def diagnosis(name: str, verdict: Verdict = Verdict.READY, *topics: str, **more: Any) -> Diagnosis:
    org = Org("T1", name, f"{name}.my.salesforce.com", Login.JWT, owner=more.pop("owner", None))
    steps = tuple(NextStep(topic, None, f"do {topic}", f"https://{org.host}/x") for topic in topics)
    return Diagnosis(org, verdict, f"`{name}` is {verdict}", f"is {verdict}", steps, more.pop("facts", None), **more)


def open_org(name: str, **more: Any) -> Diagnosis:
    return diagnosis(name, Verdict.ACTION_NEEDED, "install", **more)


def unread(name: str, trouble: str, before: Verdict = Verdict.READY) -> Diagnosis:
    facts = OrgFacts(MONDAY_9 - timedelta(days=3), None, None, ())
    return diagnosis(name, Verdict.UNKNOWN, facts=facts, trouble=trouble, last_verdict=before)


def material(found: Sequence[Diagnosis], before: Sequence[PastDigest] = (), **more: Any) -> Material:
    return Material(more.pop("subscription", BERLIN), found, before, more.pop("now", MONDAY_9), **more)


def items(answer: Answer) -> list[Item]:
    return [item for part in answer.parts if isinstance(part, Items) for item in part.items]


def texts(answer: Answer) -> list[str]:
    return [part.text for part in answer.parts if isinstance(part, Text)]


# --- what it says --------------------------------------------------------------------------------------


def test_it_counts_names_and_tells_since_when() -> None:
    found = [diagnosis("prod"), open_org("emea"), diagnosis("legacy", Verdict.UNKNOWN)]
    before = [past("2026-W47", (), ("prod", "emea", "legacy")), past("2026-W46", (), ("prod", "emea"))]

    answer = report.digest(material(found, before))

    assert answer.headline == "Flosum apps: 1 of 3 orgs ready, 1 not read yet (+1 since last week)"
    assert [(line.name, line.state) for line in items(answer)] == [
        ("`emea`", State.MISSING),
        ("`legacy`", State.UNKNOWN),
    ]
    assert "for 2 weeks" in items(answer)[0].detail
    assert "for 1 week" in items(answer)[1].detail
    assert texts(answer) == ["Done since last week: `prod`."]
    assert answer.note == "Next: Monday 30 November, 09:00 Europe/Berlin"


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ([open_org("emea"), diagnosis("uat", Verdict.ACTION_NEEDED, "grant-profile")], State.MISSING),
        ([diagnosis("uat", Verdict.ACTION_NEEDED, "grant-profile"), unread("emea", "no")], State.NEEDS_STEP),
        ([unread("emea", "no"), diagnosis("prod")], State.UNKNOWN),
    ],
)
def test_its_sign_is_that_of_the_most_urgent_org(found: Sequence[Diagnosis], state: State) -> None:
    assert report.digest(material(found)).state is state
    assert report.digest(material(found, first=("uat",))).state is state


@pytest.mark.parametrize(
    ("names", "chosen", "again"),
    [
        ("prod uat", "all", "one of them needs a step or cannot be read, and when a new org is not ready."),
        ("prod", "all", "it needs a step or cannot be read, and when a new org is not ready."),
        ("prod uat", "prod, uat", "one of them needs a step or cannot be read."),
        ("prod", "prod", "it needs a step or cannot be read."),
    ],
)
def test_once_all_is_done_it_says_when_it_begins_again(names: str, chosen: str, again: str) -> None:
    which = selection.read(chosen, names.split())
    assert which is not None

    answer = report.digest(material([*map(diagnosis, names.split())], chosen=which))

    assert answer.lead == f"Nothing is left to do, so this digest pauses. It begins again when {again}"


def test_since_when_an_org_is_open_comes_from_who_knows_it_best() -> None:
    since = {"emea": MONDAY_9 - timedelta(days=36)}

    answer = report.digest(material([open_org("emea")], [past("2026-W47", (), ("emea",))], open_since=since))

    assert "for 5 weeks" in items(answer)[0].detail


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (timedelta(hours=1), "today"),
        (timedelta(days=1), "since yesterday"),
        (timedelta(days=3), "since Friday"),
        (timedelta(days=7), "since last week"),
        (timedelta(days=14), "since 9 November"),
    ],
)
def test_how_it_moved_is_told_since_the_digest_before(then: timedelta, words: str) -> None:
    found, before = [diagnosis("prod"), open_org("uat")], [PastDigest(MONDAY_9 - then, (), ("prod", "uat"))]

    answer = report.digest(material(found, before))

    assert answer.headline == f"Flosum apps: 1 of 2 orgs ready (+1 {words})"
    assert texts(answer) == [f"Done {words}: `prod`."]


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        ("2026-11-16", "2026-11-26", "since last week"),  # of a Monday, looked at on Thursday
        ("2026-11-20", "2026-11-28", "since last week"),
        ("2026-11-22", "2026-11-30", "since 22 November"),  # a Sunday: two weeks ago, as weeks are counted
        ("2026-11-09", "2026-11-26", "since 9 November"),  # every two weeks
        ("2026-11-25", "2026-11-26", "since yesterday"),  # every day
        ("2026-11-27", "2026-11-30", "since Friday"),
    ],
)
def test_an_earlier_digest_is_named_on_whatever_day_it_is_looked_at(then: str, now: str, words: str) -> None:
    at = [datetime.fromisoformat(f"{day}T09:00:00+00:00") for day in (then, now)]

    assert report.since_words(BERLIN, *at) == words


def test_orgs_that_are_gone_are_no_step_back() -> None:
    found, before = [diagnosis("prod"), open_org("uat")], [past("2026-W47", ("prod", "gone"), ("uat",))]

    assert report.digest(material(found, before)).headline == "Flosum apps: 1 of 2 orgs ready"


def test_an_org_that_was_ready_says_so() -> None:
    answer = report.digest(material([open_org("prod")], [past("2026-W47", ("prod",), ())]))

    assert answer.headline == "Flosum apps: 0 of 1 org ready (-1 since last week)"
    assert "no longer ready" in items(answer)[0].detail


def test_what_got_done_names_who_did_it_where_the_org_tells() -> None:
    events = [
        AppEvent(AppAction.INSTALLED, "Installed", "Ada Lindt", MONDAY_9 - timedelta(days=2)),
        AppEvent(AppAction.INSTALLED, "Installed", "Zed Old", MONDAY_9 - timedelta(days=20)),
    ]
    app = AppFacts(BACKUP_APP, AppState.INSTALLED, history=tuple(events))
    prod = diagnosis("prod", facts=OrgFacts(MONDAY_9, None, None, (app,)))
    found, before = [prod, diagnosis("qa"), open_org("uat")], [past("2026-W47", (), ("prod", "qa", "uat"))]

    assert texts(report.digest(material(found, before))) == ["Done since last week: `prod` by Ada Lindt, `qa`."]
    many = [replace(prod, org=replace(prod.org, name=f"team-{number}")) for number in range(30)]
    before = [past("2026-W47", (), tuple(f"team-{number}" for number in range(30)))]
    assert "Done since last week: 30 orgs by Ada Lindt." in texts(
        report.digest(material([*many, open_org("uat")], before))
    )


def test_what_could_not_be_read_says_why() -> None:
    found = [unread("legacy", "`legacy` did not answer within 15 s. Try again in a minute."), diagnosis("prod")]

    answer = report.digest(material(found))

    assert answer.headline == "Flosum apps: 1 of 2 orgs ready, 1 not read"
    assert items(answer)[0].detail == "not read now, was ready: did not answer within 15 s"


def test_why_is_told_of_those_that_do_not_fit_too() -> None:
    found = [open_org(f"team-{number}") for number in range(40)]
    found += [unread(f"old-{number}", f"`old-{number}` did not answer within 15 s.") for number in range(20)]

    answer = report.digest(material(found))

    assert texts(answer)[-1] == "Not read: 20 (did not answer within 15 s)"
    assert phone.height(message(answer)["blocks"]) <= report.LINES


@pytest.mark.parametrize(
    ("before", "why", "said"),
    [
        ("", "that channel was archived", "then: that channel was archived"),
        ("", "That channel was archived. Choose another one.", "then: that channel was archived"),
        ("", "I am not in that channel", "then: I am not in that channel"),
        ("That channel was archived", "I am not in that channel", "the last time: I am not in that channel"),
    ],
)
def test_digests_that_did_not_come_are_told_of_in_the_next(before: str, why: str, said: str) -> None:
    missed = [Missed(MONDAY_9 - timedelta(days=14), before), Missed(MONDAY_9 - timedelta(days=7), why)]

    answer = report.digest(material([open_org("uat")], missed=missed))

    assert texts(answer) == [f"The digests of 9 November and 16 November could not be posted; Slack said {said}."]


def test_a_digest_that_is_off_promises_no_next_one() -> None:
    assert report.digest(material([open_org("uat")], subscription=replace(BERLIN, enabled=False))).note == ""


def test_change_opens_the_form_of_this_very_digest() -> None:
    (change,) = [button for button in report.digest(material([open_org("uat")])).buttons if button.form == DIGEST_FORM]

    assert (change.label, change.command) == ("Change", "C1")


def test_orgs_that_are_set_aside_are_left_out_and_those_that_lead_come_first() -> None:
    found = [open_org("a"), open_org("b"), open_org("c"), diagnosis("prod")]

    answer = report.digest(material(found, set_aside={"a"}, first={"c"}))

    assert [item.name for item in items(answer)] == ["`c`", "`b`"]
    assert texts(answer) == ["1 snoozed: `a`."]
    assert answer.headline == "Flosum apps: 1 of 3 orgs ready"


def test_an_owner_who_was_mentioned_lately_is_not() -> None:
    found = [open_org("a", owner="U1"), open_org("b", owner="U2")]

    shown = items(report.digest(material(found, owners={"U1": "Ada"})))

    assert ["{user:" in item.detail for item in shown] == [False, True]


def test_it_says_which_orgs_it_is_about() -> None:
    chosen = selection.read("production")
    assert chosen

    answer = report.digest(material([open_org("uat"), diagnosis("prod")], chosen=chosen))

    assert answer.headline == "Flosum apps: 1 of 2 production orgs ready"


# --- how much ------------------------------------------------------------------------------------------


def test_a_digest_of_hundreds_stays_readable() -> None:
    answer = report.digest(material([open_org(f"org{number}") for number in range(300)]))

    assert phone.height(message(answer)["blocks"]) <= report.LINES
    assert len(items(answer)) == 15
    assert "And 285 more: `/flosum status all`" in texts(answer)


def test_without_room_for_buttons_the_next_step_is_the_link() -> None:
    (first, *_) = items(report.digest(material([open_org(f"org-{number}") for number in range(6)])))

    assert first.detail == "[not read yet](https://org-0.my.salesforce.com/x)"
    assert first.buttons == ()


@pytest.mark.parametrize("number", [1, 3, 5, 6, 12, 20, 60])
def test_however_many_there_are_it_fits_a_phone(number: int) -> None:
    found = [open_org(f"acme-emea-{n}", owner="U1" if n % 3 else None) for n in range(number // 2)]
    found += [unread(f"acme-apac-{n}", f"`acme-apac-{n}` did not answer within 15 s.") for n in range(number // 4)]
    found += [diagnosis(f"acme-amer-{n}") for n in range(number - len(found))]
    weeks = [past(f"2026-W{47 - back}", (), tuple(each.org.name for each in found)) for back in range(5)]
    missed = [Missed(MONDAY_9 - timedelta(days=7), "I was not in that channel")]

    shown = message(report.digest(material(found, weeks, missed=missed)))

    assert phone.height(shown["blocks"]) <= report.LINES
    assert_valid_message(shown, mentions=("U1",))


def test_owners_whose_orgs_are_not_shown_are_named_all_the_same() -> None:
    found = [open_org(f"org{number}", owner="U1" if number < 20 else "U2") for number in range(30)]

    assert "more, of {user:U2}:" in texts(report.digest(material(found)))[-1]


# --- the chart -----------------------------------------------------------------------------------------


def test_how_it_moved_over_weeks_is_drawn_where_there_is_room() -> None:
    weeks = [past(f"2026-W{number}", tuple("abcdef"[: number - 43]), ("uat",)) for number in (47, 46, 45, 44)]
    found = [diagnosis(name) for name in "abcde"] + [open_org("uat")]

    answer = report.digest(material(found, weeks))

    (chart,) = [part for part in answer.parts if isinstance(part, Chart)]
    assert chart.points == (("26 Oct", 1), ("2 Nov", 2), ("9 Nov", 3), ("16 Nov", 4), ("23 Nov", 5))
    shown = message(answer)
    assert_valid_message(shown)
    assert phone.height(shown["blocks"]) <= report.LINES
    block = next(block for block in shown["blocks"] if block["type"] == "data_visualization")
    assert [point["value"] for point in block["chart"]["series"][0]["data"]] == [1, 2, 3, 4, 5]
    assert "5 of 6 orgs ready (+1 since last week)" in shown["text"]


def test_nothing_is_drawn_that_did_not_move_or_does_not_fit() -> None:
    weeks = [past(f"2026-W{number}", ("a",), ("uat",)) for number in (47, 46, 45, 44)]
    moved = [past(f"2026-W{number}", tuple("abcdef"[: number - 43]), ("uat",)) for number in (47, 46, 45, 44)]
    many = [open_org(f"org{number}") for number in range(60)]

    for found, before in (([diagnosis("a"), open_org("uat")], weeks), (many, moved), (many[:2], moved[:2])):
        assert not [part for part in report.digest(material(found, before)).parts if isinstance(part, Chart)]


# --- nothing to report ---------------------------------------------------------------------------------


def test_all_done_is_said_once_with_how_it_begins_again() -> None:
    done = [diagnosis("prod"), diagnosis("uat")]
    silent = replace(BERLIN, when_nothing=WhenNothing.SILENCE)

    for subscription in (BERLIN, silent):
        answer = report.made(material(done, [past("2026-W47", ("prod",), ("uat",))], subscription=subscription))
        assert answer is not None
        assert answer.headline == "Flosum apps: all 2 orgs ready"
        assert "this digest pauses. It begins again when" in answer.lead
        assert texts(answer) == ["Done since last week: `uat`."]
        assert "Next:" not in answer.note
        assert report.made(material(done, [past("2026-W47", ("prod", "uat"), ())], subscription=subscription)) is None


def test_it_begins_again_when_one_needs_something_or_cannot_be_read() -> None:
    said = [past("2026-W47", ("prod",), ())]

    assert report.made(material([diagnosis("prod")], said)) is None
    assert report.made(material([diagnosis("prod"), open_org("new")], said)) is not None
    assert report.made(material([unread("prod", "`prod` did not answer.")], said)) is not None


def test_the_first_one_says_that_all_is_done() -> None:
    assert report.made(material([diagnosis("prod")])) is not None


@pytest.mark.parametrize(("when_nothing", "says"), [(WhenNothing.LINE, True), (WhenNothing.SILENCE, False)])
def test_with_nothing_to_report_it_says_a_line_or_nothing(when_nothing: WhenNothing, says: bool) -> None:
    subscription = replace(BERLIN, when_nothing=when_nothing)
    aside = material([open_org("a"), diagnosis("prod")], subscription=subscription, set_aside={"a"})

    answer = report.made(aside)

    assert (answer is not None) == says
    if answer:
        assert answer.headline == "Flosum apps: nothing to do, 1 org ready"
        assert answer.lead == "1 snoozed: `a`."
        assert phone.height(message(answer)["blocks"]) <= 5
    assert (report.made(material([], subscription=subscription)) is not None) == says
    assert report.made(material([], [PastDigest(MONDAY_9, (), ())], subscription=subscription)) is None


def test_a_missed_one_is_told_of_even_with_nothing_to_report() -> None:
    done = material([diagnosis("prod")], [past("2026-W46", ("prod",), ())], missed=[Missed(MONDAY_9)])

    answer = report.made(done)

    assert answer is not None
    assert "could not be posted" in texts(answer)[0]


def test_an_every_day_digest_looks_again_every_day() -> None:
    answer = report.digest(material([diagnosis("prod")], subscription=replace(BERLIN, rhythm=Rhythm.WEEKDAYS)))

    assert answer.note == "I look again Monday to Friday at 09:00 Europe/Berlin"


def test_what_is_kept_counts_only_what_was_read() -> None:
    kept = report.record(MONDAY_9, [diagnosis("prod"), open_org("uat"), unread("old", "`old` did not answer.")])

    assert kept == PastDigest(MONDAY_9, ("prod",), ("uat", "old"))


def test_of_an_org_that_was_not_read_it_is_not_said_that_it_stopped_being_ready() -> None:
    before = [past("2026-W47", ("prod", "uat"), ())]
    lost = unread("prod", "`prod` is not available now.")

    assert report.digest(material([lost, open_org("uat")], before)).headline.endswith("1 not read (-1 since last week)")
    assert report.digest(material([lost], before)).headline.endswith("1 not read")

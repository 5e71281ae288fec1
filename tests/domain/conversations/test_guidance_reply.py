"""The guidance in words: what is led to, and which buttons stand below it. And the small words of a talk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.answers import Buttons, Steps, Text
from bot.domain.command import parse
from bot.domain.conversations import replies
from bot.domain.conversations.entry_reply import About, beside, finding, nothing_known
from bot.domain.conversations.guidance_reply import guidance, help_text, not_recognised
from bot.domain.model import Login, Org
from bot.domain.recognition.entries import Entry, Kind, Recognition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ERROR = Entry(
    "not-installed", Kind.ERROR, "install", "Not installed", "It is missing.", ("Install.",), "An admin", "The article"
)
PAGED = replace(ERROR, page="usage")
GUIDE = replace(ERROR, id="install", kind=Kind.GUIDE, title="Install the app", cause="Twice.")
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)
UAT = replace(PROD, name="uat")


@pytest.mark.parametrize(
    ("entry", "org", "orgs", "labels"),
    [
        (PAGED, None, [], []),
        (PAGED, None, [PROD], ["Check prod now"]),
        (PAGED, None, [PROD, UAT], ["Choose an org to check"]),
        (PAGED, UAT, [PROD, UAT], ["Check uat now"]),
        (PAGED, UAT, [UAT], ["Check uat now"]),
        (ERROR, UAT, [PROD, UAT], ["Check uat now"]),
    ],
)
def test_the_org_that_is_meant_can_be_checked_and_its_page_opened(
    entry: Entry, org: Org | None, orgs: list[Org], labels: list[str]
) -> None:
    answer = guidance(Recognition(entry), entry, About(org, orgs))

    assert [button.label for part in answer.parts if isinstance(part, Buttons) for button in part.buttons] == labels
    assert [button.label for button in answer.buttons] == ["Not what happened"]  # all of the entry is told


def test_an_error_begins_with_its_cause_and_who_can_help() -> None:
    answer = guidance(Recognition(ERROR), ERROR, About())

    assert (answer.headline, answer.lead) == ("It is missing.", "Who can: An admin")
    assert guidance(Recognition(ERROR), replace(ERROR, who=""), About()).lead == ""


STEPS = tuple(f"Step {number} has words enough for a line and a bit" for number in range(1, 5))


@pytest.mark.parametrize(
    ("tips", "told", "more"),
    [
        (("Short.",), 1, False),
        (("Short.", "x " * 200), 1, True),
        (("x " * 200, "Short."), 0, True),
        ((), 0, False),
    ],
)
def test_a_section_has_all_steps_and_as_many_tips_as_fit(tips: tuple[str, ...], told: int, more: bool) -> None:
    entry = replace(GUIDE, steps=STEPS, tips=tips)

    answer = guidance(Recognition(entry), entry, About())

    assert answer.parts == (Steps(STEPS), *map(Text, tips[:told]))
    assert [button.command for button in answer.buttons] == (["entry install"] if more else [])


def test_a_long_reason_is_told_by_its_first_sentence() -> None:
    entry = replace(GUIDE, steps=STEPS, cause=f"It must be. {'Because of all that. ' * 20}")

    answer = guidance(Recognition(entry), entry, About(PROD))

    assert answer.lead.startswith("It must be. Because")
    assert len(answer.lead) < 300
    assert answer.buttons[-1].command == "entry install prod"


def test_a_section_of_the_guide_begins_with_its_title() -> None:
    answer = guidance(Recognition(GUIDE, code="INVALID"), GUIDE, About())

    assert (answer.headline, answer.lead, answer.note) == ("Install the app", "Twice.", "The article")


def test_a_second_error_in_the_text_is_named() -> None:
    answer = guidance(Recognition(ERROR, others=(GUIDE, PAGED)), ERROR, About())

    assert answer.parts[0] == Text("Also in the text: Install the app; Not installed")


@pytest.mark.parametrize(
    ("found", "note"),
    [
        (Recognition(ERROR), "The article"),
        (Recognition(ERROR, evidence=("a", "b", "c", "d")), "From the text: `a`, `b` · The article"),
        (Recognition(ERROR, code="A_B", evidence=("a b", "c")), "From the text: `A_B`, `c` · The article"),
    ],
)
def test_how_we_know_names_two_signs_at_most_and_none_in_two_spellings(found: Recognition, note: str) -> None:
    assert guidance(found, ERROR, About()).note == note


@pytest.mark.parametrize(
    ("typed", "headline"),
    [
        ("statsu prod", "There is no command `statsu`"),
        ("snoze prod", "There is no command `snoze`"),
        ("grnt prod", "There is no command `grnt`"),
        ("hello there old friend of mine", "Hello"),
        ("hallo zusammen", "Hello"),
        ("你好", "Hello"),
        ("hello, can somebody who was here yesterday bring the blue folder", "I have no guidance for that"),
        ("how do I connect prod?", "What `connect` takes"),
        ("prdo", "Did you mean `prod`?"),
        ("is prd ready?", "Did you mean `prod`?"),
        ("what about “prodd”?", "Did you mean `prod`?"),
        ("is the weather ready?", "I have no guidance for that"),
        ("“lunch”?", "I have no guidance for `lunch`, and no org is called so"),
    ],
)
def test_a_mistyped_verb_is_told(typed: str, headline: str) -> None:
    assert not_recognised(parse(typed), [], [PROD]).headline == headline


def test_a_guess_says_so_unless_all_it_says_is_that_no_cause_is_told() -> None:
    guess, vague = Recognition(ERROR, is_guess=True, others=(GUIDE,)), replace(ERROR, hides_cause=True)

    assert (finding(guess, ERROR), len(beside(guess))) == (f"Likely: {ERROR.title}", 1)
    assert (finding(replace(guess, entry=vague), vague), beside(replace(guess, entry=vague))) == (ERROR.cause, [])


def test_nothing_known_leads_to_the_nearest() -> None:
    near = nothing_known([GUIDE, ERROR])

    assert near.lead == "The nearest in the guide: Install the app · Not installed"
    assert [button.command for button in near.buttons] == ["guide install", "guide install", "help"]


def test_what_nothing_is_near_to_leads_to_the_guide_itself() -> None:
    answer = nothing_known([])

    assert answer.lead == ""
    assert [button.command for button in answer.buttons] == ["guide", "help"]


def test_a_greeting_that_says_more_is_no_greeting_alone() -> None:
    said = parse("hello, the org says something odd")

    assert not_recognised(said, [GUIDE], [PROD]).headline == "I have no guidance for that"


def test_help_is_shown_with_an_org_of_ones_own() -> None:
    assert "status uat" in str(help_text([UAT, PROD]).parts)
    assert "status prod" in str(help_text([]).parts)


# --- in a talk -----------------------------------------------------------------------------------------


def test_going_on_begins_with_the_first_step_if_there_is_one() -> None:
    assert replies.going_on(ERROR, [About(PROD)]).lead == "First: Install."
    assert replies.going_on(replace(ERROR, steps=()), [About(PROD)]).lead == ""


def test_an_address_without_a_cause_leads_to_the_record_of_the_org_that_is_meant() -> None:
    assert [button.label for button in replies.no_further(PROD).buttons] == ["Check prod now", "Open Login History"]
    assert replies.no_further(None).buttons == ()


@pytest.mark.parametrize(
    ("org", "said"),
    [
        ("all", "is reading all orgs in Salesforce"),
        ("prod", "is reading prod in Salesforce"),
        ("prod or uat", "is reading some orgs in Salesforce"),
        ("prod, uat", "is reading some orgs in Salesforce"),
        ("", "is reading Salesforce"),
        ("`uat`", "is reading uat in Salesforce"),
        ("“uat”!", "is reading uat in Salesforce"),
        ("uat cc <@U1>", "is reading Salesforce"),
        ("<https://uat.example.com>", "is reading Salesforce"),
        ("uat\n  status prod", "is reading Salesforce"),
    ],
)
def test_the_status_line_says_what_is_read(org: str, said: str) -> None:
    assert replies.working_on(org) == said

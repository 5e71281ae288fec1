"""The one button to press: an answer that has things to press says which is the one, and never says it of two."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import pytest

from bot.domain.answers import Answer, Button, Buttons, Item, Items
from bot.domain.command import Command
from bot.domain.conversations import guidance_reply, replies
from bot.domain.conversations.entry_reply import About
from bot.domain.model import AnswerKind, Diagnosis, Login, NextStep, Org, PostedAnswer, Verdict
from bot.domain.orgs import connection, status_report
from bot.domain.orgs.logins import WAYS
from bot.domain.recognition.entries import Entry, Kind, Recognition

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)
OVER = replace(PROD, reconnect=True)
OVER_TOO = replace(OVER, name="uat", host="acme--uat.sandbox.my.salesforce.com")
ENTRY = Entry(
    "not-installed",
    Kind.ERROR,
    "install",
    "Not installed",
    "Why.",
    ("Install.",),
    "An admin",
    "The guide",
    page="usage",
)
EARLIER = PostedAnswer("T1", "C1", "1.0", "1.0", "1.1", ENTRY.id, NOW, AnswerKind.FULL)
STEP = NextStep("install", None, "Install it.", "https://acme.my.salesforce.com/setup")


def found(org: Org = PROD, trouble: str | None = None, *steps: NextStep) -> Diagnosis:
    return Diagnosis(org, Verdict.ACTION_NEEDED, "It needs a step", "a step", steps, None, trouble)


def buttons(answer: Answer) -> list[Button]:
    items = [item for part in answer.parts if isinstance(part, Items) for item in part.items]
    rows: list[Item | Buttons] = [*items, *(part for part in answer.parts if isinstance(part, Buttons))]
    return [*answer.buttons, *(button for row in rows for button in row.buttons)]


@pytest.mark.parametrize(
    ("answer", "label"),
    [
        (status_report.status(found(), NOW), None),
        (status_report.status(found(PROD, None, STEP), NOW), "Open Setup"),
        (status_report.status(found(PROD, None, replace(STEP, link=None)), NOW), None),
        (status_report.status(found(PROD, "It is away.", STEP), NOW), "Try again"),
        (status_report.status(found(OVER, "It is over.", STEP), NOW), "Reconnect prod"),
        (status_report.overview([found(), found(OVER), found(OVER_TOO)], NOW, live=False), "Check all now"),
        (status_report.overview([found(), found(OVER), found(OVER_TOO)], NOW, live=True), None),
        (connection.refused("prod", "It was refused.", None), "Try again"),
        (connection.refused("prod", "It was refused.", Answer("A cause")), "Try again"),
        (connection.must_reconnect(PROD, "It is over."), "Reconnect"),
        (connection.ask_disconnect(PROD), None),
        (guidance_reply.guidance(Recognition(ENTRY), ENTRY, About(PROD, [PROD])), "Check prod now"),
        (guidance_reply.guidance(Recognition(ENTRY), ENTRY, About(None, [PROD, OVER_TOO])), None),
        (guidance_reply.mistyped("statsu prod", "status prod"), "/flosum status prod"),
        (guidance_reply.not_recognised(Command("ask", "x"), [ENTRY, ENTRY], []), None),
        (replies.pointer(ENTRY, EARLIER, PROD, NOW), "Check prod now"),
        (replies.pointer(ENTRY, None, None, NOW), None),
        (replies.going_on(ENTRY, [About(PROD)]), "Check prod now"),
        (replies.going_on(ENTRY, [About(PROD), About(OVER_TOO)]), "Check these now"),
        (replies.no_further(PROD), "Check prod now"),
        (replies.no_further(None), None),
    ],
)
def test_an_answer_has_its_one_primary_button(answer: Answer, label: str | None) -> None:
    assert [button.label for button in buttons(answer) if button.primary] == ([label] if label else [])


@pytest.mark.parametrize("set_up", [set_up for count in range(4) for set_up in combinations(WAYS, count)])
def test_of_the_ways_to_connect_the_first_is_primary(set_up: tuple[Login, ...]) -> None:
    answer = connection.ways("prod", None, dict.fromkeys(set_up, "https://bot.example/link"))

    assert [button.primary for button in answer.buttons] == [True, False, False][: len(answer.buttons)]

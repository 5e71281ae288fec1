"""What Slack does not take in its form is said as plain text, once, and the operator hears of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.views.unformatted import unformatted
from bot.adapters.slack.web_api import SlackOutbox, client
from bot.domain.answers import Answer, Button, Chart, Item, Items, State, Text
from bot.domain.errors import SlackRefused
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.workspace import Workspace
from tests.running_bot import RunningBot

TOLD = Answer(
    "`prod` needs a step",
    "Install the app.",
    State.NEEDS_STEP,
    parts=(
        Text("One of **two**."),
        Items((Item("`uat`", "nobody granted", buttons=(Button("Open", url="https://a.example/?b=1&c=2"),)),)),
    ),
    buttons=(Button("Check again", command="status prod"),),
    note="Read just now.",
)
CHART = Chart("Ready", (("May 1", 1), ("May 8", 2)))


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as workspace:
        yield workspace


def refusing(code: str) -> WebApiFault:
    return WebApiFault(FaultKind.REFUSE, error=code)


def test_all_that_is_said_and_every_link_is_there_without_the_form() -> None:
    plain = unformatted(message(TOLD))

    assert plain is not None
    assert plain["text"].splitlines() == [
        "⚠️ `prod` *needs a step*",
        "Install the app.",
        "One of *two*.",
        "`uat` · nobody granted",
        "<https://a.example/?b=1&amp;c=2|Open>",
        "Read just now.",
    ]


def test_a_long_one_fits() -> None:
    plain = unformatted(message(Answer("Much", parts=tuple(Text("word " * 500) for _ in range(9)))))

    assert plain is not None
    assert len(plain["text"]) <= 4000


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long", "invalid_attachments"])
def test_it_is_posted_once_without_its_form(workspace: Workspace, code: str) -> None:
    workspace.fail("chat.postMessage", refusing(code))

    SlackOutbox(lambda _: client(workspace.bot_token, workspace.api_url)).post("T0DEMO", "C0SALESFORCE", TOLD, "key")

    (posted,) = [shown.message for shown in workspace.log if shown.message]
    assert not posted.blocks
    assert "needs a step" in posted.text


def test_what_is_refused_without_its_form_too_is_not_tried_again(workspace: Workspace) -> None:
    workspace.fail("chat.postMessage", refusing("invalid_blocks"), times=2)

    with pytest.raises(SlackRefused):
        SlackOutbox(lambda _: client(workspace.bot_token, workspace.api_url)).post(
            "T0DEMO", "C0SALESFORCE", TOLD, "key"
        )

    assert [call.method for call in workspace.calls] == ["chat.postMessage"] * 2


def test_a_chart_that_a_workspace_has_not_got_costs_the_chart_alone(workspace: Workspace) -> None:
    workspace.fail("chat.postMessage", refusing("invalid_blocks"))

    SlackOutbox(lambda _: client(workspace.bot_token, workspace.api_url)).post(
        "T0DEMO", "C0SALESFORCE", Answer("Ready", parts=(CHART, Text("2 of 2"))), "key"
    )

    (posted,) = [shown.message for shown in workspace.log if shown.message]
    assert [block["type"] for block in posted.blocks] == ["section", "section"]


def test_a_paste_is_answered_and_the_operator_told(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("chat.postMessage", refusing("invalid_blocks"))

    (answer,) = running_bot.say("error=invalid_grant&error_description=ip restricted")

    assert "IP" in answer.text
    assert not answer.blocks
    assert "Slack refused the form of a message" in running_bot.log.getvalue()


def test_an_answer_to_a_command_comes_by_the_web_api(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("response_url", refusing("invalid_blocks"))
    running_bot.workspace.fail("chat.postEphemeral", refusing("invalid_blocks"))

    answer = running_bot.ask("help")

    assert not answer.blocks
    assert "*About me*: `help`" in answer.text

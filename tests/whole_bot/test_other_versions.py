"""What this version does not know, because another one showed it or asked for it, is taken, and said to be that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.slack.records import Json, SlackMessage, View
from tests.running_bot import RunningBot

UNKNOWN = ("pin:0", "form-transfer:2", "say", "check-all-of-them", "form-snooze2")


def with_action(blocks: list[Json], action: str) -> list[Json]:
    """The same blocks, their buttons called ``action`` as another version would."""
    renamed = []
    for block in blocks:
        elements = [element | {"action_id": action} for element in block.get("elements", ())]
        renamed.append(block | {"elements": elements} if block["type"] == "actions" else block)
    return renamed


def older(message: SlackMessage, action: str) -> SlackMessage:
    return replace(message, blocks=tuple(with_action(list(message.blocks), action)))


def told(running_bot: RunningBot) -> str:
    return str(running_bot.shown()[-1].text)


@pytest.mark.parametrize("public", [False, True])
def test_a_button_of_another_version_says_so_to_who_presses(running_bot: RunningBot, public: bool) -> None:
    if public:
        running_bot.say("@flosum status uat")
    else:
        running_bot.ask("status uat")
    message = running_bot.shown()[-1]
    for action in UNKNOWN:
        before = len(running_bot.shown())

        receipt = running_bot.ben.press(older(message, action), action)

        (answer,) = running_bot.shown()[before:]
        assert receipt.acked
        assert answer.audience == running_bot.ben.member.id
        assert answer.text.startswith("That button is of another version of mine\nNothing was done.")


def test_on_home_the_tab_is_shown_as_it_is_now(running_bot: RunningBot) -> None:
    running_bot.ada.open_home()
    assert running_bot.workspace.settle()
    home = running_bot.workspace.state.homes[running_bot.ada.member.id]
    past = replace(home, body=home.body | {"blocks": with_action(home.body["blocks"], "chart:1")})

    assert running_bot.ada.press_view(past, "chart:1").acked

    assert running_bot.workspace.settle()
    now = running_bot.workspace.state.homes[running_bot.ada.member.id]
    assert "That button is of another version of mine" in str(now.body)
    assert "Check all now" in str(now.body)


def test_a_form_of_another_version_says_so_in_its_window(running_bot: RunningBot) -> None:
    body: Json = {"type": "modal", "callback_id": "transfer", "private_metadata": "", "blocks": []}

    receipt = running_bot.ada.submit(View("V0PAST", running_bot.ada.member.id, body), {})

    assert receipt.answer["response_action"] == "update"
    assert "That form is of another version of mine" in str(receipt.answer["view"])


def test_an_event_that_another_versions_manifest_asked_for_is_no_failure(running_bot: RunningBot) -> None:
    for event in ("channel_rename", "reaction_added", "assistant_thread_started"):
        receipt = running_bot.ada.deliver({"type": event, "user": "U0YOU", "channel": "C0SALESFORCE"})

        assert receipt.status == 200
    assert running_bot.shown() == []

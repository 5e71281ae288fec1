"""Slack lets nothing be said where somebody asked: they alone are told what there is to tell, in their own words."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import Happening, SlackMessage
from tests.running_bot import RunningBot
from tests.whole_bot.test_commands import NOT_INSTALLED
from tests.whole_bot.test_conversations import answers, edited, said

CLOSED_CHANNELS = (
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "ekm_access_denied",
    "a_code_of_tomorrow",
)


def refuse(running_bot: RunningBot, method: str, code: str) -> None:
    """Let the next call of a method be refused for good."""
    running_bot.workspace.fail(method, WebApiFault(FaultKind.REFUSE, error=code))


def asked(running_bot: RunningBot, text: str, channel: str = "#salesforce") -> list[SlackMessage]:
    """What the bot says to a message in a channel."""
    before = len(running_bot.shown())
    assert running_bot.ada.mention(text, channel).acked
    return list(running_bot.shown()[before:])


ASKED = (
    *((code, "help", "I help Salesforce orgs") for code in CLOSED_CHANNELS),
    ("is_archived", "tag uat wave-2", "uat is tagged wave-2 now"),
    ("is_archived", NOT_INSTALLED, "Salesforce refuses new logins"),
    ("is_archived", "tag nowhere wave-2", "I know no org called nowhere"),
)


def test_who_asked_where_nothing_can_be_posted_is_told_alone(running_bot: RunningBot) -> None:
    for code, text, told in ASKED:
        refuse(running_bot, "chat.postMessage", code)

        (answer,) = asked(running_bot, text)

        assert answer.audience == running_bot.ada.member.id
        assert told in answer.text
        assert "Slack did not let me answer in <#C0SALESFORCE>" in str(answer.blocks[-1])
        assert code not in str(answer)


def test_in_direct_messages_where_not_even_that_can_be_said_in_the_channel(running_bot: RunningBot) -> None:
    refuse(running_bot, "chat.postMessage", "is_archived")
    refuse(running_bot, "chat.postEphemeral", "is_archived")

    (answer,) = asked(running_bot, "tag uat wave-2")

    assert (answer.channel, answer.audience) == ("D0ADA", None)
    assert "uat is tagged wave-2 now" in answer.text


def test_what_nobody_asked_is_told_nobody(running_bot: RunningBot) -> None:
    refuse(running_bot, "chat.postMessage", "restricted_action")

    assert running_bot.say(NOT_INSTALLED) == []


def test_an_answer_that_one_alone_was_told_is_pointed_to_by_none(running_bot: RunningBot) -> None:
    refuse(running_bot, "chat.postMessage", "restricted_action")
    asked(running_bot, NOT_INSTALLED)

    (answer,) = running_bot.say(NOT_INSTALLED)

    assert "Salesforce refuses new logins" in answer.text


@pytest.mark.parametrize("code", ["message_not_found", "edit_window_closed", "cant_update_message"])
def test_an_answer_that_cannot_be_changed_is_said_anew_to_who_asked(running_bot: RunningBot, code: str) -> None:
    question = said(running_bot, "@flosum status uta")
    refuse(running_bot, "chat.update", code)

    (first,) = edited(running_bot, question, "@flosum status uat")
    (second,) = edited(running_bot, question, "@flosum status qa")

    assert first.happening is Happening.POSTED
    assert first.message is not None
    assert second.message is not None
    assert second.happening is Happening.UPDATED
    assert first.message.ts == second.message.ts  # from then on that one is its answer
    assert "qa" in answers(running_bot, question)[-1].text


def test_a_code_of_slacks_is_for_the_log_alone(running_bot: RunningBot) -> None:
    for code in ("a_code_of_tomorrow", "ekm_access_denied"):
        refuse(running_bot, "usergroups.users.list", code)

        answer = running_bot.ask("settings trust <!subteam^S0CRM>")

        assert "Slack refused that." in answer.text
        assert code not in str(answer)
        assert code in running_bot.log.getvalue()


def test_who_deleted_the_question_is_told_nothing(running_bot: RunningBot) -> None:
    for code in ("cannot_reply_to_message", "thread_not_found", "message_not_found"):
        running_bot.workspace.fail("chat.postMessage", WebApiFault(FaultKind.REFUSE, error=code), times=2)

        assert asked(running_bot, "help") == []

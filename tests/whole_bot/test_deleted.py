"""A message that is deleted takes its answer along, and nothing points to what is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import SlackMessage
from bot.sandbox.slack.user import Receipt
from tests.running_bot import RunningBot
from tests.whole_bot.test_commands import NOT_INSTALLED, SESSION_ID, labels
from tests.whole_bot.test_conversations import EXPIRED, answers, edited, said


def deleted(running_bot: RunningBot, message: SlackMessage) -> Receipt:
    """Delete a message as it stands now."""
    receipt = running_bot.ada.delete(running_bot.workspace.state.messages[message.channel, message.ts])
    assert receipt.acked
    running_bot.shown()
    return receipt


def standing(running_bot: RunningBot, channel: str = "C0SALESFORCE") -> list[SlackMessage]:
    """What the bot says there now, in threads too."""
    every = running_bot.workspace.state.messages.values()
    return [each for each in every if each.by_bot and each.audience is None and each.channel == channel]


@pytest.mark.parametrize("channel", ["#salesforce", "dm"])
@pytest.mark.parametrize(
    "text", [NOT_INSTALLED, f"{NOT_INSTALLED} sid={SESSION_ID}", "@flosum status prod", "@flosum hm"]
)
def test_a_deleted_message_takes_its_answer_along(running_bot: RunningBot, text: str, channel: str) -> None:
    question = said(running_bot, text.removeprefix("@flosum ") if channel == "dm" else text, channel)
    assert len(standing(running_bot, question.channel)) == 1

    deleted(running_bot, question)

    assert standing(running_bot, question.channel) == []


def test_what_other_people_said_in_its_thread_stays(running_bot: RunningBot) -> None:
    question = said(running_bot, NOT_INSTALLED)
    thanks = running_bot.ben.say("same here since today", thread_ts=question.ts).message
    other = running_bot.ben.say(EXPIRED, thread_ts=question.ts).message
    running_bot.shown()

    deleted(running_bot, question)

    assert thanks is not None
    assert other is not None
    left = running_bot.workspace.state.conversation("C0SALESFORCE", thread=question.ts)
    assert {thanks.ts, other.ts} < {each.ts for each in left}
    (answer,) = [each for each in left if each.by_bot]
    assert answer.text.startswith("The access token is no longer valid")


def test_a_reply_that_is_deleted_takes_its_own_answer_alone(running_bot: RunningBot) -> None:
    question = said(running_bot, NOT_INSTALLED)
    reply = said(running_bot, EXPIRED, thread=question.ts)
    assert len(answers(running_bot, question)) == 2

    deleted(running_bot, reply)

    (left,) = answers(running_bot, question)
    assert "not installed" in left.text


def test_the_first_that_pointed_to_a_deleted_answer_has_the_steps_now(running_bot: RunningBot) -> None:
    first, second, third = (said(running_bot, f"{NOT_INSTALLED} {number}") for number in range(3))
    gone = answers(running_bot, first)[0].ts

    deleted(running_bot, first)

    assert answers(running_bot, first) == []
    (steps,) = answers(running_bot, second)
    assert "Update Token" in steps.text
    (pointer,) = answers(running_bot, third)
    assert steps.ts.replace(".", "") in str(pointer.blocks)
    assert gone.replace(".", "") not in str([each.blocks for each in standing(running_bot)])
    (next_one,) = running_bot.say(NOT_INSTALLED)
    assert steps.ts.replace(".", "") in str(next_one.blocks)


def test_without_any_answer_left_the_same_error_is_explained_again(running_bot: RunningBot) -> None:
    deleted(running_bot, said(running_bot, NOT_INSTALLED))

    (answer,) = running_bot.say(NOT_INSTALLED)

    assert "Update Token" in answer.text


def test_what_went_on_from_a_deleted_answer_stands_for_itself(running_bot: RunningBot) -> None:
    question = said(running_bot, NOT_INSTALLED)
    said(running_bot, "prod", thread=question.ts)

    deleted(running_bot, question)

    (answer,) = answers(running_bot, question)
    assert "Update Token" in answer.text
    assert "answer above" not in answer.text
    assert labels(answer)[0] == "Check prod now"


def test_an_answer_of_the_bots_that_somebody_deleted_is_pointed_to_no_more(running_bot: RunningBot) -> None:
    first, second = said(running_bot, NOT_INSTALLED), said(running_bot, NOT_INSTALLED)

    deleted(running_bot, answers(running_bot, first)[0])

    (steps,) = answers(running_bot, second)
    assert "Update Token" in steps.text


def test_an_edited_message_takes_its_answer_along_too(running_bot: RunningBot) -> None:
    question = said(running_bot, NOT_INSTALLED)
    edited(running_bot, question, "who is around?")

    deleted(running_bot, question)

    assert standing(running_bot) == []


def test_a_message_that_comes_after_its_end_is_not_answered(running_bot: RunningBot) -> None:
    question = running_bot.ada.say("hm")
    assert question.message is not None
    running_bot.ada.edit(question.message, NOT_INSTALLED)
    deleted(running_bot, question.message)
    before = len(running_bot.shown())

    running_bot.ada.redeliver(question)

    assert len(running_bot.shown()) == before
    assert standing(running_bot) == []


def test_chat_that_is_deleted_asks_nobody(running_bot: RunningBot) -> None:
    chat = said(running_bot, "who is around?")
    before = len(running_bot.workspace.calls)

    receipt = running_bot.ada.delete(chat)

    assert receipt.acked
    running_bot.shown()
    assert len(running_bot.workspace.calls) == before


@pytest.mark.parametrize(
    "fault", [WebApiFault(FaultKind.SERVER_ERROR), WebApiFault(FaultKind.REFUSE, error="token_revoked")], ids=str
)
def test_slack_out_of_order_the_answer_goes_all_the_same(running_bot: RunningBot, fault: WebApiFault) -> None:
    """Also where it does not take a token that the operator replaces."""
    question = said(running_bot, NOT_INSTALLED)
    running_bot.workspace.fail("chat.delete", fault)

    running_bot.ada.delete(question)

    assert running_bot.workspace.settle()
    assert standing(running_bot) == []


def test_an_answer_that_is_gone_already_is_forgotten(running_bot: RunningBot) -> None:
    first, second = said(running_bot, NOT_INSTALLED), said(running_bot, NOT_INSTALLED)
    running_bot.workspace.fail("chat.delete", WebApiFault(FaultKind.REFUSE, error="message_not_found"))

    deleted(running_bot, first)

    assert "Update Token" in answers(running_bot, second)[0].text


def test_an_answer_that_another_process_is_about_to_post_is_waited_for(running_bot: RunningBot) -> None:
    state, store = running_bot.workspace.state, running_bot.bot.store
    question = said(running_bot, "@flosum")
    (posted,) = standing(running_bot)
    kept = next(each for each in store.around_deleted("T0DEMO", question.channel, question.ts).answers)
    store.remember_answer(replace(kept, ts=""))

    running_bot.ada.delete(state.messages[question.channel, question.ts])
    assert posted in standing(running_bot)
    store.remember_answer(kept)

    assert running_bot.workspace.settle()
    assert standing(running_bot) == []
    assert store.around_deleted("T0DEMO", question.channel, question.ts).answers == ()

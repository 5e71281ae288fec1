"""Who is told what about a secret: its author, whoever asked alone, and whoever pointed at somebody's message."""

from __future__ import annotations

from bot.domain.answers import Answer, State, Steps, Text
from bot.domain.conversations.leak_reply import leak_in_message, leak_reply, with_warning
from bot.domain.secrets import Secret

SHARED = "Anyone here could use it. Delete the message, then make the secret worthless:"
ALONE = "I do not store or repeat it. Delete the message, then make the secret worthless:"
TYPED = "I do not store or repeat it. Make the secret worthless all the same:"
KINDS = [Secret.PASSWORD, Secret.SESSION_ID, Secret.PASSWORD]


def test_the_author_of_a_message_is_warned_of_everybody_who_reads_it() -> None:
    answer = leak_reply(KINDS)

    assert answer.headline == "Your message shows a Salesforce secret: password and session id"
    for kind in (Secret.OTHER_TOKEN, Secret.WEBHOOK, Secret.ONE_TIME_LINK):  # Slack's, GitHub's, anybody's
        assert leak_reply([kind]).headline == f"Your message shows a secret: {kind}"
    assert (answer.lead, answer.state) == (SHARED, State.NEEDS_STEP)
    (steps,) = answer.parts
    assert isinstance(steps, Steps)
    assert [step.split(":")[0] for step in steps.items] == [
        "Change the password, and reset the user's security token.",
        "End the session",
    ]


def test_what_nobody_else_reads_is_nothing_that_anyone_could_use() -> None:
    assert leak_reply(KINDS, shared=False).lead == ALONE


def test_several_kinds_are_listed_each_once() -> None:
    three = [*KINDS, Secret.CONSUMER_KEY]

    assert leak_reply(three).headline.endswith(": password, session id and consumer key")
    assert leak_reply(KINDS[:1]).headline.endswith(": password")


def test_a_command_leaves_no_message_that_could_be_deleted() -> None:
    answer = Answer("Not installed", parts=(Text("Why."),))

    assert with_warning(answer, []) is answer
    _, told, steps = with_warning(answer, KINDS).parts
    assert told == Text(f"⚠️ **Your text shows a Salesforce secret: password and session id.** {TYPED}")
    assert isinstance(steps, Steps)


def test_who_pointed_at_a_message_is_not_called_its_author() -> None:
    told, steps = leak_in_message(KINDS)

    assert isinstance(told, Text)
    assert told.text.startswith("⚠️ **That message shows a Salesforce secret: password and session id.** Anyone here")
    assert told.text.endswith("Tell its author to delete it, then to make the secret worthless:")
    assert isinstance(steps, Steps)

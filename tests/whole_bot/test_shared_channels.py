"""A channel that another company reads, too: no org is named there for all to see, even where a member asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import TEAM, Channel, ChannelKind, SlackMessage
from bot.service.shared_channels import SharedChannels
from bot.wiring.parts import utc_now
from tests.digests import weekly
from tests.people import EVE, arrive, share
from tests.running_bot import ADA, RunningBot
from tests.whole_bot.test_commands import NOT_INSTALLED
from tests.whole_bot.test_outsiders import EXPLAINED, ORG, REFUSED

HERE = "C0SALESFORCE"


@pytest.fixture
def shared(running_bot: RunningBot) -> RunningBot:
    """#salesforce is shared, Eve is in it, and somebody has said something there."""
    running_bot.bot.store.rename_org(TEAM, "prod", ORG)
    share(running_bot.workspace)
    arrive(running_bot.workspace, EVE)
    running_bot.ada.say("who is in for lunch?")
    assert running_bot.shown() == []
    return running_bot


def since(bot: RunningBot, doing: Callable[[], object]) -> list[SlackMessage]:
    before = len(bot.shown())
    doing()
    return list(bot.shown()[before:])


def digests_due(bot: RunningBot) -> list[SlackMessage]:
    """What comes of them, and of what whoever set them is told then."""
    ticks = bot.bot.uses.digests.tick
    return [*since(bot, ticks), *since(bot, ticks)]


def in_public(shown: list[SlackMessage]) -> str:
    """Everything that everybody in the channel can read of it."""
    return "".join(f"{each.text}{each.blocks}" for each in shown if each.audience is None)


def test_an_error_is_explained_without_the_org_that_it_names(shared: RunningBot) -> None:
    for text in (NOT_INSTALLED, f"me too, in {ORG}: {NOT_INSTALLED}"):
        (answer,) = since(shared, lambda text=text: shared.ada.say(text))  # type: ignore[misc]
        assert EXPLAINED in answer.text or "The same error" in answer.text
        assert ORG not in in_public([answer])
        assert "Choose an org" not in in_public([answer])
        assert "Name the org" not in in_public([answer])


def test_the_org_named_below_it_brings_its_links_to_who_named_it_alone(shared: RunningBot) -> None:
    question = shared.ada.say(NOT_INSTALLED).message
    assert question is not None

    (answer,) = since(shared, lambda: shared.ben.say(ORG, thread_ts=question.ts))

    assert (answer.audience, f"for {ORG}" in answer.text) == (shared.ben.member.id, True)


@pytest.mark.parametrize("text", ["status all", f"status {ORG}", "orgs", "status nope", "settings", "remind", "guide"])
def test_what_is_asked_by_mention_is_answered_to_the_asker_alone(shared: RunningBot, text: str) -> None:
    (answer,) = since(shared, lambda: shared.ada.mention(text))

    assert answer.audience == ADA


def test_a_private_answer_follows_an_edit_of_its_question(shared: RunningBot) -> None:
    question, told = shared.ada.mention(f"status {ORG}").message, []
    for text in ("status uat", "is nothing so?", NOT_INSTALLED, "orgs"):
        assert question is not None
        before = len(shared.shown())
        question = shared.ada.edit(question, f"@flosum {text}").message
        (answer,) = shared.shown()[before:]
        told.append((answer.audience, answer.text[:20]))

    assert told == [
        (ADA, "⚠️ uat needs a step:"),
        (ADA, "I have no guidance f"),
        (ADA, EXPLAINED[:20]),
        (ADA, "⚠️ 1 of 7 orgs ready"),
    ]


def test_an_edit_that_comes_twice_is_answered_once_and_nothing_is_changed_by_one(shared: RunningBot) -> None:
    question = shared.ada.mention("status uat").message
    assert question is not None
    edited = shared.ada.edit(question, "@flosum status prod")
    shared.shown()

    assert since(shared, lambda: shared.ada.redeliver(edited)) == []
    assert since(shared, lambda: shared.ada.edit(question, "@flosum tag uat emea")) == []
    assert "uat has no tags" in shared.ask("tag uat").text


def test_a_refusal_that_its_asker_alone_saw_is_followed_in_any_channel(running_bot: RunningBot) -> None:
    question = running_bot.ben.mention("settings trust me").message
    assert question is not None

    (answer,) = since(running_bot, lambda: running_bot.ben.edit(question, "@flosum status prod"))

    assert (answer.audience, answer.text.splitlines()[0]) == (running_bot.ben.member.id, "✅ prod is ready")


def test_nothing_is_shared_there(shared: RunningBot) -> None:
    status = shared.ask(f"status {ORG}")

    (answer,) = since(shared, lambda: shared.ada.press(status, "Share in channel"))

    assert (answer.audience, answer.text.splitlines()[0]) == (
        ADA,
        "This channel is shared with another company, so I post nothing about orgs here",
    )
    assert ORG in in_public(
        since(shared, lambda: shared.ada.press(replace(status, channel="C0RANDOM"), "Share in channel"))
    )


@pytest.mark.parametrize(
    "there",
    [
        Channel("G0WITHOUT", "without-the-bot", ChannelKind.PRIVATE, frozenset({ADA, "U0BEN"})),
        Channel("G0TALK", "mpdm-ada--ben--eve-1", ChannelKind.PRIVATE, frozenset({ADA, "U0BEN", EVE.id})),
        Channel("D0TALK", "", ChannelKind.DIRECT, frozenset({ADA, EVE.id})),
    ],
    ids=lambda there: there.id,
)
def test_nothing_is_shared_where_slack_does_not_say_who_reads(running_bot: RunningBot, there: Channel) -> None:
    """Where the bot is not: in each of them people of another company may be."""
    running_bot.workspace.state.channels[there.id] = there
    status = replace(running_bot.ask("status prod"), channel=there.id)

    (answer,) = since(running_bot, lambda: running_bot.ada.press(status, "Share in channel"))

    told = "Slack does not tell me who else reads this conversation, so I post nothing about orgs here"
    assert (answer.audience, answer.text.splitlines()[0]) == (ADA, told)
    assert "/invite @Flosum" in answer.text


def test_nothing_is_shared_while_slack_does_not_answer_who_reads(running_bot: RunningBot) -> None:
    status = running_bot.ask("status prod")
    running_bot.workspace.fail("conversations.info", WebApiFault(FaultKind.REFUSE, error="internal_error"), times=10)

    (answer,) = since(running_bot, lambda: running_bot.ada.press(status, "Share in channel"))

    assert (answer.audience, "Slack does not tell me" in answer.text) == (ADA, True)


def test_that_it_is_shared_is_known_after_a_restart_and_until_an_event_says_otherwise(shared: RunningBot) -> None:
    assert SharedChannels(shared.bot.store).has(TEAM, HERE)

    channels = shared.workspace.state.channels
    channels[HERE] = replace(channels[HERE], shared=False)
    shared.ada.say("now we are by ourselves")
    shared.shown()

    status = shared.ask(f"status {ORG}")
    assert ORG in in_public(since(shared, lambda: shared.ada.press(status, "Share in channel")))


def test_the_digest_is_not_set_for_it_nor_posted_there(shared: RunningBot) -> None:
    for text in ("remind friday 14:00", "remind on", "remind now"):
        assert "is shared with another company" in shared.ask(text).text
    assert in_public(list(shared.shown())) == ""

    now = utc_now() - timedelta(minutes=1)
    shared.bot.store.keep_subscription(weekly(TEAM, HERE, now.weekday(), now.hour, now.minute, "UTC", set_by=ADA))
    (told,) = digests_due(shared)

    assert "The digest cannot be delivered to #C0SALESFORCE\nThat channel is shared with another company" in told.text
    assert told.channel != HERE
    assert "because that channel is shared with another company" in shared.ask("remind").text
    assert since(shared, shared.bot.uses.digests.tick) == []


def test_that_nothing_will_come_is_said_before_it_is_tried(shared: RunningBot) -> None:
    told = shared.ask("remind")
    assert "It will not come, because that channel is shared with another company" in told.text
    assert "The next one comes" not in told.text

    assert shared.ada.open_home().acked
    assert shared.workspace.settle()
    tab = str(shared.workspace.state.homes[ADA].body)
    assert "It will not come, because that channel is shared with another company" in tab
    assert "next Monday" not in tab

    assert "/flosum remind alerts on #channel" in shared.ask("remind alerts on").text
    owner = shared.ask(f"owner {ORG} <#{HERE}>")
    assert "Digests name it, and I tell it nothing of the org. That channel is shared" in owner.text


def test_no_org_is_named_where_slack_alone_knows_that_it_is_shared(running_bot: RunningBot) -> None:
    status, now = running_bot.ask("status prod"), utc_now() - timedelta(minutes=1)
    weekly_here = weekly(TEAM, HERE, now.weekday(), now.hour, now.minute, "UTC", set_by=ADA)
    running_bot.bot.store.keep_subscription(weekly_here)
    share(running_bot.workspace)

    (told,) = digests_due(running_bot)
    shown = since(running_bot, lambda: running_bot.ada.press(status, "Share in channel"))

    assert "That channel is shared with another company" in told.text
    assert told.channel != HERE
    assert "prod" not in in_public(shown)


def test_the_form_says_so_before_anything_is_chosen_and_at_the_line(running_bot: RunningBot) -> None:
    share(running_bot.workspace)  # nothing was said there yet: Slack alone knows
    running_bot.bot.store.keep_subscription(weekly(TEAM, HERE))
    answer = running_bot.ask("remind")

    running_bot.ada.press(answer, "Change")
    assert running_bot.workspace.settle()

    (form,) = running_bot.workspace.state.views.values()
    assert "shared with another company: choose one" in str(form.body["blocks"])
    assert "initial_conversation" not in str(form.body["blocks"])
    lines = {"day": {"selected_option": {"value": "4"}}, "time": {"selected_time": "14:30"}}
    lines |= {"zone": {"value": "Berlin"}, "channel": {"selected_conversation": HERE}}
    refused = running_bot.ada.submit(form, {key: {"line": state} for key, state in lines.items()})
    assert refused.answer["response_action"] == "errors"
    assert "Another company reads that channel" in refused.answer["errors"]["channel"]


def test_a_channel_of_which_nothing_was_told_is_asked_of_slack(running_bot: RunningBot) -> None:
    share(running_bot.workspace)

    assert "is shared with another company" in running_bot.ask("remind friday 14:00").text
    assert in_public(list(running_bot.shown())) == ""


def test_a_button_there_shows_members_and_nobody_else(shared: RunningBot) -> None:
    eve, answer = shared.workspace.person("eve"), shared.say(NOT_INSTALLED, "#random")[0]
    here = replace(answer, channel=HERE)

    assert REFUSED in since(shared, lambda: eve.press(here, "Choose an org to check"))[0].text
    assert ORG in since(shared, lambda: shared.ben.press(here, "Choose an org to check"))[0].text


def test_the_line_that_stands_meanwhile_names_no_org_either(shared: RunningBot) -> None:
    since(shared, lambda: shared.ada.mention(f"status {ORG}"))

    lines = [call.args["status"] for call in shared.workspace.calls if call.method.endswith("setStatus")]
    assert lines[0] == "is reading Salesforce"
    assert not any(ORG in line for line in lines)

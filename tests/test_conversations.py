"""Everywhere people ask: dialogues with the whole bot over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
import time_machine

from bot.sandbox.slack.faults import Fault, FaultKind
from bot.sandbox.slack.records import BOT, BOT_USER, Happening, Json, Message, Shown
from bot.sandbox.slack.user import SlackUser
from tests.bots import Stage, stage
from tests.test_slack import NOT_INSTALLED, SESSION_ID, labels, links

__all__ = ["stage"]

GENERIC = "OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occurred during authentication. Please try again."
BLOCKED = "error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin"
BLOCKED_PAGE = f"https://acme.my.salesforce.com/_nc_external/identity/oauth/ui/AuthorizationError?{BLOCKED}"
EXPIRED = "INVALID_SESSION_ID: Session expired or invalid"


def said(stage: Stage, text: str, channel: str = "#salesforce", thread: str | None = None) -> Message:
    """Say something and return one's own message."""
    message = stage.ada.say(text, channel, thread).message
    assert message is not None
    stage.shown()
    return message


def edited(stage: Stage, message: Message, text: str) -> Sequence[Shown]:
    """Edit one's own message and return what that changed, the edit itself left out."""
    before = len(stage.workspace.log)
    assert stage.ada.edit(stage.workspace.state.messages[message.channel, message.ts], text).acked
    stage.shown()
    return [shown for shown in stage.workspace.log[before:] if shown.message and shown.message.by_bot]


def answers(stage: Stage, to: Message) -> list[Message]:
    """What stands in the thread of a message by the bot, as it reads now."""
    found = stage.workspace.state.conversation(to.channel, thread=to.ts)
    return [message for message in found if message.by_bot]


# --- threads -------------------------------------------------------------------------------------------


def test_the_generic_page_asks_for_the_address_and_goes_on_when_it_comes(stage: Stage) -> None:
    question = said(stage, GENERIC)
    assert "Copy the address of the error page" in answers(stage, question)[0].text

    (answer,) = stage.say(BLOCKED_PAGE, thread_ts=question.ts)

    assert answer.thread_ts == question.ts
    assert "blocked" in answer.text.splitlines()[0]
    assert "Goes on from the answer above" in str(answer.blocks)
    assert "OAUTH_APP_BLOCKED" in str(answer.blocks)


def test_an_address_that_names_no_cause_leads_to_the_login_history(stage: Stage) -> None:
    question = said(stage, GENERIC)
    host = next(org.host for org in stage.bot.store.orgs("T0DEMO") if org.name == "prod")

    (answer,) = stage.say(
        f"it was https://{host}/setup/secur/RemoteAccessAuthorizationPage.apexp", thread_ts=question.ts
    )

    assert answer.text.startswith("That address does not name the cause")
    assert labels(answer)[0] == "Check prod now"
    assert links(answer) == [f"https://{host}/lightning/setup/OrgLoginHistory/home"]


@pytest.mark.parametrize("reply", ["prod", "it's prod", "in Prod, sorry", "<@U0BEN> that was on `prod`."])
def test_an_org_named_in_the_thread_gets_its_own_links(stage: Stage, reply: str) -> None:
    question = said(stage, NOT_INSTALLED)
    assert "Name the org here" in str(answers(stage, question)[0].blocks)

    (answer,) = stage.say(reply, thread_ts=question.ts)

    assert answer.text.startswith("The answer above, for prod")
    assert labels(answer)[:2] == ["Check prod now", "Open the page in prod"]
    assert list(stage.say("prod", thread_ts=question.ts)) == [], "once for each org"


@pytest.mark.parametrize("reply", ["thanks!", "prod is fine, I think it is only uat and qa", "works in prd", "ok"])
def test_talk_in_a_thread_is_left_in_peace(stage: Stage, reply: str) -> None:
    question = said(stage, NOT_INSTALLED)

    assert list(stage.say(reply, thread_ts=question.ts)) == []


def test_an_org_that_the_answer_knew_already_is_no_news(stage: Stage) -> None:
    question = said(stage, f"uat says {NOT_INSTALLED}")

    assert list(stage.say("uat", thread_ts=question.ts)) == []
    assert len(stage.say("no, qa", thread_ts=question.ts)) == 1


def test_an_org_named_in_a_thread_of_something_else_means_nothing(stage: Stage) -> None:
    talk = said(stage, "who is around?")

    assert list(stage.say("prod", thread_ts=talk.ts)) == []


def test_one_answer_for_an_error_in_a_thread(stage: Stage) -> None:
    question = said(stage, NOT_INSTALLED)

    assert list(stage.say(f"same here\n{NOT_INSTALLED}", thread_ts=question.ts)) == []
    (other,) = stage.say(EXPIRED, thread_ts=question.ts)
    assert other.text.startswith("The access token is no longer valid")


def test_asked_again_in_the_thread_it_points_to_the_answer(stage: Stage) -> None:
    question = said(stage, NOT_INSTALLED)
    before = len(stage.shown())

    stage.ada.mention(NOT_INSTALLED, thread_ts=question.ts)

    (answer,) = stage.shown()[before:]
    assert answer.text.startswith("The same error was explained here just now")


def test_a_secret_in_a_reply_is_told_to_its_author(stage: Stage) -> None:
    question = said(stage, GENERIC)

    public, private = stage.say(f"{BLOCKED_PAGE}&sid={SESSION_ID}", thread_ts=question.ts)

    assert (public.audience, private.audience) == (None, stage.ada.member.id)
    assert SESSION_ID[16:40] not in str(public.blocks)


@pytest.mark.parametrize(
    "chat",
    [
        "Processed session termination for sessionid: 0x24ee30a54f5001d",
        "sid=abcdef0123456789abcdef",
        "00D!",
        "key 00D12!",
    ],
)
def test_what_is_no_session_id_of_salesforce_warns_nobody(stage: Stage, chat: str) -> None:
    assert list(stage.say(chat)) == []


def test_a_session_id_alone_is_told_to_its_author_once(stage: Stage) -> None:
    receipt = stage.ada.say(f"curl -H 'Authorization: Bearer {SESSION_ID}'")

    (private,) = stage.shown()
    stage.ada.redeliver(receipt)
    assert receipt.message is not None
    edited(stage, receipt.message, f"curl again {SESSION_ID}")

    assert private.audience == stage.ada.member.id
    assert len(stage.shown()) == 1


# --- the same error again ------------------------------------------------------------------------------


def test_the_same_error_within_the_hour_gets_a_link(stage: Stage) -> None:
    first = said(stage, NOT_INSTALLED)
    (answered,) = answers(stage, first)

    (pointer,) = stage.say(f"me too: {NOT_INSTALLED}")

    assert pointer.text.startswith("The same error was explained here just now")
    assert f"/archives/C0SALESFORCE/p{answered.ts.replace('.', '')}|" in str(pointer.blocks)
    assert pointer.thread_ts != first.ts
    assert len(pointer.text) < 250
    stage.ada.press(pointer, "Show the steps")
    assert stage.shown()[-1].audience == stage.ada.member.id
    assert "Update Token" in stage.shown()[-1].text


def test_a_thread_that_was_led_to_the_answer_is_not_led_there_again(stage: Stage) -> None:
    said(stage, NOT_INSTALLED)
    second = said(stage, NOT_INSTALLED)

    assert list(stage.say(NOT_INSTALLED, thread_ts=second.ts)) == []


def test_a_third_one_is_led_to_the_full_answer_too(stage: Stage) -> None:
    first = said(stage, NOT_INSTALLED)
    stage.say(NOT_INSTALLED)

    (pointer,) = stage.say(NOT_INSTALLED)

    assert answers(stage, first)[0].ts.replace(".", "") in str(pointer.blocks)


def test_without_a_permalink_the_steps_are_still_within_reach(stage: Stage) -> None:
    said(stage, NOT_INSTALLED)
    stage.workspace.fail("chat.getPermalink", Fault(FaultKind.REFUSE, error="message_not_found"))

    (pointer,) = stage.say(NOT_INSTALLED)

    assert "The button shows the steps again" in pointer.text
    assert "Show the steps" in labels(pointer)


def test_another_channel_and_a_direct_message_get_the_whole_answer(stage: Stage) -> None:
    said(stage, NOT_INSTALLED)

    assert "Update Token" in stage.say(NOT_INSTALLED, "#random")[0].text
    assert "Update Token" in stage.say(NOT_INSTALLED, "dm")[0].text
    assert "Update Token" in stage.say(NOT_INSTALLED, "dm")[0].text


def test_after_an_hour_it_is_answered_in_full_again(stage: Stage) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=61), tick=True):
        said(stage, NOT_INSTALLED)

    (answer,) = stage.say(NOT_INSTALLED)

    assert "Update Token" in answer.text


# --- edits ---------------------------------------------------------------------------------------------


def test_an_edited_message_gets_its_answer_updated(stage: Stage) -> None:
    message = said(stage, NOT_INSTALLED)
    (before,) = answers(stage, message)

    (change,) = edited(stage, message, EXPIRED)

    assert change.happening is Happening.UPDATED
    (after,) = answers(stage, message)
    assert after.ts == before.ts
    assert after.text.startswith("The access token is no longer valid")


def test_a_silent_message_that_becomes_an_error_is_answered(stage: Stage) -> None:
    message = said(stage, "hm, wait")

    (change,) = edited(stage, message, f"hm: {NOT_INSTALLED}")

    assert change.happening is Happening.POSTED
    assert len(answers(stage, message)) == 1


def test_an_edit_away_from_the_error_keeps_the_steps_and_drops_the_claim(stage: Stage) -> None:
    message = said(stage, NOT_INSTALLED)

    (change,) = edited(stage, message, "solved, thank you")

    assert change.happening is Happening.UPDATED
    (answer,) = answers(stage, message)
    assert "Update Token" in answer.text
    assert "before it was edited" in str(answer.blocks)
    assert "From the text" not in str(answer.blocks)
    assert edited(stage, message, "solved, thank you all") == []


def test_an_edit_back_to_an_error_updates_the_same_answer(stage: Stage) -> None:
    message = said(stage, NOT_INSTALLED)
    edited(stage, message, "solved")

    edited(stage, message, EXPIRED)

    (answer,) = answers(stage, message)
    assert "From the text" in str(answer.blocks)


def test_an_edit_that_slack_delivers_twice_changes_nothing_more(stage: Stage) -> None:
    message = said(stage, "hm")
    receipt = stage.ada.edit(message, NOT_INSTALLED)
    stage.shown()

    stage.ada.redeliver(receipt)

    stage.shown()
    assert len(answers(stage, message)) == 1


def test_a_link_preview_is_no_edit(stage: Stage) -> None:
    message = said(stage, NOT_INSTALLED)
    before = len(stage.workspace.calls)
    shown = message.as_json()
    event: Json = {"type": "message", "subtype": "message_changed", "channel": message.channel, "ts": "1.2"}
    event |= {"message": shown | {"attachments": [{"title": "A page"}]}, "previous_message": shown}

    stage.ada.deliver(event | {"channel_type": "channel", "event_ts": "1.2"})

    stage.shown()
    assert len(stage.workspace.calls) == before


def test_an_edited_command_is_not_carried_out_again(stage: Stage) -> None:
    message = said(stage, "status prod", "dm")
    before = len(stage.salesforce.requests)

    assert edited(stage, message, "status prod ") == []
    assert edited(stage, message, "remind now") == []
    assert len(stage.salesforce.requests) == before


def test_a_mistyped_command_may_be_corrected_by_an_edit(stage: Stage) -> None:
    message = said(stage, "statsu prod", "dm")

    (change,) = edited(stage, message, "status prod")

    assert change.happening is Happening.UPDATED
    assert change.message is not None
    assert change.message.text.startswith("✅ prod is ready")


def test_a_mistyped_org_may_be_corrected_by_an_edit_once(stage: Stage) -> None:
    message = said(stage, "status prdo", "dm")

    (change,) = edited(stage, message, "status prod")

    assert change.happening is Happening.UPDATED
    assert change.message is not None
    assert change.message.text.startswith("✅ prod is ready")
    assert edited(stage, message, "status uat") == []


def test_a_question_corrected_by_an_edit_gets_its_answer_updated(stage: Stage) -> None:
    message = said(stage, "what is the weather in Oslo", "dm")

    (change,) = edited(stage, message, EXPIRED)

    assert change.happening is Happening.UPDATED
    assert change.message is not None
    assert change.message.text.startswith("The access token is no longer valid")


def test_a_message_that_names_the_bot_only_after_an_edit_is_answered(stage: Stage) -> None:
    message = said(stage, "status prod")

    (change,) = edited(stage, message, "@flosum status prod")

    assert change.happening is Happening.POSTED
    assert change.message is not None
    assert change.message.text.startswith("✅ prod is ready")
    assert edited(stage, message, "@flosum status prod please") == []


def test_the_same_error_twice_at_the_same_moment_is_explained_once(stage: Stage) -> None:
    for _ in range(3):
        stage.ada.say(NOT_INSTALLED)

    first, *others = stage.shown()
    assert "Update Token" in first.text
    assert [other.text.startswith("The same error was explained here") for other in others] == [True, True]


# --- bots ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [{"bot_id": "B0OTHER"}, {"subtype": "bot_message"}, {"app_id": "A0OTHER"}, {"bot_id": BOT, "user": BOT_USER}],
)
def test_bots_are_left_alone_and_so_are_their_edits(stage: Stage, mark: Json) -> None:
    message: Json = {"type": "message", "user": "U0BEN", "text": NOT_INSTALLED, "ts": "1763888400.000100"} | mark
    place = {"channel": "C0SALESFORCE", "channel_type": "channel", "event_ts": "1763888400.000100"}

    stage.ada.deliver(message | place)
    changed = {"type": "message", "subtype": "message_changed", "message": message, "ts": "1763888401.000100"}
    stage.ada.deliver(changed | {"previous_message": message | {"text": "x"}} | place)
    stage.ada.deliver(message | place | {"type": "app_mention"})

    assert list(stage.shown()) == []


def test_a_forwarded_error_is_an_error(stage: Stage) -> None:
    attachment = {"is_share": True, "text": NOT_INSTALLED, "fallback": f"[today] ben: {NOT_INSTALLED}"}
    message: Json = {"type": "message", "user": "U0YOU", "text": "any idea?", "attachments": [attachment]}
    posted = said(stage, "any idea?")

    stage.ada.deliver(
        message | {"ts": posted.ts, "channel": "C0SALESFORCE", "channel_type": "channel", "event_ts": posted.ts}
    )

    assert len(stage.shown()) == 1


# --- asking by other ways ------------------------------------------------------------------------------


def test_the_message_shortcut_answers_whoever_used_it_alone(stage: Stage) -> None:
    stage.ada.command("settings quiet")
    message = said(stage, NOT_INSTALLED)
    before = len(stage.shown())

    assert stage.ben.shortcut("explain_error", message).acked

    (answer,) = stage.shown()[before:]
    assert answer.audience == stage.ben.member.id
    assert "Update Token" in answer.text


def test_the_message_shortcut_on_a_picture_says_that_there_is_no_text(stage: Stage) -> None:
    alert = Message("C0SALESFORCE", stage.workspace.state.next_ts(), "U0BEN", "")
    stage.workspace.state.post(alert)

    stage.ada.shortcut("explain_error", alert)

    assert stage.shown()[-1].text.startswith("That message has no text that I could explain")


def test_the_message_shortcut_tells_of_a_secret_without_blaming_its_user(stage: Stage) -> None:
    message = said(stage, f"sid={SESSION_ID}")

    stage.ben.shortcut("explain_error", message)

    answer = stage.shown()[-1]
    assert "That message shows a Salesforce secret: session id" in answer.text
    assert SESSION_ID[16:40] not in str(answer.blocks)


def test_explain_never_runs_a_command(stage: Stage) -> None:
    stage.ask("explain remind off")
    stage.say("explain remind off", "dm")

    reminder = stage.bot.store.reminder("T0DEMO")
    assert reminder is not None
    assert reminder.enabled


def test_the_pane_suggests_how_to_begin(stage: Stage) -> None:
    assert stage.ada.open_home("messages").acked

    stage.shown()
    (call,) = [call for call in stage.workspace.calls if call.method.endswith("setSuggestedPrompts")]
    assert "thread_ts" not in call.args
    assert [prompt["message"] for prompt in call.args["prompts"]] == [
        "status emea-prod",
        "status all",
        "explain",
        "guide",
    ]
    for prompt in call.args["prompts"]:
        assert len(stage.say(prompt["message"], "dm")) == 1


def test_the_home_tab_gets_no_prompts(stage: Stage) -> None:
    stage.ada.open_home("home")

    stage.shown()
    assert not any("assistant" in call.method for call in stage.workspace.calls)


def statuses(stage: Stage) -> list[str]:
    return [call.args["status"] for call in stage.workspace.calls if call.method.endswith("setStatus")]


def test_a_status_line_shows_while_salesforce_is_read(stage: Stage) -> None:
    stage.say("status prod", "dm")
    assert statuses(stage) == ["is reading prod in Salesforce", ""]

    root = said(stage, "hello there", "dm")
    stage.say("status all", "dm", root.ts)
    assert statuses(stage)[2:] == ["is reading all orgs in Salesforce"], "the answer in the thread ends it"
    stage.say("guide", "dm")
    assert len(statuses(stage)) == 3


def test_the_answer_comes_without_a_status_line_too(stage: Stage) -> None:
    stage.workspace.fail("assistant.threads.setStatus", Fault(FaultKind.REFUSE, error="missing_scope"), times=2)

    (answer,) = stage.say("status prod", "dm")

    assert answer.text.startswith("✅ prod is ready")


def test_a_direct_message_adds_to_the_one_before(stage: Stage) -> None:
    stage.say(GENERIC, "dm")

    (answer,) = stage.say("prod", "dm")
    assert answer.text.startswith("The answer above, for prod")
    (answer,) = stage.say(BLOCKED_PAGE, "dm")
    assert "blocked" in answer.text.splitlines()[0]


@pytest.mark.parametrize("text", [GENERIC, "prod", "guide", "what is the weather in Oslo"])
def test_a_direct_message_that_slack_delivers_again_is_answered_once(stage: Stage, text: str) -> None:
    stage.say(GENERIC, "dm")
    before = len(stage.shown())

    receipt = stage.ada.say(text, "dm")
    stage.ada.redeliver(receipt)

    assert len(stage.shown()) == before + 1


# --- overhearing ---------------------------------------------------------------------------------------


def test_anybody_switches_overhearing_off_and_on(stage: Stage) -> None:
    shown = stage.ask("settings", stage.ben)
    assert "#salesforce" in str(shown.blocks) or "C0SALESFORCE" in str(shown.blocks)
    stage.ben.press(shown, "Be quiet here")
    assert "left alone" in stage.shown()[-1].text

    assert list(stage.say(NOT_INSTALLED)) == []
    assert list(stage.say(f"sid={SESSION_ID}")) == []
    assert len(stage.say(NOT_INSTALLED, "#random")) == 1
    before = len(stage.shown())
    stage.ada.mention(NOT_INSTALLED)
    assert len(stage.shown()) == before + 1

    assert "answered in their thread" in stage.ask("settings listen", stage.ben).text
    assert len(stage.say(EXPIRED)) == 1


def test_in_direct_messages_there_is_nothing_to_switch(stage: Stage) -> None:
    assert "every message is said to me" in stage.ask("settings quiet", channel="dm").text
    assert "Be quiet here" not in labels(stage.ask("settings", channel="dm"))


def test_an_unknown_setting_is_answered_with_the_known_ones(stage: Stage) -> None:
    assert "/flosum settings quiet" in stage.ask("settings loud").text


# --- was it helpful ------------------------------------------------------------------------------------


def metrics(stage: Stage) -> dict[str, float]:
    with urlopen(f"{stage.bot.address}/metrics") as page:
        lines = page.read().decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}


def rate(stage: Stage, person: SlackUser, message: Message, label: str) -> Message:
    person.press(message, label)
    return stage.shown()[-1]


def test_verdicts_are_kept_by_entry_shown_in_the_settings_and_counted(stage: Stage) -> None:
    (answer,) = stage.say(NOT_INSTALLED)
    assert "Nobody has said so far" in stage.ask("settings").text

    assert rate(stage, stage.ada, answer, "Yes").text.startswith("Noted: it helped")
    noted = rate(stage, stage.ben, answer, "No")

    assert noted.audience == stage.ben.member.id
    assert "Yes 1, no 1" in stage.ask("settings").text
    rate(stage, stage.ben, answer, "Yes")
    assert "Yes 2, no 0" in stage.ask("settings").text
    stage.say("lunch?")
    numbers = metrics(stage)
    assert numbers['flosum_answers_total{topic="app-not-installed"}'] == 1
    assert numbers['flosum_ratings_total{helpful="yes",topic="app-not-installed"}'] == 2
    assert numbers["flosum_silences_total"] == 1


def test_an_answer_ends_with_the_question_and_few_buttons(stage: Stage) -> None:
    (answer,) = stage.say(f"prod says {NOT_INSTALLED}")

    *others, yes, no = labels(answer)
    assert (yes, no) == ("Yes", "No")
    assert len(others) <= 3
    spoken = re.findall(r"'accessibility_label': '([^']+)'", str(answer.blocks))
    assert spoken == ["Yes, this answer was helpful", "No, this answer was not helpful"]


def test_a_verdict_on_something_unknown_is_refused(stage: Stage) -> None:
    assert "nothing was noted" in stage.ask("helpful no-such-entry yes").text
    assert "Yes" not in labels(stage.ask("settings"))

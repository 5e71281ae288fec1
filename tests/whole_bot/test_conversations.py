"""Everywhere people ask: dialogues with the whole bot over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest
import time_machine

from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import BOT, BOT_USER, Happening, Json, Shown, SlackMessage
from bot.sandbox.slack.user import SlackUser
from tests.digests import the_digest
from tests.read import read
from tests.running_bot import MEANWHILE, RunningBot
from tests.whole_bot.test_commands import NOT_INSTALLED, SESSION_ID, labels, links

GENERIC = "OAUTH_APPROVAL_ERROR_GENERIC: An unexpected error has occurred during authentication. Please try again."
BLOCKED = "error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin"
BLOCKED_PAGE = f"https://acme.my.salesforce.com/_nc_external/identity/oauth/ui/AuthorizationError?{BLOCKED}"
EXPIRED = "INVALID_SESSION_ID: Session expired or invalid"


def said(running_bot: RunningBot, text: str, channel: str = "#salesforce", thread: str | None = None) -> SlackMessage:
    """Say something and return one's own message."""
    message = running_bot.ada.say(text, channel, thread).message
    assert message is not None
    running_bot.shown()
    return message


def edited(running_bot: RunningBot, message: SlackMessage, text: str) -> Sequence[Shown]:
    """Edit one's own message and return what that changed, the edit itself left out."""
    before = len(running_bot.workspace.log)
    assert running_bot.ada.edit(running_bot.workspace.state.messages[message.channel, message.ts], text).acked
    running_bot.shown()
    came = [shown for shown in running_bot.workspace.log[before:] if shown.message and shown.message.by_bot]
    return [shown for shown in came if shown.message and not MEANWHILE.fullmatch(shown.message.text)]


def answers(running_bot: RunningBot, to: SlackMessage) -> list[SlackMessage]:
    """What stands in the thread of a message by the bot, as it reads now."""
    found = running_bot.workspace.state.conversation(to.channel, thread=to.ts)
    return [read(message) for message in found if message.by_bot]


# --- threads -------------------------------------------------------------------------------------------


def test_the_generic_page_asks_for_the_address_and_goes_on_when_it_comes(running_bot: RunningBot) -> None:
    question = said(running_bot, GENERIC)
    assert "Copy the address of the error page" in answers(running_bot, question)[0].text

    (answer,) = running_bot.say(BLOCKED_PAGE, thread_ts=question.ts)

    assert answer.thread_ts == question.ts
    assert "blocked" in answer.text.splitlines()[0]
    assert "Goes on from the answer above" in str(answer.blocks)
    assert "OAUTH_APP_BLOCKED" in str(answer.blocks)


@pytest.mark.parametrize(
    ("first", "reply", "answered"),
    [(GENERIC, "access denied", 1), (GENERIC, "how do I unblock the app", 0), (NOT_INSTALLED, "access denied", 0)],
    ids=["an error", "a section of the guide", "nothing was asked"],
)
def test_what_it_asked_for_is_read_as_an_answer_and_only_errors_are(
    running_bot: RunningBot, first: str, reply: str, answered: int
) -> None:
    question = said(running_bot, first)

    assert len(running_bot.say(reply, thread_ts=question.ts)) == answered


def test_an_address_that_names_no_cause_leads_to_the_login_history(running_bot: RunningBot) -> None:
    question = said(running_bot, GENERIC)
    host = next(org.host for org in running_bot.bot.store.orgs("T0DEMO") if org.name == "prod")

    (answer,) = running_bot.say(
        f"it was https://{host}/setup/secur/RemoteAccessAuthorizationPage.apexp", thread_ts=question.ts
    )

    assert answer.text.startswith("That address does not name the cause")
    assert labels(answer)[0] == "Check prod now"
    assert links(answer) == [f"https://{host}/lightning/setup/OrgLoginHistory/home"]


@pytest.mark.parametrize(
    "reply", ["prod", "it's prod", "in Prod, sorry", "hm that is prod btw", "<@U0BEN> that was on `prod`."]
)
def test_an_org_named_in_the_thread_gets_its_own_links(running_bot: RunningBot, reply: str) -> None:
    question = said(running_bot, NOT_INSTALLED)
    assert "Name the org here" in str(answers(running_bot, question)[0].blocks)

    (answer,) = running_bot.say(reply, thread_ts=question.ts)

    assert answer.text.startswith("The answer above, for prod")
    assert labels(answer)[:2] == ["Check prod now", "Open Connected Apps OAuth Usage"]
    assert list(running_bot.say("prod", thread_ts=question.ts)) == [], "once for each org"


@pytest.mark.parametrize("reply", ["uat and prod", "it's both uat and prod", "uat, prod too", "@flosum uat and prod"])
def test_several_orgs_named_in_the_thread_get_their_links_in_one_answer(running_bot: RunningBot, reply: str) -> None:
    question = said(running_bot, BLOCKED)

    (answer,) = running_bot.say(reply, thread_ts=question.ts)

    assert answer.text.startswith("The answer above, for uat and prod")
    assert re.findall("https://(acme[a-z-]*)", answer.text) == ["acme--uat", "acme"]
    assert labels(answer) == ["Check these now"]
    assert list(running_bot.say("prod", thread_ts=question.ts)) == [], "once for each org"
    (further,) = running_bot.say("prod and qa", thread_ts=question.ts)
    assert further.text.startswith("The answer above, for qa")


def test_what_is_the_same_in_several_orgs_is_said_once(running_bot: RunningBot) -> None:
    question = said(running_bot, EXPIRED)

    (answer,) = running_bot.say("uat and prod", thread_ts=question.ts)

    assert answer.text.count("Update Token") == 1


def test_a_paste_that_names_several_orgs_says_of_each_what_is_known(running_bot: RunningBot) -> None:
    running_bot.ask("status uat")
    running_bot.ask("status prod")

    (answer,) = running_bot.say(f"uat and prod both fail: {BLOCKED}")

    assert "⚠️ uat: nobody is granted access" in answer.text
    assert "✅ prod: ready" in answer.text
    assert labels(answer)[0] == "Check these now"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("API_DISABLED_FOR_ORG: API is not enabled for this Organization or Partner", None),
        ("fresh install of the partner portal: invalid_grant: inactive user", None),
        ("the partner team got OAUTH_APP_BLOCKED from the connected app", None),
        (f"partner: {BLOCKED}", "Check partner now"),
        (f"the portal fails in fresh: {BLOCKED}", "Check fresh now"),
    ],
)
def test_an_org_that_is_called_by_a_word_is_told_of_where_it_is_named(
    running_bot: RunningBot, text: str, first: str | None
) -> None:
    running_bot.ask("status partner")
    running_bot.ask("status fresh")

    (posted,) = running_bot.say(text)
    explained = running_bot.ask(f"explain {text}")

    for answer in (posted, explained):
        assert (labels(answer)[0] == first) if first else not [label for label in labels(answer) if "Check" in label]
    assert ("Name the org here" in str(posted.blocks)) is (first is None)


@pytest.mark.parametrize(
    ("reply", "begins"),
    [
        ("@flosum no, uat", "⚠️ uat needs a step"),
        ("@flosum check again", "⚠️ uat needs a step"),
        ("@flosum what now?", "⚠️ uat needs a step"),
        ("@flosum is it fixed?", "⚠️ uat needs a step"),
        ("@flosum what lets me in", "⛔ Ada Lindt cannot connect to uat"),
        ("@flosum is it ready?", "⚠️ uat needs a step"),
        ("@flosum and qa?", "The answer above, for qa"),
    ],
)
def test_a_question_below_an_error_is_about_its_org(running_bot: RunningBot, reply: str, begins: str) -> None:
    question = said(running_bot, f"uat: {BLOCKED}")
    said(running_bot, "@flosum guide why", thread=question.ts)

    (answer,) = running_bot.say(reply, thread_ts=question.ts)

    assert answer.text.startswith(begins)


@pytest.mark.parametrize(
    ("reply", "begins"),
    [
        ("done, now?", "⚠️ uat needs a step"),
        ("ok did that", "⚠️ uat needs a step"),
        ("can you check again?", "⚠️ uat needs a step"),
        ("why is it not ready?", "⚠️ uat needs a step"),
        ("still broken in qa", "✅ qa is ready"),
        ("I still get it", "Then what does the error say now?"),
        ("give me all the steps", "Salesforce refuses"),
        ("do I need admin rights for this?", "Salesforce refuses"),
        ("thanks, solved", "You are welcome"),
    ],
)
@pytest.mark.parametrize("named", ["that is uat by the way", "@flosum status uat", "@flosum apps uat"])
def test_what_is_said_once_an_answer_was_followed_is_about_its_org(
    running_bot: RunningBot, named: str, reply: str, begins: str
) -> None:
    question = said(running_bot, NOT_INSTALLED)
    running_bot.say(named, thread_ts=question.ts)

    (answer,) = running_bot.say(f"@flosum {reply}", thread_ts=question.ts)

    assert answer.text.startswith(begins)


IT = (
    ("status uat", "⚠️ uat needs a step"),
    ("steps", "⚠️ uat needs a step"),
    ("who gets in?", "⚠️ uat needs a step"),
    ("can I grant it?", "Which app should be granted in uat?"),
    ("snooze it for a week", "✅ uat is snoozed"),
    ("unsnooze it", "✅ uat is in the digests again"),
    ("who looks after it?", "uat has no owner"),
    ("tag it emea", "✅ uat is tagged emea now"),
    ("when was it read?", "⚠️ uat needs a step"),
    ("guide for it", "⚠️ Setting up uat"),
    ("rename it staging", "✅ uat is called staging now"),
    ("is it ready?", "⚠️ staging needs a step"),
    ("disconnect that org", "⚠️ Disconnect staging?"),
    ("how do I install it?", "Install the Flosum connected app"),
    ("remind me about it", "about is not a day"),
    ("it fails with invalid_grant", "Only the failed login shows"),
    ("snooze it", "For how long?"),
)


def test_it_is_the_org_that_was_talked_of_last(running_bot: RunningBot) -> None:
    told = {}
    for text, _ in IT:
        running_bot.ada.say(text, "dm")
        told[text] = running_bot.shown()[-1].text

    assert [text for text, begins in IT if not told[text].startswith(begins)] == [], told


def test_nothing_is_guessed_where_no_org_or_several_were_talked_of(running_bot: RunningBot) -> None:
    for text in ("snooze it for a week", "disconnect it"):
        running_bot.ada.say(text, "dm")
    running_bot.ada.say("status sandboxes", "dm")
    running_bot.ada.say("tag it emea", "dm")

    running_bot.shown()
    assert [org.name for org in running_bot.bot.store.orgs("T0DEMO") if org.snooze or org.tags] == []


def test_in_direct_messages_the_talk_is_about_the_org_that_was_shown_last(running_bot: RunningBot) -> None:
    for text in ("status qa", "guide for uat", "status sandboxes"):
        running_bot.ada.say(text, "dm")
        running_bot.shown()

    running_bot.ada.say("and now?", "dm")

    assert running_bot.shown()[-1].text.startswith("⚠️ uat needs a step")


@pytest.mark.parametrize("error", [NOT_INSTALLED, GENERIC])
def test_an_org_that_is_named_to_the_bot_is_no_question_after_its_state(running_bot: RunningBot, error: str) -> None:
    question = said(running_bot, error)

    (answer,) = running_bot.say("@flosum it is prod", thread_ts=question.ts)

    assert answer.text.startswith("The answer above, for prod")


@pytest.mark.parametrize("reply", ["thanks!", "prod is fine, I think it is only uat and qa", "works in prd", "ok"])
def test_talk_in_a_thread_is_left_in_peace(running_bot: RunningBot, reply: str) -> None:
    question = said(running_bot, NOT_INSTALLED)

    assert list(running_bot.say(reply, thread_ts=question.ts)) == []


def test_an_org_that_the_answer_knew_already_is_no_news(running_bot: RunningBot) -> None:
    question = said(running_bot, f"uat says {NOT_INSTALLED}")

    assert list(running_bot.say("uat", thread_ts=question.ts)) == []
    assert len(running_bot.say("no, qa", thread_ts=question.ts)) == 1


def test_an_org_named_in_a_thread_of_something_else_means_nothing(running_bot: RunningBot) -> None:
    talk = said(running_bot, "who is around?")

    assert list(running_bot.say("prod", thread_ts=talk.ts)) == []


def test_one_answer_for_an_error_in_a_thread(running_bot: RunningBot) -> None:
    question = said(running_bot, NOT_INSTALLED)

    assert list(running_bot.say(f"same here\n{NOT_INSTALLED}", thread_ts=question.ts)) == []
    (other,) = running_bot.say(EXPIRED, thread_ts=question.ts)
    assert other.text.startswith("The access token is no longer valid")


def test_asked_again_in_the_thread_it_points_to_the_answer(running_bot: RunningBot) -> None:
    question = said(running_bot, NOT_INSTALLED)
    before = len(running_bot.shown())

    running_bot.ada.mention(NOT_INSTALLED, thread_ts=question.ts)

    (answer,) = running_bot.shown()[before:]
    assert answer.text.startswith("The same error was explained here just now")


def test_a_secret_in_a_reply_is_told_to_its_author(running_bot: RunningBot) -> None:
    question = said(running_bot, GENERIC)

    public, private = running_bot.say(f"{BLOCKED_PAGE}&sid={SESSION_ID}", thread_ts=question.ts)

    assert (public.audience, private.audience) == (None, running_bot.ada.member.id)
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
def test_what_is_no_session_id_of_salesforce_warns_nobody(running_bot: RunningBot, chat: str) -> None:
    assert list(running_bot.say(chat)) == []


def test_a_session_id_alone_is_told_to_its_author_once(running_bot: RunningBot) -> None:
    receipt = running_bot.ada.say(f"curl -H 'Authorization: Bearer {SESSION_ID}'")

    (private,) = running_bot.shown()
    running_bot.ada.redeliver(receipt)
    assert receipt.message is not None
    edited(running_bot, receipt.message, f"curl again {SESSION_ID}")

    assert private.audience == running_bot.ada.member.id
    assert len(running_bot.shown()) == 1


SECOND = "00DKd0000000002!AQEAQJ2Yy5tbnBqc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk"
SECRET = "client_secret=9A8B7C6D5E4F3A2B1C0D9E8F7A6B5C4D3E2F1A0B9C8D7E6F5A4B3C2D1E0F9A8B"


@pytest.mark.parametrize(
    ("forms", "warnings"),
    [
        ([f"sid={SESSION_ID}", f"sid={SESSION_ID} and sid={SECOND}"], 2),
        ([f"sid={SESSION_ID}", f"sid={SESSION_ID} {SECRET}"], 2),
        ([f"sid={SESSION_ID}", f"sid={SESSION_ID} {SECRET}", f"{SECRET} sid={SESSION_ID}, sorry"], 2),
        ([f"sid={SESSION_ID}", f"my sid={SESSION_ID}", "gone"], 1),
        ([f"{GENERIC}", f"{GENERIC} sid={SESSION_ID}"], 1),
    ],
)
def test_a_secret_that_an_edit_adds_is_told_to_its_author(
    running_bot: RunningBot, forms: list[str], warnings: int
) -> None:
    first, *later = forms
    message = said(running_bot, first)

    for form in later:
        edited(running_bot, message, form)

    private = [shown for shown in running_bot.shown() if shown.audience]
    assert len(private) == warnings
    assert all(SESSION_ID[16:40] not in str(shown.blocks) for shown in running_bot.shown())


# --- the same error again ------------------------------------------------------------------------------


def test_the_same_error_within_the_hour_gets_a_link(running_bot: RunningBot) -> None:
    first = said(running_bot, NOT_INSTALLED)
    (answered,) = answers(running_bot, first)

    (pointer,) = running_bot.say(f"me too: {NOT_INSTALLED}")

    assert pointer.text.startswith("The same error was explained here just now")
    assert f"/archives/C0SALESFORCE/p{answered.ts.replace('.', '')}|" in str(pointer.blocks)
    assert pointer.thread_ts != first.ts
    assert len(pointer.text) < 250
    running_bot.ada.press(pointer, "Show the steps")
    assert running_bot.shown()[-1].audience == running_bot.ada.member.id
    assert "Update Token" in running_bot.shown()[-1].text


def test_a_thread_that_was_led_to_the_answer_is_not_led_there_again(running_bot: RunningBot) -> None:
    said(running_bot, NOT_INSTALLED)
    second = said(running_bot, NOT_INSTALLED)

    assert list(running_bot.say(NOT_INSTALLED, thread_ts=second.ts)) == []


def test_a_third_one_is_led_to_the_full_answer_too(running_bot: RunningBot) -> None:
    first = said(running_bot, NOT_INSTALLED)
    running_bot.say(NOT_INSTALLED)

    (pointer,) = running_bot.say(NOT_INSTALLED)

    assert answers(running_bot, first)[0].ts.replace(".", "") in str(pointer.blocks)


def test_without_a_permalink_the_steps_are_still_within_reach(running_bot: RunningBot) -> None:
    said(running_bot, NOT_INSTALLED)
    running_bot.workspace.fail("chat.getPermalink", WebApiFault(FaultKind.REFUSE, error="message_not_found"))

    (pointer,) = running_bot.say(NOT_INSTALLED)

    assert "The button shows the steps again" in pointer.text
    assert "Show the steps" in labels(pointer)


def test_another_channel_and_a_direct_message_get_the_whole_answer(running_bot: RunningBot) -> None:
    said(running_bot, NOT_INSTALLED)

    assert "Update Token" in running_bot.say(NOT_INSTALLED, "#random")[0].text
    assert "Update Token" in running_bot.say(NOT_INSTALLED, "dm")[0].text
    assert "Update Token" in running_bot.say(NOT_INSTALLED, "dm")[0].text


def test_after_an_hour_it_is_answered_in_full_again(running_bot: RunningBot) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=61), tick=True):
        said(running_bot, NOT_INSTALLED)

    (answer,) = running_bot.say(NOT_INSTALLED)

    assert "Update Token" in answer.text


# --- edits ---------------------------------------------------------------------------------------------


def test_an_edited_message_gets_its_answer_updated(running_bot: RunningBot) -> None:
    message = said(running_bot, NOT_INSTALLED)
    (before,) = answers(running_bot, message)

    (change,) = edited(running_bot, message, EXPIRED)

    assert change.happening is Happening.UPDATED
    (after,) = answers(running_bot, message)
    assert after.ts == before.ts
    assert after.text.startswith("The access token is no longer valid")


def test_a_silent_message_that_becomes_an_error_is_answered(running_bot: RunningBot) -> None:
    message = said(running_bot, "hm, wait")

    (change,) = edited(running_bot, message, f"hm: {NOT_INSTALLED}")

    assert change.happening is Happening.POSTED
    assert len(answers(running_bot, message)) == 1


def test_an_edit_away_from_the_error_keeps_the_steps_and_drops_the_claim(running_bot: RunningBot) -> None:
    message = said(running_bot, NOT_INSTALLED)

    (change,) = edited(running_bot, message, "who can help?")

    assert change.happening is Happening.UPDATED
    (answer,) = answers(running_bot, message)
    assert "Update Token" in answer.text
    assert "before it was edited" in str(answer.blocks)
    assert "From the text" not in str(answer.blocks)
    assert edited(running_bot, message, "who of you can help?") == []


@pytest.mark.parametrize("channel", ["#salesforce", "dm"])
@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("solved, thanks", "Solved: "),
        (f"[solved] {NOT_INSTALLED}", "Solved: "),
        (f"{NOT_INSTALLED} - solved", "Solved: "),
        ("never mind", "Taken back: "),
    ],
)
def test_an_edit_that_says_it_is_over_folds_the_answer(
    running_bot: RunningBot, channel: str, text: str, headline: str
) -> None:
    message = said(running_bot, NOT_INSTALLED, channel)

    (change,) = edited(running_bot, message, text)

    assert change.happening is Happening.UPDATED
    answer = change.message
    assert answer is not None
    assert answer.text.startswith(headline)
    assert "\n" not in answer.text
    assert labels(answer) == ["Show the steps"]
    assert edited(running_bot, message, f"{text}.") == []
    running_bot.ada.press(answer, "Show the steps")
    assert "Update Token" in running_bot.shown()[-1].text


def test_an_error_that_comes_back_unfolds_the_answer(running_bot: RunningBot) -> None:
    message = said(running_bot, NOT_INSTALLED)
    edited(running_bot, message, "solved, thanks")

    (change,) = edited(running_bot, message, f"no, it is back: {NOT_INSTALLED}")

    assert change.message is not None
    assert "Update Token" in read(change.message).text


def test_an_edit_back_to_an_error_updates_the_same_answer(running_bot: RunningBot) -> None:
    message = said(running_bot, NOT_INSTALLED)
    edited(running_bot, message, "solved")

    edited(running_bot, message, EXPIRED)

    (answer,) = answers(running_bot, message)
    assert "From the text" in str(answer.blocks)


def test_an_edit_that_slack_delivers_twice_changes_nothing_more(running_bot: RunningBot) -> None:
    message = said(running_bot, "hm")
    receipt = running_bot.ada.edit(message, NOT_INSTALLED)
    running_bot.shown()

    running_bot.ada.redeliver(receipt)

    running_bot.shown()
    assert len(answers(running_bot, message)) == 1


def test_a_link_preview_is_no_edit(running_bot: RunningBot) -> None:
    message = said(running_bot, NOT_INSTALLED)
    before = len(running_bot.workspace.calls)
    shown = message.as_json()
    event: Json = {"type": "message", "subtype": "message_changed", "channel": message.channel, "ts": "1.2"}
    event |= {"message": shown | {"attachments": [{"title": "A page"}]}, "previous_message": shown}

    running_bot.ada.deliver(event | {"channel_type": "channel", "event_ts": "1.2"})

    running_bot.shown()
    assert len(running_bot.workspace.calls) == before


def test_an_edited_command_does_nothing_that_it_did_not_do_before(running_bot: RunningBot) -> None:
    message = said(running_bot, "status prod", "dm")
    before = len(running_bot.salesforce.requests)

    assert edited(running_bot, message, "status prod ") == []
    assert edited(running_bot, message, "remind now") == []
    assert len(running_bot.salesforce.requests) == before


@pytest.mark.parametrize(
    ("first", "then", "begins"),
    [
        ("status prod", "status uat", "⚠️ uat needs a step"),
        ("is prod ready?", "is uat ready?", "⚠️ uat needs a step"),
        ("remind", "status prod", "✅ prod is ready"),
        ("guide why", "status prod", "✅ prod is ready"),
        ("how do I install the app?", "status prod", "✅ prod is ready"),
        (NOT_INSTALLED, "status prod", "✅ prod is ready"),
        ("status prod", NOT_INSTALLED, "Salesforce refuses new logins"),
    ],
)
def test_what_only_shows_something_shows_what_the_message_says_now(
    running_bot: RunningBot, first: str, then: str, begins: str
) -> None:
    message = said(running_bot, f"@flosum {first}")

    (change,) = edited(running_bot, message, f"@flosum {then}")

    assert change.happening is Happening.UPDATED
    assert change.message is not None
    assert read(change.message).text.startswith(begins)


def test_the_word_that_something_was_done_stays(running_bot: RunningBot) -> None:
    message = said(running_bot, "@flosum snooze uat 7")

    assert edited(running_bot, message, "@flosum snooze uat 14") == []
    assert edited(running_bot, message, "@flosum status uat") == []


def test_a_mistyped_command_may_be_corrected_by_an_edit(running_bot: RunningBot) -> None:
    message = said(running_bot, "statsu prod", "dm")

    (change,) = edited(running_bot, message, "status prod")

    assert change.happening is Happening.UPDATED
    assert change.message is not None
    assert change.message.text.startswith("✅ prod is ready")


def test_a_mistyped_org_may_be_corrected_by_an_edit(running_bot: RunningBot) -> None:
    message = said(running_bot, "status prdo", "dm")

    (change,) = edited(running_bot, message, "status prod")

    assert change.happening is Happening.UPDATED
    assert change.message is not None
    assert change.message.text.startswith("✅ prod is ready")
    assert len(edited(running_bot, message, "status uat")) == 1


def test_a_question_corrected_by_an_edit_gets_its_answer_updated(running_bot: RunningBot) -> None:
    message = said(running_bot, "what is the weather in Oslo", "dm")

    (change,) = edited(running_bot, message, EXPIRED)

    assert change.happening is Happening.UPDATED
    assert change.message is not None
    assert change.message.text.startswith("The access token is no longer valid")


def test_a_message_that_names_the_bot_only_after_an_edit_is_answered(running_bot: RunningBot) -> None:
    message = said(running_bot, "status prod")

    (change,) = edited(running_bot, message, "@flosum status prod")

    assert change.message is not None
    assert change.message.text.startswith("✅ prod is ready")
    assert [each.ts for each in answers(running_bot, message)] == [change.message.ts]
    assert len(edited(running_bot, message, "@flosum status prod please")) == 1


def test_the_same_error_twice_at_the_same_moment_is_explained_once(running_bot: RunningBot) -> None:
    for _ in range(3):
        running_bot.ada.say(NOT_INSTALLED)

    first, *others = running_bot.shown()
    assert "Update Token" in first.text
    assert [other.text.startswith("The same error was explained here") for other in others] == [True, True]


# --- bots ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mark",
    [{"bot_id": "B0OTHER"}, {"subtype": "bot_message"}, {"app_id": "A0OTHER"}, {"bot_id": BOT, "user": BOT_USER}],
)
def test_bots_are_left_alone_and_so_are_their_edits(running_bot: RunningBot, mark: Json) -> None:
    message: Json = {"type": "message", "user": "U0BEN", "text": NOT_INSTALLED, "ts": "1763888400.000100"} | mark
    place = {"channel": "C0SALESFORCE", "channel_type": "channel", "event_ts": "1763888400.000100"}

    running_bot.ada.deliver(message | place)
    changed = {"type": "message", "subtype": "message_changed", "message": message, "ts": "1763888401.000100"}
    running_bot.ada.deliver(changed | {"previous_message": message | {"text": "x"}} | place)
    running_bot.ada.deliver(message | place | {"type": "app_mention"})

    assert list(running_bot.shown()) == []


def test_a_forwarded_error_is_an_error(running_bot: RunningBot) -> None:
    attachment = {"is_share": True, "text": NOT_INSTALLED, "fallback": f"[today] ben: {NOT_INSTALLED}"}
    message: Json = {"type": "message", "user": "U0YOU", "text": "any idea?", "attachments": [attachment]}
    posted = said(running_bot, "any idea?")

    running_bot.ada.deliver(
        message | {"ts": posted.ts, "channel": "C0SALESFORCE", "channel_type": "channel", "event_ts": posted.ts}
    )

    assert len(running_bot.shown()) == 1


# --- asking by other ways ------------------------------------------------------------------------------


def test_the_message_shortcut_answers_whoever_used_it_alone(running_bot: RunningBot) -> None:
    running_bot.ada.command("settings quiet")
    message = said(running_bot, NOT_INSTALLED)
    before = len(running_bot.shown())

    assert running_bot.ben.shortcut("explain_error", message).acked

    (answer,) = running_bot.shown()[before:]
    assert answer.audience == running_bot.ben.member.id
    assert "Update Token" in answer.text


def test_the_message_shortcut_on_a_picture_says_that_there_is_no_text(running_bot: RunningBot) -> None:
    alert = SlackMessage("C0SALESFORCE", running_bot.workspace.state.next_ts(), "U0BEN", "")
    running_bot.workspace.state.post(alert)

    running_bot.ada.shortcut("explain_error", alert)

    assert running_bot.shown()[-1].text.startswith("That message has no text that I could explain")


def test_the_message_shortcut_tells_of_a_secret_without_blaming_its_user(running_bot: RunningBot) -> None:
    message = said(running_bot, f"sid={SESSION_ID}")

    running_bot.ben.shortcut("explain_error", message)

    answer = running_bot.shown()[-1]
    assert "That message shows a Salesforce secret: session id" in answer.text
    assert SESSION_ID[16:40] not in str(answer.blocks)


def test_explain_never_runs_a_command(running_bot: RunningBot) -> None:
    running_bot.ask("explain remind off")
    running_bot.say("explain remind off", "dm")

    reminder = the_digest(running_bot.bot.store, "T0DEMO")
    assert reminder is not None
    assert reminder.enabled


def test_the_pane_suggests_how_to_begin(running_bot: RunningBot) -> None:
    assert running_bot.ada.open_home("messages").acked

    running_bot.shown()
    (call,) = [call for call in running_bot.workspace.calls if call.method.endswith("setSuggestedPrompts")]
    assert "thread_ts" not in call.args
    assert [prompt["message"] for prompt in call.args["prompts"]] == [
        "status emea-prod",
        "status all",
        "explain",
        "guide",
    ]
    for prompt in call.args["prompts"]:
        assert len(running_bot.say(prompt["message"], "dm")) == 1


def test_the_home_tab_gets_no_prompts(running_bot: RunningBot) -> None:
    running_bot.ada.open_home("home")

    running_bot.shown()
    assert not any("assistant" in call.method for call in running_bot.workspace.calls)


def statuses(running_bot: RunningBot) -> list[str]:
    return [call.args["status"] for call in running_bot.workspace.calls if call.method.endswith("setStatus")]


def test_a_status_line_shows_while_salesforce_is_read(running_bot: RunningBot) -> None:
    running_bot.say("status prod", "dm")
    assert statuses(running_bot) == ["is reading prod in Salesforce", ""]

    root = said(running_bot, "hello there", "dm")
    running_bot.say("status all", "dm", root.ts)
    assert statuses(running_bot)[2:] == ["is reading all orgs in Salesforce"], "the answer in the thread ends it"
    running_bot.say("guide", "dm")
    assert len(statuses(running_bot)) == 3


def test_the_answer_comes_without_a_status_line_too(running_bot: RunningBot) -> None:
    running_bot.workspace.fail(
        "assistant.threads.setStatus", WebApiFault(FaultKind.REFUSE, error="missing_scope"), times=2
    )

    (answer,) = running_bot.say("status prod", "dm")

    assert answer.text.startswith("✅ prod is ready")


def test_a_direct_message_adds_to_the_one_before(running_bot: RunningBot) -> None:
    running_bot.say(GENERIC, "dm")

    (answer,) = running_bot.say("prod", "dm")
    assert answer.text.startswith("The answer above, for prod")
    (answer,) = running_bot.say(BLOCKED_PAGE, "dm")
    assert "blocked" in answer.text.splitlines()[0]


@pytest.mark.parametrize("text", [GENERIC, "prod", "guide", "what is the weather in Oslo"])
def test_a_direct_message_that_slack_delivers_again_is_answered_once(running_bot: RunningBot, text: str) -> None:
    running_bot.say(GENERIC, "dm")
    before = len(running_bot.shown())

    receipt = running_bot.ada.say(text, "dm")
    running_bot.ada.redeliver(receipt)

    assert len(running_bot.shown()) == before + 1


# --- overhearing ---------------------------------------------------------------------------------------


def test_anybody_switches_overhearing_off_and_on(running_bot: RunningBot) -> None:
    shown = running_bot.ask("settings", running_bot.ben)
    assert "#salesforce" in str(shown.blocks) or "C0SALESFORCE" in str(shown.blocks)
    before = len(running_bot.shown())
    running_bot.ben.press(shown, "Be quiet here")
    for_all, for_ben = running_bot.shown()[before:]
    assert (for_all.audience, for_ben.audience) == (None, running_bot.ben.member.id)
    assert for_all.text.splitlines()[1] == "Switched by Ben Okoro. Back: /flosum settings listen"
    assert "left alone" in for_ben.text

    assert list(running_bot.say(NOT_INSTALLED)) == []
    assert list(running_bot.say(f"sid={SESSION_ID}")) == []
    assert len(running_bot.say(NOT_INSTALLED, "#random")) == 1
    before = len(running_bot.shown())
    running_bot.ada.mention(NOT_INSTALLED)
    assert len(running_bot.shown()) == before + 1

    assert "answered in their thread" in running_bot.ask("settings listen", running_bot.ben).text
    assert len(running_bot.say(EXPIRED)) == 1


def test_in_direct_messages_there_is_nothing_to_switch(running_bot: RunningBot) -> None:
    assert "every message is said to me" in running_bot.ask("settings quiet", channel="dm").text
    assert "Be quiet here" not in labels(running_bot.ask("settings", channel="dm"))


def test_an_unknown_setting_is_answered_with_the_known_ones(running_bot: RunningBot) -> None:
    assert "/flosum settings quiet" in running_bot.ask("settings loud").text


# --- was it helpful ------------------------------------------------------------------------------------


def metrics(running_bot: RunningBot) -> dict[str, float]:
    with urlopen(f"{running_bot.bot.metrics_address}/metrics") as page:
        lines = page.read().decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if not line.startswith("#")}


def rate(running_bot: RunningBot, person: SlackUser, message: SlackMessage, label: str) -> SlackMessage:
    person.press(message, label)
    return running_bot.shown()[-1]


def test_verdicts_are_kept_by_entry_shown_in_the_settings_and_counted(running_bot: RunningBot) -> None:
    (answer,) = running_bot.say(NOT_INSTALLED)
    assert "Nobody has said so far" in running_bot.ask("settings").text

    running_bot.ada.press(answer, "All 7 steps")
    whole = running_bot.shown()[-1]
    assert rate(running_bot, running_bot.ada, whole, "Helpful").text.startswith("Noted: it helped")
    noted = rate(running_bot, running_bot.ben, answer, "Not what happened")

    assert noted.audience == running_bot.ben.member.id
    assert "Yes 1, no 1" in running_bot.ask("settings").text
    running_bot.ask("helpful app-must-be-installed yes", running_bot.ben)
    assert "Yes 2, no 0" in running_bot.ask("settings").text
    running_bot.say("lunch?")
    numbers = metrics(running_bot)
    assert numbers['flosum_answers_total{topic="app-not-installed"}'] == 2
    assert numbers['flosum_ratings_total{helpful="yes",topic="app-not-installed"}'] == 2
    assert numbers["flosum_silences_total"] == 1


def test_all_steps_end_with_the_question_whether_they_helped(running_bot: RunningBot) -> None:
    (brief,) = running_bot.say(f"prod says {NOT_INSTALLED}")
    assert labels(brief) == ["Check prod now", "All 7 steps", "Not what happened"]

    running_bot.ada.press(brief, "All 7 steps")
    answer = running_bot.shown()[-1]

    assert labels(answer) == ["Check prod now", "Open Connected Apps OAuth Usage", "Not helpful"]
    spoken = re.findall(r"'accessibility_label': '([^']+)'", str(answer.blocks))
    assert spoken == ["No, this answer was not helpful"]


def test_where_there_is_room_it_can_be_called_helpful_too(running_bot: RunningBot) -> None:
    answer = running_bot.ask("guide confirm-installed")

    assert labels(answer) == ["Choose an org", "Helpful", "Not helpful"]


def test_a_verdict_on_something_unknown_is_refused(running_bot: RunningBot) -> None:
    assert "nothing was noted" in running_bot.ask("helpful no-such-entry yes").text
    assert "Helpful" not in labels(running_bot.ask("settings"))


def test_the_same_error_of_another_org_in_its_thread_gets_the_links_of_that_org_once(running_bot: RunningBot) -> None:
    (answer,) = running_bot.say(f"{NOT_INSTALLED} in uat")
    thread = answer.thread_ts

    (further,) = running_bot.say(f"qa says the same: {NOT_INSTALLED}", thread_ts=thread)

    assert further.text.startswith("The answer above, for qa")
    assert running_bot.say(f"qa, again: {NOT_INSTALLED}", thread_ts=thread) == []
    assert running_bot.say(f"uat still: {NOT_INSTALLED}", thread_ts=thread) == []
    assert running_bot.say(f"me too: {NOT_INSTALLED}", thread_ts=thread) == []


@pytest.mark.parametrize("channel", ["#salesforce", "dm"])
def test_an_edit_while_the_answer_is_under_way_takes_its_place(running_bot: RunningBot, channel: str) -> None:
    running_bot.salesforce.break_org("uat", OrgFault(hang=0.3))
    question = running_bot.ada.say("@flosum status uat", channel).message
    assert question is not None

    running_bot.ada.edit(question, "@flosum status qa")

    running_bot.shown()
    shown = [shown.message for shown in running_bot.workspace.log if shown.message and shown.message.by_bot]
    (standing,) = {message.ts: message for message in shown}.values()
    assert standing.audience is None
    assert read(standing).text.startswith("✅ qa is ready")


def test_what_is_deleted_while_its_answer_is_under_way_takes_that_along(running_bot: RunningBot) -> None:
    running_bot.salesforce.break_org("uat", OrgFault(hang=0.3))
    question = running_bot.ada.say("@flosum status uat").message
    assert question is not None

    running_bot.ada.delete(question)

    running_bot.shown()
    assert [message for message in running_bot.workspace.state.messages.values() if message.by_bot] == []


def test_what_was_answered_to_one_alone_holds_up_no_edit(running_bot: RunningBot) -> None:
    question = said(running_bot, "@flosum settings")

    (answer,) = edited(running_bot, question, "@flosum snooze")

    assert answer.message is not None
    assert answer.message.audience == running_bot.ada.member.id
    assert "will be tried again" not in running_bot.log.getvalue()

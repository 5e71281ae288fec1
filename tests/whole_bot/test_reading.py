"""What the bot reads, wherever Slack puts it: blocks, attachments, files, and what workflows and other apps post."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.payloads import snippet
from bot.sandbox.slack.records import BOT_USER, Json, SlackMessage
from tests.running_bot import RunningBot
from tests.whole_bot.test_commands import NOT_INSTALLED, SESSION_ID, labels
from tests.whole_bot.test_conversations import EXPIRED

CAUSE = "not installed in the org"
BLOCKED = "error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin"


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def rich(*elements: Json, kind: str = "rich_text_section") -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def words(text: str) -> Json:
    return {"type": "text", "text": text}


SECTION = {"type": "section", "text": mrkdwn(f"*Sync failed*\n{NOT_INSTALLED}")}
ALERTS: dict[str, tuple[str, list[Json], list[Json]]] = {
    "section": ("Sync failed", [SECTION], []),
    "fields": ("", [{"type": "section", "fields": [mrkdwn("*Error*"), mrkdwn(NOT_INSTALLED)]}], []),
    "context": ("", [{"type": "context", "elements": [mrkdwn(NOT_INSTALLED)]}], []),
    "header": ("", [{"type": "header", "text": {"type": "plain_text", "text": NOT_INSTALLED[:140]}}], []),
    "markdown": ("", [{"type": "markdown", "text": f"**Error** {NOT_INSTALLED}"}], []),
    "rich text": ("", [rich(words("it says "), words(NOT_INSTALLED))], []),
    "preformatted": ("", [rich(words(NOT_INSTALLED), kind="rich_text_preformatted")], []),
    "a table": (
        "Sync failed",
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "Error"}, rich(words(NOT_INSTALLED))]]}],
        [],
    ),
    "a kind to come": ("", [{"type": "billboard", "body": {"content": [mrkdwn(NOT_INSTALLED)]}}], []),
    "an attachment's blocks": ("", [], [{"color": "#f00", "blocks": [SECTION], "fallback": "[no preview available]"}]),
    "an attachment's field": ("Sync", [], [{"title": "Sync", "fields": [{"title": "Error", "value": NOT_INSTALLED}]}]),
    "an attachment's title": ("", [], [{"title": NOT_INSTALLED}]),
    "fallback alone": ("", [], [{"fallback": NOT_INSTALLED}]),
    "a link's words": ("", [{"type": "section", "text": mrkdwn(f"<https://s.example/1|{NOT_INSTALLED}>")}], []),
}


@pytest.mark.parametrize("place", ALERTS)
def test_an_alert_is_read_wherever_its_words_are_and_only_when_somebody_asks(
    running_bot: RunningBot, place: str
) -> None:
    text, blocks, attachments = ALERTS[place]
    alert = running_bot.other_app.alert(text, blocks, attachments).message
    assert alert is not None
    assert running_bot.shown() == []

    running_bot.ada.shortcut("explain_error", alert)

    (answer,) = running_bot.shown()
    assert answer.audience == running_bot.ada.member.id
    assert CAUSE in answer.text


LONG = f"{NOT_INSTALLED}\n" + "at com.acme.Sync.run(Sync.java:7)\n" * 400


def test_a_paste_that_became_a_snippet_is_read_like_one(running_bot: RunningBot) -> None:
    running_bot.ada.share([snippet(NOT_INSTALLED)])

    (answer,) = running_bot.shown()
    assert CAUSE in answer.text
    assert "beginning" not in str(answer.blocks)


def test_a_snippet_that_is_cut_is_answered_from_what_is_there(running_bot: RunningBot) -> None:
    running_bot.ada.share([snippet(LONG)])

    (answer,) = running_bot.shown()
    assert CAUSE in answer.text
    assert "paste the lines with the error" in str(answer.blocks)


PICTURE = {"id": "F0PICTURE", "mode": "hosted", "mimetype": "image/png", "filetype": "png", "name": "screenshot.png"}
CLIP = {"id": "F0CLIP", "mode": "hosted", "subtype": "slack_audio", "mimetype": "audio/mp4", "name": "audio.m4a"}
CANVAS = {"id": "F0CANVAS", "mode": "quip", "filetype": "quip", "pretty_type": "Canvas", "title": "Login trouble"}


@pytest.mark.parametrize("file", [PICTURE, CLIP, CANVAS], ids=["picture", "clip", "canvas"])
@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ("@flosum what is this?", "#salesforce"),
        ("@flosum", "#salesforce"),
        ("@flosum help", "#salesforce"),
        ("@flosum can you read what stands there", "#salesforce"),
        ("", "dm"),
        ("thanks, and this one?", "dm"),
    ],
)
def test_who_shows_a_file_without_text_is_told_so(running_bot: RunningBot, file: Json, said: str, channel: str) -> None:
    running_bot.ada.share([file], said, channel)

    (answer,) = running_bot.shown()
    assert answer.text.startswith("I read text, and find none in that file\nPaste the error that it shows")


@pytest.mark.parametrize(
    ("said", "channel", "answered"),
    [
        ("@flosum status prod", "#salesforce", "✅ prod is ready"),
        ("@flosum help status", "#salesforce", "What status takes"),
        (NOT_INSTALLED, "dm", "Salesforce refuses new logins to a connected app"),
    ],
)
def test_what_is_said_beside_a_picture_is_answered(
    running_bot: RunningBot, said: str, channel: str, answered: str
) -> None:
    running_bot.ada.share([PICTURE], said, channel)

    assert running_bot.shown()[-1].text.startswith(answered)


def test_what_somebody_says_of_themselves_is_said(running_bot: RunningBot) -> None:
    running_bot.ada.say(f"gets {NOT_INSTALLED}", extra={"subtype": "me_message"})  # /me gets …

    (answer,) = running_bot.shown()
    assert CAUSE in answer.text


def test_a_picture_that_nobody_asks_about_is_left_alone(running_bot: RunningBot) -> None:
    running_bot.ada.share([PICTURE], "lunch?")

    assert running_bot.shown() == []


def test_a_cut_snippet_without_an_error_asks_who_asked_for_the_lines(running_bot: RunningBot) -> None:
    log = "INFO all is well\n" * 2000
    running_bot.ada.share([snippet(log)])
    assert running_bot.shown() == []

    running_bot.ada.share([snippet(log)], "@flosum what is wrong here?")
    running_bot.ada.share([snippet(log)], channel="dm")

    named, direct = running_bot.shown()
    for answer in (named, direct):
        assert answer.text.startswith("Slack shows me only the beginning of that file")
        assert "Paste the lines with the error" in answer.text


def test_the_shortcut_tells_of_a_cut_file_too(running_bot: RunningBot) -> None:
    shared = running_bot.ada.share([snippet("INFO all is well\n" * 2000)], channel="#random").message
    assert shared is not None

    running_bot.ada.shortcut("explain_error", shared)

    assert running_bot.shown()[-1].text.startswith("Slack shows me only the beginning of that file")


def test_a_mail_in_the_channel_is_read(running_bot: RunningBot) -> None:
    mail = {"mode": "email", "subject": "Sync failed", "plain_text": NOT_INSTALLED, "preview": "Sync", "lines_more": 3}

    running_bot.ada.share([mail])

    (answer,) = running_bot.shown()
    assert CAUSE in answer.text
    assert "beginning" not in str(answer.blocks)


def test_a_secret_in_a_snippet_is_told_to_its_author(running_bot: RunningBot) -> None:
    running_bot.ada.share([snippet(f"{NOT_INSTALLED}\nsid={SESSION_ID}")])

    _, private = running_bot.shown()
    assert private.audience == running_bot.ada.member.id
    assert SESSION_ID[16:40] not in str(private.blocks)


def test_a_table_that_somebody_pasted_is_read(running_bot: RunningBot) -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": NOT_INSTALLED}]]}

    running_bot.ada.say("look", extra={"attachments": [], "blocks": [rich(words("look")), table]})

    (answer,) = running_bot.shown()
    assert CAUSE in answer.text


# --- forms of workflows --------------------------------------------------------------------------------


def test_a_workflows_form_that_names_the_bot_is_a_question(running_bot: RunningBot) -> None:
    form = running_bot.other_app.form(f"Help wanted @flosum\n*Error*\n{NOT_INSTALLED}")

    (answer,) = running_bot.shown()
    assert CAUSE in answer.text
    assert form.message is not None
    assert (answer.thread_ts, answer.audience) == (form.message.ts, None)


def test_nobody_is_known_to_have_filled_in_a_form_so_it_changes_and_shows_nothing(running_bot: RunningBot) -> None:
    for text in ("@flosum disconnect prod", "@flosum status prod", f"@flosum prod says {NOT_INSTALLED}"):
        running_bot.other_app.form(text)

    assert not [answer for answer in running_bot.shown() if answer.audience]
    assert "prod" not in str([answer.blocks for answer in running_bot.shown()]).replace("Production", "")
    assert running_bot.bot.store.org("T0DEMO", "prod")


def test_a_secret_in_a_form_is_told_in_its_thread_as_its_author_is_not_known(running_bot: RunningBot) -> None:
    running_bot.other_app.form(f"@flosum {NOT_INSTALLED} sid={SESSION_ID}")

    (answer,) = running_bot.shown()
    assert "Tell its author to delete it" in str(answer.blocks)
    assert SESSION_ID[16:40] not in str(answer.blocks)


def test_bots_that_name_the_bot_in_its_answers_are_left_alone(running_bot: RunningBot) -> None:
    form = running_bot.other_app.form(f"@flosum {NOT_INSTALLED}").message
    assert form is not None
    assert len(running_bot.shown()) == 1

    running_bot.other_app.form(f"@flosum thank you, {BLOCKED}", thread_ts=form.ts)
    running_bot.other_app.alert(f"<@U0FLOSUM> {NOT_INSTALLED}")

    assert len(running_bot.shown()) == 1


# --- under an alert, when somebody asks ----------------------------------------------------------------


def reads(running_bot: RunningBot) -> int:
    """How often the bot has read a thread."""
    return sum(call.method == "conversations.replies" for call in running_bot.workspace.calls)


def ask_under(running_bot: RunningBot, above: str, question: str = "@flosum what is this?") -> SlackMessage:
    """Ask in the thread of an alert, and return the one answer there."""
    alert = running_bot.other_app.alert("Sync failed", [{"type": "section", "text": mrkdwn(above)}]).message
    assert alert is not None
    before = len(running_bot.shown())
    running_bot.ada.say(question, thread_ts=alert.ts)
    (answer,) = running_bot.shown()[before:]
    assert answer.thread_ts == alert.ts
    return answer


@pytest.mark.parametrize(
    "question", ["@flosum what is this?", "@flosum", "@flosum explain", "@flosum explain this please"]
)
def test_asked_under_an_alert_it_explains_the_alert(running_bot: RunningBot, question: str) -> None:
    answer = ask_under(running_bot, NOT_INSTALLED, question)

    assert CAUSE in answer.text
    assert answer.audience is None
    assert reads(running_bot) == 1


def test_the_org_may_be_named_by_the_alert_or_by_who_asks(running_bot: RunningBot) -> None:
    by_asker = ask_under(running_bot, NOT_INSTALLED, "@flosum what is this in uat?")
    by_alert = ask_under(running_bot, f"prod: {EXPIRED}")

    assert [labels(answer)[0] for answer in (by_asker, by_alert)] == ["Check uat now", "Check prod now"]


def test_a_secret_in_an_alert_is_not_repeated(running_bot: RunningBot) -> None:
    answer = ask_under(running_bot, f"{NOT_INSTALLED} sid={SESSION_ID}")

    assert CAUSE in answer.text
    assert SESSION_ID[16:40] not in str(answer.blocks)


def test_what_a_person_said_above_is_explained_too_where_the_bot_was_silent(running_bot: RunningBot) -> None:
    running_bot.ask("settings quiet")
    question = running_bot.ada.say(NOT_INSTALLED).message
    assert question is not None
    before = len(running_bot.shown())

    running_bot.ben.mention("can you help here?", thread_ts=question.ts)

    (answer,) = running_bot.shown()[before:]
    assert CAUSE in answer.text


def test_a_question_of_its_own_is_answered_without_reading_the_thread(running_bot: RunningBot) -> None:
    answer = ask_under(running_bot, NOT_INSTALLED, f"@flosum {EXPIRED}")

    assert answer.text.startswith("The access token is no longer valid")
    assert reads(running_bot) == 0


def test_an_alert_of_something_else_is_said_to_be_unknown(running_bot: RunningBot) -> None:
    answer = ask_under(running_bot, "Disk is 91 % full")

    assert answer.text.startswith("I have no guidance for that")


def test_the_name_alone_under_something_else_gets_the_help(running_bot: RunningBot) -> None:
    answer = ask_under(running_bot, "Disk is 91 % full", "@flosum")

    assert answer.text.startswith("I help Salesforce orgs")


def test_the_name_alone_below_an_answer_leads_to_it(running_bot: RunningBot) -> None:
    question = running_bot.ada.say(NOT_INSTALLED).message
    assert question is not None
    before = len(running_bot.shown())

    running_bot.ada.say("@flosum", thread_ts=question.ts)

    (answer,) = running_bot.shown()[before:]
    assert answer.text.startswith("The same error was explained here")
    assert reads(running_bot) == 0


def test_where_slack_does_not_let_it_read_it_says_what_it_needs(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("conversations.replies", WebApiFault(FaultKind.RATE_LIMIT, seconds=60))

    answer = ask_under(running_bot, NOT_INSTALLED)

    assert "paste its whole text" in answer.text
    assert reads(running_bot) == 1


def test_what_the_bot_itself_posted_is_no_error_to_explain(running_bot: RunningBot) -> None:
    state = running_bot.workspace.state
    metadata = {"event_type": "flosum_message", "event_payload": {"key": "a digest"}}
    own = state.post(SlackMessage("C0SALESFORCE", state.next_ts(), BOT_USER, NOT_INSTALLED, metadata=metadata))

    running_bot.ben.mention("what is this?", thread_ts=own.ts)

    assert running_bot.shown()[-1].text.startswith("I have no guidance for that")

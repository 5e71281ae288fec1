"""Slack's message events, read into what was said."""

from __future__ import annotations

import pytest
from slack_bolt import BoltContext

from bot.adapters.slack.views.reading import readable
from bot.domain.conversations.policy import Message
from bot.domain.model import Asker
from bot.entrypoints.slack.message_events import Event, deleted_in, mention_in, message_in

CONTEXT = BoltContext({"team_id": "T1", "bot_user_id": "U0BOT"})
ADA = Asker("T1", "U1", "C1")
SAID: Event = {"type": "message", "user": "U1", "text": "hi &amp; <https://a.example/x?a=1&amp;b=2|link>", "ts": "1.0"}
IN_CHANNEL: Event = SAID | {"channel": "C1", "channel_type": "channel"}


def changed(before: Event, after: Event) -> Event:
    event: Event = {"subtype": "message_changed", "channel": "C1", "channel_type": "channel", "ts": "2.0"}
    return event | {"message": after, "previous_message": before}


def test_a_message_is_read_without_slacks_escaping() -> None:
    assert message_in(IN_CHANNEL, CONTEXT) == Message(ADA, "hi & https://a.example/x?a=1&b=2", "1.0")


def test_a_direct_message_is_asked_and_answered_beside_it() -> None:
    spoken = message_in(IN_CHANNEL | {"channel": "D1", "channel_type": "im"}, CONTEXT)

    assert spoken is not None
    assert spoken.asked
    assert spoken.reply_thread is None


def test_a_mention_comes_once_and_without_the_bots_name() -> None:
    event = IN_CHANNEL | {"text": "<@U0BOT> what is <@U0BOT|flosum> this?"}

    assert message_in(event, CONTEXT) is None
    assert mention_in(event, CONTEXT) == Message(ADA, "what is   this?", "1.0", asked=True)


def test_an_edit_tells_whether_its_earlier_form_was_asked() -> None:
    named = SAID | {"text": "<@U0BOT> status"}

    newly, again = message_in(changed(SAID, named), CONTEXT), message_in(changed(named, named | {"text": "x"}), CONTEXT)

    assert newly == Message(ADA, "status", "1.0", asked=True, edited=True, edited_ts="2.0")
    assert again == Message(ADA, "x", "1.0", edited=True, was_asked=True, edited_ts="2.0")


@pytest.mark.parametrize(
    "event",
    [
        IN_CHANNEL | {"bot_id": "B1"},
        IN_CHANNEL | {"app_id": "A1"},
        IN_CHANNEL | {"bot_profile": {"id": "B1"}},
        IN_CHANNEL | {"subtype": "bot_message"},
        IN_CHANNEL | {"subtype": "channel_join"},
        {"subtype": "message_deleted", "channel": "C1", "channel_type": "channel", "previous_message": SAID},
        {"type": "message", "text": "no author", "ts": "1.0", "channel": "C1"},
        changed(SAID | {"bot_id": "B1"}, SAID | {"bot_id": "B1", "text": "x"}),
        changed(SAID, SAID | {"attachments": [{"title": "a link's preview"}]}),
        {"subtype": "message_changed", "channel": "C1"},
    ],
)
def test_what_no_person_said_anew_is_nothing(event: Event) -> None:
    assert message_in(event, CONTEXT) is None
    assert "bot_id" not in event or mention_in(event, CONTEXT) is None


FORWARDED = {"is_msg_unfurl": True, "text": "app must be installed", "fallback": "[1 pm] ben: app must be installed"}


def test_a_forwarded_message_is_read_but_no_bots_and_no_preview() -> None:
    preview = {"title": "A page", "text": "about apps", "from_url": "https://a.example"}
    ours = FORWARDED | {"author_id": "U0BOT", "text": "an answer"}
    apps = FORWARDED | {"bot_id": "B1", "text": "an alert"}

    said = readable({"text": "look", "attachments": [FORWARDED, preview, ours, apps]}, own="U0BOT")

    assert said == "look\napp must be installed"


def test_the_preview_of_a_linked_message_that_comes_later_is_not_read() -> None:
    linked = {"text": "look", "attachments": [FORWARDED], "edited": {"user": "U1", "ts": "2.0"}}

    assert readable(linked) == "look"
    assert readable(linked | {"attachments": [FORWARDED | {"is_share": True}]}) == "look\napp must be installed"


def test_pointed_at_an_alert_is_read_as_a_whole() -> None:
    alert = {
        "pretext": "Build 7",
        "title": "failed",
        "fallback": "Build 7 failed",
        "fields": [{"title": "log", "value": "x"}],
    }

    assert (
        readable({"attachments": [alert, {"fallback": "only this"}]}, whole=True)
        == "Build 7\nfailed\nlog: x\nonly this"
    )


def deletion(**more: object) -> Event:
    event = IN_CHANNEL | {"subtype": "message_deleted", "ts": "3.0", "deleted_ts": "1.0", "previous_message": SAID}
    return {name: value for name, value in (event | more).items() if name not in ("user", "text")}


STONE = {"subtype": "tombstone", "user": "USLACKBOT", "ts": "1.0", "text": "This message was deleted."}


@pytest.mark.parametrize("event", [deletion(), changed(SAID, STONE)])
def test_a_deleted_message_is_read_whether_it_left_a_stone_or_not(event: Event) -> None:
    deleted = deleted_in(event, CONTEXT)

    assert deleted == Message(ADA, "hi & https://a.example/x?a=1&b=2", "1.0")
    assert message_in(event, CONTEXT) is None


@pytest.mark.parametrize(
    ("before", "channel_type", "asked", "edited"),
    [
        (SAID, "im", True, False),
        (SAID | {"text": "<@U0BOT> status"}, "channel", True, False),
        (SAID | {"edited": {"ts": "2.0"}}, "channel", False, True),
        (SAID | {"user": "U0BOT", "bot_id": "B1"}, "channel", False, True),
        ({"bot_id": "B2", "text": "<@U0BOT> a form", "ts": "1.0"}, "channel", True, False),
        (None, "channel", False, True),
    ],
)
def test_how_likely_a_deleted_message_has_an_answer(
    before: Event | None, channel_type: str, asked: bool, edited: bool
) -> None:
    deleted = deleted_in(deletion(previous_message=before, channel_type=channel_type), CONTEXT)

    assert deleted is not None
    assert (deleted.asked, deleted.edited) == (asked, edited)


@pytest.mark.parametrize(
    "event",
    [
        deletion(previous_message=SAID | {"bot_id": "B2"}),
        deletion(deleted_ts=None),
        changed(SAID, SAID | {"text": "x"}),
        IN_CHANNEL,
        {"subtype": "message_changed", "channel": "C1"},
    ],
)
def test_what_else_is_no_deletion_that_matters(event: Event) -> None:
    assert deleted_in(event, CONTEXT) is None


@pytest.mark.parametrize(
    ("grid", "team", "stranger"),
    [
        (None, None, False),
        (None, "T1", False),
        (None, "T2", True),
        (None, "E2", True),
        ("E1", "T1", False),
        ("E1", "E1", False),
        ("E1", "T2", False),  # perhaps another workspace of the same organization: Slack is asked
        ("E1", "E2", True),
    ],
)
def test_whose_person_it_is_is_told_by_the_event_where_that_is_certain(
    grid: str | None, team: str | None, stranger: bool
) -> None:
    context = BoltContext({"team_id": "T1", "enterprise_id": grid, "bot_user_id": "U0BOT"})
    for said in ({"user_team": team}, {"source_team": team}):
        written = IN_CHANNEL | said
        for heard in (
            message_in(written, context),
            mention_in(written, context),
            message_in(changed(written, written | {"text": "x"}), context),
        ):
            assert heard is not None
            assert heard.who.stranger is stranger

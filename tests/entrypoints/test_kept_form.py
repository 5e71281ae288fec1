"""What is kept of a message means the same when it is read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from slack_bolt import BoltContext

from bot.adapters.slack.views.modal import LINE, entered
from bot.entrypoints.slack.kept_form import kept_form
from bot.entrypoints.slack.message_events import deleted_in, mention_in, message_in
from bot.entrypoints.slack.shapes import fault_of

CONTEXT = BoltContext({"team_id": "T1", "bot_user_id": "U0BOT"})
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b & c"}]]}
SNIPPET = {"preview": "at <init> & more", "lines_more": 9, "id": "F1", "url_private": "https://files.example/F1"}
PERSONS = {"type": "message", "user": "U1", "channel": "C1", "ts": "1.0", "text": "look &amp; see"}
FORMS = {"type": "app_mention", "bot_id": "B1", "channel": "C1", "ts": "1.0", "text": "<@U0BOT> help"}


@pytest.mark.parametrize("beside", [{}, {"blocks": [TABLE]}, {"subtype": "file_share", "files": [SNIPPET]}])
@pytest.mark.parametrize("said", [PERSONS, PERSONS | {"thread_ts": "0.5"}, FORMS])
def test_a_message_is_the_same_when_it_is_read_again(said: dict[str, Any], beside: dict[str, Any]) -> None:
    read = mention_in if said["type"] == "app_mention" else message_in
    event = said | beside

    kept = kept_form({"type": "event_callback", "event": event}, CONTEXT, lambda _: False)["event"]

    assert read(kept, CONTEXT) == read(event, CONTEXT) is not None
    assert not {"blocks", "attachments"} & set(kept)
    assert "url_private" not in str(kept)


DELETED = {"type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "3.0", "deleted_ts": "1.0"}
STONE = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "3.0"}


@pytest.mark.parametrize(
    "event",
    [
        DELETED,
        DELETED | {"channel": "D1", "channel_type": "im"},
        STONE | {"message": {"subtype": "tombstone", "ts": "1.0"}},
    ],
)
def test_of_a_deleted_message_no_word_is_kept(event: dict[str, Any]) -> None:
    event = event | {"previous_message": PERSONS | {"thread_ts": "0.5"}}
    read = deleted_in(event, CONTEXT)

    kept = kept_form({"type": "event_callback", "event": event}, CONTEXT, lambda _: False)

    assert read is not None
    assert deleted_in(kept["event"], CONTEXT) == replace(read, text="", edited=True)
    assert "look" not in str(kept)


def test_of_a_person_who_changed_no_more_is_kept_than_who_and_whether_they_are_there() -> None:
    user = {"id": "U1", "team_id": "T1", "deleted": True, "profile": {"email": "ben@acme.example"}, "tz": "UTC"}

    kept = kept_form(
        {"type": "event_callback", "event": {"type": "user_change", "user": user}}, CONTEXT, lambda _: False
    )

    assert kept["event"] == {"type": "user_change", "user": {"id": "U1", "team_id": "T1", "deleted": True}}


def test_whoever_was_chosen_in_a_form_is_kept() -> None:
    line = {"type": "users_select", "selected_user": "U1"}
    view = {"id": "V1", "type": "modal", "callback_id": "owner", "private_metadata": "prod"}
    sent = {
        "type": "view_submission",
        "user": {"id": "U2"},
        "view": {**view, "state": {"values": {"person": {LINE: line}}}},
    }

    kept = kept_form(sent, CONTEXT, lambda _: False)

    assert fault_of(kept) == ""
    assert entered(kept["view"]["state"]["values"]["person"][LINE]) == "U1"

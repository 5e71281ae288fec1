"""What is kept of a message means the same when it is read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from slack_bolt import BoltContext

from bot.entrypoints.slack.kept_form import kept_form
from bot.entrypoints.slack.message_events import deleted_in, mention_in, message_in

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

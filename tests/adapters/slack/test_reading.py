"""The words of messages, wherever they stand in them."""

from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest

from bot.adapters.slack.views.mrkdwn import incoming, without_mention
from bot.adapters.slack.views.reading import LONGEST, is_cut, readable
from tests.mutated_payloads import ODD

Json = dict[str, Any]
SAID = {"type": "text", "text": "a < b & c"}


def rich(*elements: Json, kind: str = "rich_text_section") -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (rich(SAID), "a < b & c"),
        (rich({"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "eyes"}), "<@U1>:eyes:"),
        (rich({"type": "channel", "channel_id": "C1"}, {"type": "usergroup", "usergroup_id": "S1"}),
         "<#C1><!subteam^S1>"),
        (rich({"type": "broadcast", "range": "here"}, {"type": "date", "fallback": "today"}), "@heretoday"),
        (rich({"type": "link", "url": "https://a.example/?x=1&y=2"}), "https://a.example/?x=1&y=2"),
        (rich({"type": "link", "url": "https://a.example", "text": "OAUTH_APP_BLOCKED"}),
         "OAUTH_APP_BLOCKED https://a.example"),
        ({"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": word}]} for word in ("one", "two")]}]},
         "one\ntwo"),
        (section("x", fields=[{"type": "plain_text", "text": "y"}]), "x\ny"),
        (section("x", accessory={"type": "button", "text": {"type": "plain_text", "text": "Press"}}), "x"),
        ({"type": "table", "rows": [[{"type": "raw_text", "text": "code"}, {"type": "raw_number", "text": "401"}],
                                    [{"type": "raw_text", "text": "why"}, rich(SAID)]]}, "code | 401\nwhy | a < b & c"),
        ({"type": "image", "title": {"type": "plain_text", "text": "t"}, "alt_text": "a", "image_url": "u"}, "t\na"),
        ({"type": "card", "title": {"type": "mrkdwn", "text": "t"}, "body": {"type": "mrkdwn", "text": "b"}}, "t\nb"),
        ({"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]}, ""),
    ],
)  # fmt: skip
def test_the_words_of_a_block(block: Json, words: str) -> None:
    assert incoming(readable({"bot_id": "B1", "blocks": [block]}, whole=True)) == words


@pytest.mark.parametrize(
    ("text", "blocks", "words"),
    [
        ("*Sync* failed", [rich({"type": "text", "text": "Sync failed"})], "*Sync* failed"),
        ("Sync failed", [section("*Sync failed* in prod"), section("400")], "*Sync failed* in prod\n400"),
        ("Sync failed: 400", [section("Sync failed")], "Sync failed: 400"),
        ("Sync failed", [section("400")], "Sync failed\n400"),
        ("", [section("400"), section("400")], "400"),
        ("err", [section("error")], "err\nerror"),
    ],
)
def test_what_text_and_blocks_both_say_is_read_once(text: str, blocks: list[Json], words: str) -> None:
    assert readable({"bot_id": "B1", "text": text, "blocks": blocks}, whole=True) == words


def test_what_a_person_typed_is_read_as_slack_has_written_it() -> None:
    typed = {"user": "U1", "text": "it is `x` :+1::skin-tone-2:", "blocks": [rich({"type": "emoji", "name": "+1"})]}

    assert readable(typed) == typed["text"]


def test_a_forwarded_message_is_read_with_its_blocks_and_files() -> None:
    inner = {"message": {"blocks": [section("in its blocks")]}}
    forwarded = {"is_share": True, "message_blocks": [inner], "files": [{"preview": "in its file"}]}

    assert readable({"text": "look", "attachments": [forwarded]}) == "look\nin its blocks\nin its file"


@pytest.mark.parametrize(
    ("file", "cut"),
    [
        ({"preview": "x"}, False),
        ({"preview": "x", "preview_is_truncated": True}, True),
        ({"preview": "x", "lines_more": 3}, True),
        ({"preview": "x", "lines_more": 3, "plain_text": "x and all the rest"}, False),
        ({"name": "screen.png", "mimetype": "image/png"}, False),
        ({"lines_more": "3", "preview_is_truncated": "yes"}, False),
    ],
)
def test_whether_a_file_goes_on(file: Json, cut: bool) -> None:
    assert is_cut({"files": [file]}) is cut


def test_a_file_is_read_as_it_is() -> None:
    assert incoming(readable({"text": "", "files": [{"preview": "a &amp; <b>"}]})) == "a &amp; <b>"


def test_not_more_is_read_than_a_message_may_hold() -> None:
    blocks = [section(str(number) * 30_000) for number in range(5)]

    assert len(readable({"text": "x", "blocks": blocks, "bot_id": "B1"})) < LONGEST + 10


def test_what_is_not_of_slacks_form_has_no_words_and_breaks_nothing() -> None:
    chance = Random(11)  # noqa: S311 - a seed is the point
    kinds = ["section", "rich_text", "rich_text_section", "rich_text_list", "table", "text", "link", "card", "?"]

    def odd(depth: int) -> Any:
        if depth == 0 or chance.random() < 0.3:
            return chance.choice(ODD)
        if chance.random() < 0.4:
            return [odd(depth - 1) for _ in range(chance.randrange(4))]
        names = ("text", "elements", "rows", "fields", "url", "blocks", "message", "message_blocks", "files", "preview")
        return {"type": chance.choice(kinds), **{chance.choice(names): odd(depth - 1) for _ in range(3)}}

    for _ in range(3000):
        message = {name: odd(5) for name in ("text", "blocks", "attachments", "files")}
        readable(message, whole=chance.random() < 0.5).encode()
        is_cut(message)


def test_blocks_nested_without_end_are_left_at_some_depth() -> None:
    block: Json = section("deep")
    for _ in range(700):
        block = {"type": "container", "blocks": [block]}

    assert readable({"text": "x", "blocks": [block]}) == "x"


def test_a_message_made_to_be_slow_is_read_at_once() -> None:
    """Expressions that looked for the end of each of these to the end of all took 46 seconds; now it is under one."""
    spells = ("<", "<http:a|", "<https:x", "<!a", "<!a|", "<@U0BOT|", "[", "~", "<https://a|b")
    blocks = [section(spell * (40_000 // len(spell))) for spell in spells]
    begun = time.process_time()

    for block in blocks:
        said = {"bot_id": "B1", "text": block["text"]["text"], "blocks": [block, section("x")]}
        without_mention(incoming(readable(said, whole=True)), "U0BOT")

    assert time.process_time() - begun < 5

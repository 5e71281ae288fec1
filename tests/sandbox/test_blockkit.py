"""The validator of messages and views catches each of its rules, and takes what Slack takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.blocks import lay_out
from bot.sandbox.slack.limits import message_problems
from bot.sandbox.slack.markup import NameLookup
from bot.sandbox.slack.records import Call
from tests.blockkit import (
    SCHEMAS,
    assert_valid_calls,
    assert_valid_message,
    assert_valid_view,
    message_faults,
    view_faults,
)
from tests.tiny_bot import BUTTONS, MODAL

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "words", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(label: str = "Check", **more: object) -> Json:
    return {"type": "button", "text": plain(label), "action_id": "check", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(count: int) -> Json:
    options = [{"text": plain(str(n)), "value": str(n)} for n in range(count)]
    return {"type": "static_select", "action_id": "pick", "placeholder": plain("Pick"), "options": options}


TABLE: Json = {"type": "table", "rows": [[{"type": "raw_text", "text": "org"}]]}


def test_a_good_message_passes() -> None:
    everything = [
        {"type": "header", "text": plain("h" * 150)},
        section("t" * 3000, accessory=button("b" * 75)),
        {"type": "section", "fields": [mrkdwn("f" * 2000)] * 10},
        {"type": "context", "elements": [mrkdwn("small")] * 10},
        {"type": "divider"},
        actions(*(button(action_id=f"a{n}") for n in range(25))),
        actions(select(100)),
        TABLE,
    ]

    assert_valid_message({"text": "words", "blocks": everything})
    assert_valid_message({"text": "words", "blocks": BUTTONS})
    assert_valid_message({"text": "<!date^1^{date}|then> <https://a.com|a>", "blocks": []})


def test_a_good_view_passes() -> None:
    assert_valid_view(MODAL)
    assert_valid_view({"type": "home", "blocks": [section()] * 100})


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        (
            [actions(button("b" * 76))],
            "less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        ([section(accessory=button("b" * 76))], "json-pointer:/blocks/0/accessory/text/text"),
        ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        (
            [actions(select(101))],
            "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
        ),
        ([section(block_id="a"), section(block_id="a")], "`block_id` a already exists"),
        ([actions(button(), button("Other"))], "`action_id` check already exists"),
        ([{"type": "header", "text": plain("h" * 151)}], "less than 151 characters"),
        ([{"type": "header", "text": mrkdwn("h")}], "unsupported type: mrkdwn"),
        ([section("t" * 3001)], "less than 3001 characters"),
        ([section("")], "more than 0 characters"),
        ([{"type": "section"}], "missing required field: text"),
        ([{"type": "section", "fields": [mrkdwn("f")] * 11}], "no more than 10 items"),
        ([{"type": "section", "fields": [mrkdwn("f" * 2001)]}], "less than 2001 characters"),
        ([{"type": "context", "elements": [mrkdwn("c")] * 11}], "no more than 10 items"),
        ([{"type": "context", "elements": []}], "no fewer than 1 items"),
        ([actions(*(button(action_id=str(n)) for n in range(26)))], "no more than 25 items"),
        ([{"type": "image", "image_url": "https://a.com/a.png"}], "missing required field: alt_text"),
        ([{"type": "markdown", "text": "m" * 6001}] * 2, "less than 12001 characters"),
        ([TABLE, TABLE], "only one table"),
        ([{"type": "chart"}], "unsupported type: chart"),
        (["words"], "must be an object [json-pointer:/blocks/0]"),
        ([{"type": "section", "text": "words"}], "must be an object [json-pointer:/blocks/0/text]"),
        ([{"type": "actions", "elements": {}}], "must be an array [json-pointer:/blocks/0/elements]"),
        ([{"type": "context", "elements": [button()]}], "unsupported type: button"),
        ([{"type": "table", "rows": ["x"]}], "must be an array [json-pointer:/blocks/0/rows/0]"),
        ([section(block_id=1)], "must be a string [json-pointer:/blocks/0/block_id]"),
        ([section(accessory=button(value="v" * 2001))], "less than 2001 characters"),
        ([section(accessory=button(url="https://a.com/" + "u" * 3000))], "less than 3001 characters"),
        ([section(block_id="b" * 256)], "less than 256 characters"),
        ([section(accessory=button(accessibility_label="a" * 76))], "less than 76 characters"),
        ([section(accessory=button(confirm={"title": plain("t" * 101)}))], "less than 101 characters"),
    ],
)
def test_each_limit_of_a_message_is_held(blocks: list[Json], words: str) -> None:
    assert any(words in fault for fault in message_faults({"text": "words", "blocks": blocks}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": plain("t" * 25)}, "less than 25 characters [json-pointer:/view/title/text]"),
        ({"submit": plain("t" * 25)}, "less than 25 characters [json-pointer:/view/submit/text]"),
        ({"title": mrkdwn("t")}, "unsupported type: mrkdwn"),
        ({"blocks": [section()] * 101}, "no more than 100 items"),
        ({"blocks": [TABLE]}, "unsupported type: table"),
        ({"blocks": [{"type": "markdown", "text": "m"}]}, "unsupported type: markdown"),
        ({"private_metadata": "p" * 3001}, "less than 3001 characters"),
        ({"type": "sheet"}, "unsupported type: sheet"),
        ({"blocks": [section("<!here>")]}, "pings a whole group"),
    ],
)
def test_each_limit_of_a_view_is_held(change: Json, words: str) -> None:
    assert any(words in fault for fault in view_faults({**MODAL, **change}))


def test_a_modal_with_inputs_needs_a_submit() -> None:
    assert any("submit" in f for f in view_faults({k: v for k, v in MODAL.items() if k != "submit"}))


@pytest.mark.parametrize("blocks", [[section(colour="red")], [{"type": "header", "text": mrkdwn("h")}]])
def test_the_schemas_catch_what_the_models_let_through(blocks: list[Json]) -> None:
    if not SCHEMAS.exists():
        pytest.skip(f"Slack's schemas are not at {SCHEMAS.name} beside the repository")

    assert any(fault.startswith("schema: ") for fault in message_faults({"text": "words", "blocks": blocks}))


def test_the_models_are_asked() -> None:
    assert any(f.startswith("slack_sdk: ") for f in message_faults({"text": "words", "blocks": [{"type": "section"}]}))
    assert any(f.startswith("slack_sdk: ") for f in view_faults({**MODAL, "title": plain("t" * 25)}))


def test_a_message_without_text_is_caught() -> None:
    assert any("no top-level text" in fault for fault in message_faults({"text": " ", "blocks": BUTTONS}))


@pytest.mark.parametrize("ping", ["<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S1|@ops>"])
def test_nobody_is_pinged(ping: str) -> None:
    hidden: Json = {"type": "context", "elements": [mrkdwn(f"see {ping}")]}

    assert any("pings" in fault for fault in message_faults({"text": ping}))
    assert any("pings" in fault for fault in message_faults({"text": "words", "blocks": [hidden]}))
    assert not message_faults({"text": ping.replace("<", "&lt;").replace(">", "&gt;")})


def test_a_broadcast_in_rich_text_is_caught() -> None:
    inner: Json = {"type": "rich_text_section", "elements": [{"type": "broadcast", "range": "here"}]}

    assert any(
        "broadcast" in f for f in message_faults({"text": "x", "blocks": [{"type": "rich_text", "elements": [inner]}]})
    )


def test_people_are_named_only_on_purpose() -> None:
    message = {"text": "Thank you <@U0BEN>"}

    assert_valid_message(message, mentions=["U0BEN"])
    assert message_faults(message) == ["pings a person nobody meant to name: U0BEN"]


@pytest.mark.parametrize("where", ["elements", "accessory"])
def test_two_primary_buttons_are_caught(where: str) -> None:
    first, second = (button(name, action_id=name, style="primary") for name in ("first", "second"))
    row = actions(first, button("third"))
    other = actions(second) if where == "elements" else section(accessory=second)

    assert not message_faults({"text": "words", "blocks": [row]})
    assert any("more than one primary" in f for f in message_faults({"text": "words", "blocks": [row, other]}))
    assert any("more than one primary" in f for f in view_faults({**MODAL, "blocks": [row, other]}))


@pytest.mark.parametrize("extra", [{"link_names": True}, {"parse": "full"}])
def test_plain_names_must_not_become_pings(extra: Json) -> None:
    assert message_faults({"text": "@channel", **extra})


def test_a_whole_conversation_is_checked() -> None:
    good = Call("chat.postMessage", {"text": "words"})
    gone = Call("response_url", {"delete_original": True})
    bad = Call("views.open", {"view": {**MODAL, "title": plain("t" * 25)}})

    assert_valid_calls([good, gone, Call("auth.test", {})])
    with pytest.raises(AssertionError, match="less than 25 characters"):
        assert_valid_calls([good, bad])


_WORDS = ["section", "mrkdwn", "plain_text", "button", "image", "text", "static_select", "", None, 1, True]
_KEYS = [
    "type",
    "text",
    "elements",
    "element",
    "options",
    "url",
    "action_id",
    "rows",
    "alt_text",
    "title",
    "confirm",
]
_JSON = st.recursive(
    st.sampled_from(_WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=5),
    max_leaves=25,
)
_KINDS = ["section", "header", "context", "actions", "divider", "image", "input", "markdown", "table"]
_PARTS = ["text", "elements", "fields", "accessory", "element", "label", "rows", "alt_text", "title"]
_BLOCKS = st.lists(
    st.fixed_dictionaries({"type": st.sampled_from(_KINDS)}, optional=dict.fromkeys(_PARTS, _JSON)),
    max_size=3,
)


@given(_BLOCKS)
def test_whatever_is_accepted_can_be_shown(blocks: list[Json]) -> None:
    if not message_problems(blocks):
        names = NameLookup({}, {}, ZoneInfo("UTC"), datetime(2026, 11, 23, tzinfo=UTC))

        assert len(lay_out(blocks, names).lines) >= len(blocks)


@given(st.integers(0, 160), st.integers(0, 80))
def test_lengths_are_held_exactly_at_their_limits(header: int, label: int) -> None:
    blocks = [{"type": "header", "text": plain("h" * header)}, actions(button("b" * label))]

    assert bool(message_faults({"text": "x", "blocks": blocks})) == (not (1 <= header <= 150 and 1 <= label <= 75))

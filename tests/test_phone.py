"""How high blocks are on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests import phone


def section(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": label}}


def context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


@pytest.mark.parametrize(
    ("block", "height"),
    [
        (section("x" * 44), 1),
        (section("x" * 45), 2),
        (section("one\ntwo"), 2),
        (section(f"{'x' * 30} {'y' * 30}"), 2),
        (section("*" + "x" * 44 + "*"), 1),  # signs of style take no room
        (section("`" + "x" * 44 + "`"), 1),
        (section("<https://a-very-long-address.example/that/nobody/sees|here>"), 1),
        (section("&lt;" + "x" * 43), 1),
        (section("⚠️" + "x" * 43), 1),
        (section("text", accessory=button("Check")), 2),
        ({"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}, {"type": "mrkdwn", "text": "b"}]}, 2),
        (context("x" * 52), 1),
        (context("x" * 53), 2),
        ({"type": "divider"}, 1),
        ({"type": "header", "text": {"type": "plain_text", "text": "x" * 36}}, 1),
        ({"type": "actions", "elements": [button("Check prod now"), button("Share in channel")]}, 1),
        ({"type": "actions", "elements": [button("Check prod now"), button("Share in channel"), button("All")]}, 2),
    ],
)
def test_the_height_of_a_block(block: dict[str, Any], height: int) -> None:
    assert phone.height([block]) == height, phone.lines([block])


def test_a_block_of_which_nothing_is_known_is_no_guess() -> None:
    with pytest.raises(ValueError, match="carousel"):
        phone.height([{"type": "carousel"}])


def test_names_take_the_room_of_names() -> None:
    assert phone.lines([section("owner <@U0YOU>, in <#C1|help>, <!date^1^{date}|today>")]) == [
        "owner @Ada Lindt, in #help, today"
    ]

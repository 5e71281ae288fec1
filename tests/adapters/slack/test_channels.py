"""What Slack says of a channel, judged once."""

from __future__ import annotations

from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.channels import ONE_PRESS, SlackChannels
from bot.domain.errors import SlackRefused


class Client:
    """Slack, which knows one channel."""

    def __init__(self, **said: Any) -> None:
        self._said = said
        self.asked = 0

    def say(self, **said: Any) -> None:
        """Say so from now on."""
        self._said |= said

    def conversations_info(self, *, channel: str) -> dict[str, Any]:
        self.asked += 1
        if code := self._said.get("error"):
            raise SlackApiError("", {"ok": False, "error": code})  # type: ignore[no-untyped-call]
        return {"channel": {"id": channel, "is_member": True, **self._said}}


def channels(**said: Any) -> SlackChannels:
    return SlackChannels(lambda _: cast("WebClient", Client(**said)))


@pytest.mark.parametrize(
    ("said", "shared"),
    [
        ({}, False),
        ({"is_shared": True}, False),  # with another workspace of the same organization
        ({"is_ext_shared": True}, True),
        ({"is_pending_ext_shared": True}, True),  # they read it once they accept
        ({"is_ext_shared": False, "is_pending_ext_shared": False}, False),
    ],
)
def test_a_channel_is_shared_with_another_company(said: dict[str, Any], shared: bool) -> None:
    assert channels(**said).is_shared("T1", "C1") is shared


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({}, ""),
        ({"is_archived": True}, "is archived"),
        ({"is_member": False}, "Invite me there first"),
        ({"error": "channel_not_found"}, "I cannot see that channel"),
        ({"error": "missing_scope"}, ""),  # the post will tell
        ({"error": "internal_error"}, ""),
    ],
)
def test_where_nothing_can_be_posted_it_says_so(said: dict[str, Any], refused: str) -> None:
    if not refused:
        channels(**said).check("T1", "C1")
        return
    with pytest.raises(SlackRefused, match=refused):
        channels(**said).check("T1", "C1")


class Pressed:
    """Slack's channels under a clock that stands until it is told."""

    def __init__(self, **said: Any) -> None:
        self.slack, self.now = Client(**said), 0.0
        self.channels = SlackChannels(lambda _: cast("WebClient", self.slack), lambda: self.now)

    def press(self) -> str:
        """What is asked of a channel for one press, and what is refused."""
        try:
            if self.channels.is_shared("T1", "C1") or self.channels.is_shared("T1", "C1"):
                return "shared"
            self.channels.check("T1", "C1")
        except SlackRefused as refusal:
            return refusal.code
        return ""


def test_one_press_asks_slack_once_and_the_next_anew() -> None:
    pressed = Pressed()

    assert (pressed.press(), pressed.slack.asked) == ("", 1)

    pressed.now += ONE_PRESS
    pressed.slack.say(is_ext_shared=True)

    assert (pressed.press(), pressed.slack.asked) == ("shared", 2)


@pytest.mark.parametrize(
    ("said", "code", "mended"),
    [
        ({"is_member": False}, "not_in_channel", {"is_member": True}),
        ({"is_archived": True}, "is_archived", {"is_archived": False}),
        ({"error": "channel_not_found"}, "channel_not_found", {"error": None}),
    ],
)
def test_what_refused_is_asked_anew_at_once(said: dict[str, Any], code: str, mended: dict[str, Any]) -> None:
    pressed = Pressed(**said)
    assert pressed.press() == code

    pressed.slack.say(**mended)

    assert pressed.press() == ""


def test_channels_of_two_workspaces_are_two() -> None:
    pressed = Pressed()

    pressed.channels.check("T1", "C1")
    pressed.channels.check("T2", "C1")
    pressed.channels.check("T1", "C2")

    assert pressed.slack.asked == 3

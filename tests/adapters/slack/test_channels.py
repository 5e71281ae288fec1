"""What Slack says of a channel, judged once."""

from __future__ import annotations

from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.adapters.slack.channels import SlackChannels
from bot.domain.errors import SlackRefused


class Client:
    """Slack, which knows one channel."""

    def __init__(self, **said: Any) -> None:
        self._said = said

    def conversations_info(self, *, channel: str) -> dict[str, Any]:
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

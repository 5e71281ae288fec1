"""Slack's Web API: its client, its refusals in our words, and posting once."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.adapters.slack.views.blocks import message
from bot.domain.answers import Answer
from bot.domain.errors import SlackRefused

TIMEOUT = 10  # seconds for one call
EVENT_TYPE = "flosum_message"

_SENTENCES = {
    "not_in_channel": "I am not in that channel. Invite me there first: `/invite @Flosum`.",
    "channel_not_found": "I cannot see that channel. If it is private, invite me there first: `/invite @Flosum`.",
    "is_archived": "That channel is archived. Choose another one: `/flosum remind monday 09:00 #channel`.",
    "restricted_action": "This workspace does not let me post in that channel. Choose another one.",
    "missing_scope": "The Slack app may not ask that: whoever runs the bot adds the scopes of manifest.yml to it.",
    "user_not_found": "Slack knows nobody of that id in this workspace.",
    "message_not_found": "My earlier answer is not there any more.",
    "ratelimited": "Slack is limiting how much I may post. Try again in a minute.",
}
_SILENT = "Slack did not answer. Try again in a minute."
_CODE = re.compile("[a-z_]+")
_PASSING = ("ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout")


def client(token: str | None, base_url: str, ca_bundle: str | None = None) -> WebClient:
    """A Web API client that never repeats a post after a lost connection: Slack may have taken the first one."""
    return WebClient(
        token=token,
        base_url=base_url,
        timeout=TIMEOUT,
        ssl=ssl.create_default_context(cafile=ca_bundle) if ca_bundle else None,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=2)],
    )


def called(call: Callable[[], Any]) -> Any:
    """The result of a Web API call. Raises SlackRefused, in our own words."""
    try:
        return call()
    except SlackApiError as error:
        code = str(error.response.get("error", "")) if error.response is not None else ""
        if not _CODE.fullmatch(code):  # a proxy's or an outage's page; slack_sdk puts all of it where the code belongs
            raise SlackRefused(_SILENT, permanent=False) from None
        raise SlackRefused(_SENTENCES.get(code, f"Slack refused ({code})."), permanent=code not in _PASSING) from None
    except (SlackClientError, OSError, ValueError):
        # What a lost connection or a cut-off answer looks like; whether Slack took the call is not known.
        raise SlackRefused(_SILENT, permanent=False) from None


class SlackOutbox:
    """Posts on behalf of the bot. ``client_for`` gives the client of a workspace."""

    def __init__(self, client_for: Callable[[str], WebClient]) -> None:
        self._client_for = client_for

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        """Post once; ``key`` travels as metadata. Raises SlackRefused."""
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        slack = self._client_for(workspace)
        posted = called(
            lambda: slack.chat_postMessage(
                channel=channel, metadata=metadata, unfurl_links=False, unfurl_media=False, **message(answer)
            )
        )
        return str(posted["ts"])

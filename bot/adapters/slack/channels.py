"""What Slack says of a channel before anything is posted there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.adapters.slack.web_api import called, refused_as
from bot.domain.errors import SlackRefused

log = structlog.get_logger("assistant")


class SlackChannels:
    """Asks Slack each time: seldom, when somebody sets where something goes."""

    def __init__(self, client_for: Callable[[str], WebClient]) -> None:
        self._client_for = client_for

    def is_shared(self, workspace: str, channel: str) -> bool:
        """Whether people of another company read it, or will once they accept. Raises SlackRefused."""
        found = self._found(workspace, channel)
        return bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))

    def check(self, workspace: str, channel: str) -> None:
        """Raises SlackRefused where nothing of ours can be posted, as far as Slack tells without a try."""
        try:
            found = self._found(workspace, channel)
        except SlackRefused as refusal:
            if refusal.permanent and refusal.code != "missing_scope":
                raise
            log.info("not known whether a channel can be posted in", reason=refusal.text)  # the post will tell
            return
        if found.get("is_archived"):
            raise refused_as("is_archived")
        if found.get("is_member") is False:
            raise refused_as("not_in_channel")

    def _found(self, workspace: str, channel: str) -> dict[str, Any]:
        slack = self._client_for(workspace)
        found: dict[str, Any] = called(lambda: slack.conversations_info(channel=channel))["channel"]
        return found

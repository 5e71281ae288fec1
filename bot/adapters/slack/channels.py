"""What Slack says of a channel before anything is posted there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.adapters.slack.web_api import called, refused_as
from bot.domain.errors import SlackRefused

log = structlog.get_logger("assistant")


ONE_PRESS = 2.0
"""Seconds for which an answer holds: one press asks up to three times, and the next is a while away."""

KEPT_AT_MOST = 1000


class SlackChannels:
    """Asks Slack once a press: seldom, when somebody sets where something goes. Safe to share between threads."""

    def __init__(self, client_for: Callable[[str], WebClient], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client_for = client_for
        self._monotonic = monotonic
        self._said: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}

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
            self._forget(workspace, channel)
            raise refused_as("is_archived")
        if found.get("is_member") is False:
            self._forget(workspace, channel)  # it may be mended at once
            raise refused_as("not_in_channel")

    def _found(self, workspace: str, channel: str) -> dict[str, Any]:
        before, known = self._said.get((workspace, channel), (-ONE_PRESS, {}))
        if self._monotonic() - before < ONE_PRESS:
            return known
        slack = self._client_for(workspace)
        found: dict[str, Any] = called(lambda: slack.conversations_info(channel=channel))["channel"]
        if len(self._said) >= KEPT_AT_MOST:
            self._said.clear()
        self._said[workspace, channel] = (self._monotonic(), found)
        return found

    def _forget(self, workspace: str, channel: str) -> None:
        self._said.pop((workspace, channel), None)

"""The one way in for what Slack sends, over HTTP or the line: looked at, run once, answered."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from slack_bolt import App
from slack_bolt.response import BoltResponse

from bot.entrypoints.slack.payloads import NobodyListens, bolt_request
from bot.entrypoints.slack.replays import Replays, answering

TAKEN = 300
"""Below it, Slack does not send again."""


class Intake:
    """Hands requests to Bolt."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._replays = Replays()

    def take(self, key: str, payload: Any, headers: Mapping[str, str]) -> BoltResponse:
        """Run what was sent, once for each ``key``; again only where that failed. Raises Malformed."""
        try:
            request = bolt_request(payload, headers)
        except NobodyListens:
            return BoltResponse(status=404, body={"error": "nobody listens"})
        if not self._replays.first(key):
            return BoltResponse(status=200, body="")
        status = 500
        try:
            with nullcontext() if payload.get("type") == "event_callback" else answering(key):
                response = self.app.dispatch(request)
            status = response.status
        finally:
            if status >= TAKEN:
                self._replays.failed(key)
        return response

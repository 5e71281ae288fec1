"""Socket Mode, in the flavour that notices a dead line at once (websocket-client)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from bot.domain.errors import OperatorError, SlackRefused

Call = Callable[[Callable[[], Any]], Any]
"""Makes a call of the Web API; its refusals are raised as SlackRefused, in our own words."""

CONCURRENCY = 10
PATIENCE = 2  # seconds; containers are killed ten after they are told to stop
HANGING_UP = "hanging-up"


class SocketMode:
    """One connection to Slack that brings every event."""

    def __init__(self, app: App, app_token: str, client: WebClient, call: Call) -> None:
        self._call = call
        self._handler = SocketModeHandler(app, app_token, web_client=client, concurrency=CONCURRENCY)

    def start(self) -> None:
        """Connect. Raises OperatorError when Slack does not take the app-level token."""
        try:
            self._call(self._handler.connect)
        except SlackRefused as refusal:
            raise OperatorError(f"SLACK_APP_TOKEN was not accepted. {refusal.text}") from None

    def check(self) -> None:
        """Raise SlackRefused while the line is down."""
        if not self._handler.client.is_connected():
            raise SlackRefused("Slack is not connected; the bot keeps trying.", permanent=False)

    def close(self) -> None:
        """Hang up. The library takes up to ten seconds to notice, in threads that die with the process."""
        hanging_up = threading.Thread(target=self._handler.close, name=HANGING_UP, daemon=True)
        hanging_up.start()
        hanging_up.join(PATIENCE)

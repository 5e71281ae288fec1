"""Socket Mode, in the flavour that notices a closed line at once (websocket-client); ``line`` notices a silent one."""

from __future__ import annotations

from time import time

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import send_response
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.domain.errors import OperatorError, SlackRefused
from bot.entrypoints.slack.intake import Intake, Taken
from bot.entrypoints.slack.line import SILENCE, Line
from bot.entrypoints.slack.payloads import Malformed
from bot.entrypoints.slack.surfaces import Call
from bot.guard import beside

CONCURRENCY = 10
PING_EVERY = 10.0  # seconds
PATIENCE = 2  # seconds; containers are killed ten after they are told to stop
HANGING_UP = "hanging-up"

log = structlog.get_logger("assistant")


class SocketMode:
    """One connection to Slack that brings every event."""

    def __init__(
        self,
        app: App,
        intake: Intake,
        app_token: str,
        client: WebClient,
        call: Call,
        *,
        ping_every: float = PING_EVERY,
        silence: float = SILENCE,
    ) -> None:
        self._call = call
        self._handler = _Handler(app, intake, app_token, client, ping_every)
        self._line = Line(self._handler.client, silence)

    def start(self) -> None:
        """Connect. Raises OperatorError when Slack does not take the app-level token."""
        try:
            self._call(self._handler.connect)
        except SlackRefused as refusal:
            said = (
                "SLACK_APP_TOKEN was not accepted." if refusal.permanent else "A line for Socket Mode was not opened."
            )
            raise OperatorError(f"{said} {refusal.text}") from None
        self._line.start()

    def check(self) -> None:
        """Raise SlackRefused while the line is down or silent."""
        self._line.check()

    def close(self) -> None:
        """Hang up. The library takes up to ten seconds to notice, in threads that die with the process."""
        self._line.close()
        if not beside(self._handler.close, HANGING_UP).wait(PATIENCE):
            self._line.cut()  # whoever still sends on it would keep the process


class _Handler(SocketModeHandler):
    """Takes envelopes in by the same way as HTTP's requests; one that Slack delivers again runs once."""

    def __init__(self, app: App, intake: Intake, app_token: str, web_client: WebClient, ping_every: float) -> None:
        super().__init__(app, app_token, web_client=web_client, ping_interval=ping_every, concurrency=CONCURRENCY)
        self._intake = intake

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Answer one envelope."""
        taken = self._taken(req)
        try:
            send_response(client, req, taken.response, time())  # only a 200; anything else Slack delivers again
        finally:
            taken.begin()

    def _taken(self, envelope: SocketModeRequest) -> Taken:
        known = {"X-Slack-Retry-Num": envelope.retry_attempt, "X-Slack-Retry-Reason": envelope.retry_reason}
        headers = {name: str(value) for name, value in known.items() if value is not None}
        try:
            return self._intake.take(envelope.envelope_id, envelope.payload, headers)
        except Malformed as fault:
            log.warning("an envelope of Slack's cannot be read", reason=str(fault))
            return Taken(BoltResponse(status=200))  # it would not become better by coming again

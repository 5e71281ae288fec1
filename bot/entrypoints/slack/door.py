"""The door for HTTP: nothing that Slack did not sign is parsed, logged or answered with more than a refusal."""

from __future__ import annotations

from collections.abc import Callable
from json import JSONEncoder

from flask import Flask, Response, make_response, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_bolt.response import BoltResponse

from bot.domain.answers import Answer
from bot.entrypoints.slack.intake import Intake, Taken
from bot.entrypoints.slack.payloads import Malformed, payload_in
from bot.entrypoints.slack.refusal_log import RefusalLog
from bot.entrypoints.slack.signature import Fault, Refusal, Signatures
from bot.guard import attempted
from bot.web_page import HEADERS, answered, status_of

EVENTS = "/slack/events"
_dumps = JSONEncoder(separators=(",", ":")).encode
_RETRY = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")


class Door:
    """What Slack sends, to be served at ``EVENTS``, and the pages of "Add to Slack" where there are any."""

    def __init__(self, app: App, intake: Intake, signing_secret: str) -> None:
        self._app = app
        self._intake = intake
        self._signatures = Signatures(signing_secret)
        self._refusals = RefusalLog()

    def register(self, web: Flask) -> None:
        """Attach the pages."""
        if (flow := self._app.oauth_flow) is not None:
            for path in (flow.install_path, flow.redirect_uri_path):
                web.add_url_rule(path, view_func=self._show, methods=["GET"], endpoint=path)

    def _show(self) -> Response:
        """A page of "Add to Slack"; programs that only look at an address (HEAD) use nothing up."""
        if request.method == "HEAD":
            return make_response("")
        pages = SlackRequestHandler(self._app)
        return attempted(lambda: pages.handle(request), _failed)

    def answer(self, body: bytes, kind: str, header: Callable[[str, str], str]) -> Taken:
        """Take a request: its body, that body's content type, and its headers by name, with what is there for none."""
        timestamp, signature = header("X-Slack-Request-Timestamp", ""), header("X-Slack-Signature", "")
        if refusal := self._signatures.refusal(timestamp, signature, body):
            return self._refused(401, "not signed by Slack", refusal)
        try:
            payload = payload_in(body, kind)
            sent_along = {name: value for name in _RETRY if (value := header(name, ""))}
            return self._intake.take(signature, payload, sent_along)
        except Malformed as fault:
            return self._refused(400, str(fault), Refusal(Fault.MALFORMED, str(fault)))

    def _refused(self, status: int, told: str, refusal: Refusal) -> Taken:
        self._refusals.note(refusal)
        return Taken(BoltResponse(status=status, body=f"{_dumps({'error': told})}\n"))


def _failed(error: Exception, shown: Answer) -> Response:
    return make_response(answered(shown), status_of(error), dict(HEADERS))

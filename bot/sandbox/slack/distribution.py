"""An app that many workspaces install: one client id, one signing secret, one address for everybody's Web API."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from werkzeug.wrappers import Request, Response

from bot.sandbox.slack import payloads
from bot.sandbox.slack.loopback import LoopbackServer
from bot.sandbox.slack.method_context import ApiError
from bot.sandbox.slack.records import BOT_USER, Call, Json
from bot.sandbox.slack.state import YOU
from bot.sandbox.slack.user import NOT_SENT, Delivery, Receipt
from bot.sandbox.slack.webapi import arguments, bearer
from bot.sandbox.slack.workspace import Workspace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

GONE = ("tokens_revoked", "app_uninstalled")


class Distribution:
    """The workspaces that may install the app, behind one Web API that tells them apart by their tokens."""

    def __init__(self, workspaces: Sequence[Workspace]) -> None:
        self.client_id = "2141029472.691202649728"
        self.client_secret = secrets.token_hex(16)
        self.signing_secret = secrets.token_hex(16)
        self.exchanges: list[Call] = []
        self._workspaces = tuple(workspaces)
        for workspace in workspaces:
            workspace.signing_secret = self.signing_secret
            workspace.tokens.end("invalid_auth")
        self._server = LoopbackServer(self)

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self._server.url}/api/"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        args = arguments(request)
        if request.path == "/api/oauth.v2.access":
            self.exchanges.append(Call("oauth.v2.access", args))
            try:
                body = {"ok": True, **self._owner(request, args).tokens.exchange(args, YOU.id)}
            except ApiError as refusal:
                body = refusal.as_json()
            return Response(json.dumps(body), content_type="application/json")(environ, start_response)
        token = bearer(request, args)
        owner = next((one for one in self._workspaces if one.tokens.knows(token)), self._workspaces[0])
        return owner.answer(request)(environ, start_response)

    def _owner(self, request: Request, args: Json) -> Workspace:
        if _client(request, args) != (self.client_id, self.client_secret):
            raise ApiError("bad_client_secret")
        spent = args.get("code") or args.get("refresh_token")
        for workspace in self._workspaces:
            if workspace.tokens.knows(spent):
                return workspace
        raise ApiError("invalid_code" if "code" in args else "invalid_refresh_token")

    def approve(self, workspace: Workspace, authorize_url: str) -> str:
        """The admin presses Allow on Slack's page; where Slack sends the browser then."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(authorize_url).query).items()}
        answer = {"code": workspace.tokens.new_code(asked["scope"]), "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def uninstall(self, workspace: Workspace, events: Sequence[str] = GONE, at: float | None = None) -> list[Receipt]:
        """The admin removes the app: its tokens end, and the events come in any order, ``at`` some time."""
        workspace.tokens.end()
        return [self.tell(workspace, event, at) for event in events]

    def tell(self, workspace: Workspace, kind: str, at: float | None = None) -> Receipt:
        """Send one of the events that say so, if the app asked for it."""
        if not workspace.sends(kind):
            return NOT_SENT
        event: Json = {"type": kind}
        if kind == "tokens_revoked":
            event["tokens"] = {"oauth": [], "bot": [BOT_USER]}
        state = workspace.state
        body = payloads.event_body(event, state.next_id("Ev"), int(time.time() if at is None else at), state.team)
        return workspace.person("ada").send(Delivery(json.dumps(body).encode(), "application/json"))


def _client(request: Request, args: Json) -> tuple[str, str]:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, client_secret = base64.b64decode(given).decode().partition(":")
        return client_id, client_secret
    return str(args.get("client_id")), str(args.get("client_secret"))

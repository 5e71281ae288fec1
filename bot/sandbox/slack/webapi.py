"""Slack's Web API and response_urls as an HTTP application: tokens, arguments, faults, answers."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request, Response

from bot.sandbox.slack.faults import FaultKind, Faults, WebApiFault
from bot.sandbox.slack.method_context import ApiError, MethodContext
from bot.sandbox.slack.methods import METHODS
from bot.sandbox.slack.records import Call, Exchange, Json
from bot.sandbox.slack.response_urls import answer_hook
from bot.sandbox.slack.scopes import check_scope
from bot.sandbox.slack.tokens import Tokens

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_PARSED = ("attachments", "blocks", "metadata", "prompts", "view")


class WebApi:
    """The WSGI application. ``tokens`` say who may call, and for which scopes; those are told with every answer."""

    def __init__(self, method_context: MethodContext, faults: Faults, tokens: Tokens, app_token: str) -> None:
        self._method_context = method_context
        self._faults = faults
        self._tokens = tokens
        self._app_token = app_token
        self.socket_url: str | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.respond(Request(environ))(environ, start_response)

    def respond(self, request: Request) -> Response:
        """The answer to one request."""
        _, kind, rest = (*request.path.split("/", 2), "")[:3]
        if kind == "api":
            return self._api(request, rest)
        if kind == "hooks" and request.method == "POST":
            return self._hook(request, rest)
        return Response("not found", 404)

    def _api(self, request: Request, method: str) -> Response:
        args = arguments(request)
        given = {k: v for k, v in args.items() if k != "token"}
        self._method_context.state.record_call(Call(method, given))
        return self._noted(method, given, self._answered(request, method, args))

    def _noted(self, name: str, given: Json, response: Response) -> Response:
        answer = response.get_data(as_text=True)
        self._method_context.state.record_exchange(Exchange(False, name, given, response.status_code, answer))
        return response

    def _answered(self, request: Request, method: str, args: Json) -> Response:
        fault = self._faults.take(method)
        if fault and fault.kind not in (FaultKind.DROP, FaultKind.SAY):
            return self._misbehave(fault)
        body = self._answer(method, args, bearer(request, args))
        if fault and fault.kind is FaultKind.SAY:
            return Response(json.dumps(fault.said), content_type="application/json; charset=utf-8")
        if fault:
            _break_connection(request)
        return _json(body, {"x-oauth-scopes": ",".join(sorted(self._tokens.scopes))})

    def _answer(self, method: str, args: Json, token: str | None) -> Json:
        try:
            if method == "apps.connections.open":
                return self._connection(token)
            self._tokens.admit(token)
            if method == "auth.revoke":
                self._tokens.end("token_revoked")
                return {"ok": True, "revoked": True}
            check_scope(self._method_context, method, args, self._tokens.scopes)
            if method not in METHODS:
                return {"ok": False, "error": "unknown_method"}
            return {"ok": True, **METHODS[method](self._method_context, args)}
        except ApiError as refusal:
            return refusal.as_json()

    def _connection(self, token: str | None) -> Json:
        if not token:
            raise ApiError("not_authed")
        if token != self._app_token:
            raise ApiError("invalid_auth")
        if self.socket_url is None:
            raise ApiError("not_allowed")
        return {"ok": True, "url": self.socket_url}

    def _hook(self, request: Request, key: str) -> Response:
        args = arguments(request)
        self._method_context.state.record_call(Call("response_url", args))
        return self._noted("response_url", args, self._hooked(request, key, args))

    def _hooked(self, request: Request, key: str, args: Json) -> Response:
        fault = self._faults.take("response_url")
        if fault and fault.kind is not FaultKind.DROP:
            return self._misbehave(fault)
        try:
            answer_hook(self._method_context, key, args)
        except ApiError as refusal:
            gone = refusal.code in ("expired_url", "used_url", "no_service")
            return _json(refusal.as_json(), status=404 if gone else 400)
        if fault:
            _break_connection(request)
        return Response("ok", content_type="text/plain")

    def _misbehave(self, fault: WebApiFault) -> Response:
        if fault.kind is FaultKind.RATE_LIMIT:
            waits = {"Retry-After": str(max(1, round(fault.seconds)))}
            return _json({"ok": False, "error": "ratelimited"}, waits, status=429)
        if fault.kind is FaultKind.REFUSE:
            return _json({"ok": False, "error": fault.error})
        if fault.kind is FaultKind.HANG:
            self._faults.hang(fault.seconds)
        return Response("<html>something went wrong</html>", 500, content_type="text/html")


def _json(body: Json, headers: dict[str, str] | None = None, status: int = 200) -> Response:
    return Response(json.dumps(body), status, headers, content_type="application/json; charset=utf-8")


def arguments(request: Request) -> Json:
    """The call's arguments: a JSON body, or a form and a query whose structured values are JSON texts."""
    raw = request.get_data()
    if request.mimetype == "application/json":
        body = _parsed(raw.decode("utf-8", "replace"))
        return body if isinstance(body, dict) else {}
    args: Json = dict(request.args.items()) | dict(parse_qsl(raw.decode("utf-8", "replace")))
    return {name: _parsed(value) if name in _PARSED else value for name, value in args.items()}


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def bearer(request: Request, args: Json) -> str | None:
    """The token that the call came with."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else args.get("token")


def _break_connection(request: Request) -> None:
    """Close the socket under the answer: the far end's connection dies after its request arrived."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError

"""The HTTP face: health for everybody, its details and the metrics for the operator, served by waitress."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from bot import log_names
from bot.domain.answers import Answer
from bot.domain.errors import AssistantError, OperatorError
from bot.entrypoints.web.plain import Handler, PlainPath
from bot.entrypoints.web.readiness import Remembered
from bot.entrypoints.web.slow_clients import PATIENCE, BoundedChannel, Patience, cut_slow_ones
from bot.web_page import HEADERS, answered

THREADS = 32  # requests at once; each is held only until it is acknowledged
POLL = 0.1  # seconds until a closed server notices
SHUTDOWN = 5  # seconds that requests under way may take when the server closes
LARGEST = 1_000_000  # bytes; Slack's own requests stay far below
LARGEST_HEAD = 65_536
_NAME_BITS = 48

Check = Callable[[], None]
"""Raises AssistantError while something that the bot needs is not there."""


def web_app(ready: Mapping[str, Check], *, secure: Callable[[], bool] = lambda: False) -> Flask:
    """What everybody may see; the doors for Slack and for browsers register here. ``secure``: it is behind https."""
    web = _app(secure)
    web.add_url_rule("/healthz", view_func=lambda: jsonify(status="alive"), endpoint="healthz")
    web.add_url_rule("/readyz", view_func=lambda: _readiness(ready, in_detail=False), endpoint="readyz")
    return web


def operators_app(ready: Mapping[str, Check], registry: CollectorRegistry) -> Flask:
    """What only the operator should see: what is missing, and how much is used."""
    web = _app(lambda: False)
    web.add_url_rule("/readyz", view_func=lambda: _readiness(ready, in_detail=True), endpoint="readyz")
    web.add_url_rule(
        "/metrics",
        view_func=lambda: Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST),
        endpoint="metrics",
    )
    return web


def _app(secure: Callable[[], bool]) -> Flask:
    web = Flask("assistant", static_folder=None)
    web.config["MAX_CONTENT_LENGTH"] = LARGEST
    web.before_request(_name_for_the_log)
    web.register_error_handler(HTTPException, _refused)
    web.after_request(lambda response: _guarded(response, secure=secure()))
    return web


def _name_for_the_log() -> None:
    """An id for each request from the door on; the thread served another one before.

    It is no secret, so the system is not asked for it, which would let another thread go first.
    """
    log_names.begin(request=f"{random.getrandbits(_NAME_BITS):012x}")


_REFUSALS = {
    404: ("There is no page here", "Flosum lives in Slack: type `/flosum help` there."),
    405: ("This address is not used that way", "Open the link that you got in Slack, or type `/flosum help` there."),
    413: (
        "That was too much to send",
        "Open the link that you got in Slack once more, and send what the page asks for.",
    ),
    500: (
        "Something went wrong on the bot's side",
        "Try once more. If it stays, tell whoever runs the bot when it was.",
    ),
}


def _refused(error: HTTPException) -> AnyResponse:
    """A page for people; programs get the few words of the framework."""
    response = error.get_response()
    if "text/html" in request.headers.get("Accept", ""):
        said = Answer(*_REFUSALS.get(error.code or 500, ("This does not work", "Type `/flosum help` in Slack.")))
        response.set_data(answered(said))
        response.headers.update(HEADERS)
    return response


_TOLD = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)
_TOLD_SECURELY = (*_TOLD, ("Strict-Transport-Security", "max-age=31536000"))
"""What every answer tells browsers, unless it says more itself: load nothing, keep nothing, tell nobody."""


def _guarded(response: Response, *, secure: bool) -> Response:
    for name, value in _TOLD_SECURELY if secure else _TOLD:
        response.headers.setdefault(name, value)
    return response


def serve_plainly(web: Flask, path: str, handler: Handler, secure: Callable[[], bool]) -> None:
    """Serve POSTs to a path of ``web_app`` without Flask, with all that every answer of it has."""
    PlainPath(web, path, handler, begin=_name_for_the_log, told=lambda: _TOLD_SECURELY if secure() else _TOLD)


def _readiness(ready: Mapping[str, Check], *, in_detail: bool) -> tuple[Response, int]:
    for check in ready.values():
        if isinstance(check, Remembered):
            check.begin()  # all at once, so that the patience with each is the patience with all
    states = {name: _state(check) for name, check in ready.items()}
    is_ready = all(state == "ok" for state in states.values())
    told = states if in_detail else {"status": "ready" if is_ready else "not ready"}
    return jsonify(told), 200 if is_ready else 503


def _state(check: Check) -> str:
    try:
        check()
    except AssistantError as error:
        return error.text
    return "ok"


class WebServer:
    """Serves a Flask app on threads until closed. ``port`` 0 takes a free one; ``address`` says which."""

    def __init__(
        self,
        web: Flask,
        host: str,
        port: int,
        *,
        named: str = "FLOSUM_HOST and FLOSUM_PORT",
        threads: int = THREADS,
        patience: Patience = PATIENCE,
    ) -> None:
        """Raises OperatorError, which begins with ``named``, when the port cannot be had."""
        self._sockets: dict[int, Any] = {}
        self._closing = threading.Event()
        self._patience = patience
        make_server: Any = create_server  # the stubs do not know that one host makes a server with a port
        try:
            self._server = make_server(
                web,
                map=self._sockets,
                host=host,
                port=port,
                threads=threads,
                ident=None,
                connection_limit=10 * patience.connections,  # never reached: before that, the slowest are cut
                max_request_body_size=LARGEST,
                max_request_header_size=LARGEST_HEAD,
                log_socket_errors=False,  # a client that hangs up is nobody's error
            )
        except (OSError, ValueError) as error:
            wasyncore.close_all(self._sockets)
            reason = getattr(error, "strerror", None) or "there is no such host"
            raise OperatorError(f"{named}: {host}:{port} cannot be listened on ({reason}).") from None
        listeners: list[Any] = [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]
        for listener in listeners:  # several where a name leads to several addresses
            listener.channel_class = BoundedChannel
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{listeners[0].effective_port}"

    def start(self) -> None:
        """Begin to serve, in the background."""
        self._thread.start()

    def _serve(self) -> None:
        # The server's own run() never returns; closing its sockets under it makes it fail. By poll, because select
        # knows a thousand connections only.
        looked = 0.0
        while not self._closing.is_set():
            wasyncore.loop(timeout=POLL, use_poll=True, map=self._sockets, count=1)
            if (now := time.monotonic()) - looked >= POLL:
                looked = now
                channels = [each for each in self._sockets.values() if isinstance(each, BoundedChannel)]
                cut_slow_ones(channels, self._patience)
        self._server.task_dispatcher.shutdown(timeout=SHUTDOWN)

    def close(self) -> None:
        """Stop serving; requests under way get their answer first."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        wasyncore.close_all(self._sockets)

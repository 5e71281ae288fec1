"""The HTTP face: Slack's events, health and metrics, served by waitress."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from waitress import wasyncore
from waitress.server import create_server

from bot.domain.errors import AssistantError, OperatorError

THREADS = 32  # requests at once; each is held only until it is acknowledged
POLL = 0.1  # seconds until a closed server notices
SHUTDOWN = 5  # seconds that requests under way may take when the server closes
LARGEST = 1_000_000  # bytes; Slack's own requests stay far below

Check = Callable[[], None]
"""Raises AssistantError while something that the bot needs is not there."""


def web_app(slack: App | None, ready: Mapping[str, Check], registry: CollectorRegistry) -> Flask:
    """The routes of the contract. ``slack`` is None where Socket Mode brings the events."""
    web = Flask("assistant", static_folder=None)
    web.config["MAX_CONTENT_LENGTH"] = LARGEST
    web.add_url_rule("/healthz", view_func=lambda: jsonify(status="alive"), endpoint="healthz")
    web.add_url_rule("/readyz", view_func=lambda: _readiness(ready), endpoint="readyz")
    web.add_url_rule(
        "/metrics",
        view_func=lambda: Response(generate_latest(registry), mimetype=CONTENT_TYPE_LATEST),
        endpoint="metrics",
    )
    if slack is not None:
        handler = SlackRequestHandler(slack)
        web.add_url_rule("/slack/events", view_func=lambda: handler.handle(request), methods=["POST"], endpoint="slack")
        if (flow := slack.oauth_flow) is not None:
            for path in (flow.install_path, flow.redirect_uri_path):
                web.add_url_rule(path, view_func=lambda: handler.handle(request), endpoint=path)
    return web


def _readiness(ready: Mapping[str, Check]) -> tuple[Response, int]:
    states = {name: _state(check) for name, check in ready.items()}
    return jsonify(states), 200 if all(state == "ok" for state in states.values()) else 503


def _state(check: Check) -> str:
    try:
        check()
    except AssistantError as error:
        return error.text
    return "ok"


class WebServer:
    """Serves a Flask app on threads until closed. ``port`` 0 takes a free one; ``address`` says which."""

    def __init__(self, web: Flask, host: str, port: int) -> None:
        """Raises OperatorError when the port cannot be had."""
        self._sockets: dict[int, Any] = {}
        self._closing = threading.Event()
        make_server: Any = create_server  # the stubs do not know that one host makes a server with a port
        try:
            self._server = make_server(web, map=self._sockets, host=host, port=port, threads=THREADS, ident=None)
        except OSError as error:
            wasyncore.close_all(self._sockets)
            raise OperatorError(
                f"FLOSUM_HOST and FLOSUM_PORT: {host}:{port} cannot be listened on ({error.strerror})."
            ) from None
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        port = self._server.effective_port
        self.address = f"http://{host}:{port}"

    def start(self) -> None:
        """Begin to serve, in the background."""
        self._thread.start()

    def _serve(self) -> None:
        # The server's own run() never returns; closing its sockets under it makes it fail.
        while not self._closing.is_set():
            self._server.asyncore.loop(timeout=POLL, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown(timeout=SHUTDOWN)

    def close(self) -> None:
        """Stop serving; requests under way get their answer first."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        wasyncore.close_all(self._sockets)

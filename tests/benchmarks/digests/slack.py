"""The little of Slack that digests need, with faults by chance."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request, Response

from bot.sandbox.slack.loopback import LoopbackServer
from bot.sandbox.slack.webapi import arguments

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CLOSED = "C0CLOSED"
"""Channels whose names begin so show nobody their history."""

GONE = "C0GONE"
"""Channels whose names begin so are archived."""


@dataclass(frozen=True)
class Chances:
    """How often a post goes wrong, each way; ``late`` is how many seconds after the client has hung up it arrives."""

    drop: float = 0.08
    limited: float = 0.08
    broken: float = 0.05
    broken_after: float = 0.03
    slow: float = 0.05
    late: float = 0.7


class Slack:
    """A server in threads of this process; ``posts`` is what arrived."""

    def __init__(self, seed: int, timeout: float, chances: Chances | None = None) -> None:
        self.posts: defaultdict[str, list[str]] = defaultdict(list)
        self.calls: defaultdict[str, int] = defaultdict(int)
        self._history: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        self._chance = random.Random(seed)  # noqa: S311 - a seed is the point
        self._chances = chances or Chances()
        self._timeout = timeout
        self._lock = threading.Lock()
        self._number = 0
        self.server = LoopbackServer(self._application)

    @property
    def url(self) -> str:
        """What SLACK_API_URL would be."""
        return f"{self.server.url}/api/"

    def _application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            method, args = request.path.removeprefix("/api/"), arguments(request)
        except ClientDisconnected:  # it was killed while it asked
            raise ConnectionAbortedError from None
        with self._lock:
            self.calls[method] += 1
        answer = {"chat.postMessage": self._post, "conversations.history": self._read, "conversations.open": _open}
        return answer[method](request, args)(environ, start_response)

    def _read(self, _: Request, args: dict[str, Any]) -> Response:
        channel = str(args["channel"])
        if channel.startswith(CLOSED):
            return _json({"ok": False, "error": "missing_scope"})
        with self._lock:
            found = [each for each in self._history[channel] if each["ts"] > str(args.get("oldest") or "0")]
        start, limit = int(args.get("cursor") or 0), int(args["limit"])
        page, more = found[::-1][start : start + limit], start + limit < len(found)
        cursor = str(start + limit) if more else ""
        return _json({"ok": True, "messages": page, "has_more": more, "response_metadata": {"next_cursor": cursor}})

    def _post(self, request: Request, args: dict[str, Any]) -> Response:
        ways = self._chances
        with self._lock:
            dice = self._chance.random()
        if str(args["channel"]).startswith(GONE):
            return _json({"ok": False, "error": "is_archived"})
        chances: tuple[tuple[float, Callable[[Request, dict[str, Any]], Response]], ...] = (
            (ways.limited, _limited),
            (ways.broken, _broken),
            (ways.broken_after, self._broken_after),
            (ways.drop, self._dropped),
            (ways.slow, self._slow),
        )
        for chance, way in chances:
            if dice < chance:
                return way(request, args)
            dice -= chance
        return _json({"ok": True, "ts": self._take(args), "channel": args["channel"]})

    def _take(self, args: dict[str, Any]) -> str:
        metadata = args["metadata"]
        with self._lock:
            self._number += 1
            ts = f"{time.time():.3f}{self._number % 1000:03}"
            self.posts[str(metadata["event_payload"]["key"])].append(str(args["channel"]))
            message = {"ts": ts, "metadata": metadata, "text": args.get("text", "")}
            self._history[str(args["channel"])].append(message)
        return ts

    def _broken_after(self, request: Request, args: dict[str, Any]) -> Response:
        self._take(args)
        return _broken(request, args)

    def _dropped(self, request: Request, args: dict[str, Any]) -> Response:
        self._take(args)
        _hang_up(request)
        raise ConnectionAbortedError

    def _slow(self, request: Request, args: dict[str, Any]) -> Response:
        """It is taken although the client has given up waiting."""
        time.sleep(self._timeout + self._chances.late)
        return self._dropped(request, args)


def _open(_: Request, args: dict[str, Any]) -> Response:
    return _json({"ok": True, "channel": {"id": str(args["users"])}})


def _limited(_: Request, __: dict[str, Any]) -> Response:
    body = json.dumps({"ok": False, "error": "ratelimited"})
    return Response(body, 429, {"Retry-After": "1"}, content_type="application/json")


def _broken(_: Request, __: dict[str, Any]) -> Response:
    return Response("<html>Slack is being looked after</html>", 500, content_type="text/html")


def _json(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), content_type="application/json")


def _hang_up(request: Request) -> None:
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)

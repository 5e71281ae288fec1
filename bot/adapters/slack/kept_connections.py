"""Connections to Slack that stay open between calls, so that an answer costs no handshake.

A connection that was idle for long, or that Slack has closed meanwhile, is not used again: a call is sent once, and
where it is lost nobody here repeats it, because Slack may have taken it.
"""

from __future__ import annotations

import http.client
import io
import select
import ssl
import threading
import time
import urllib.request
import weakref
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.error import HTTPError
from urllib.parse import urlsplit

from bot.adapters.slack.exchange import Response, posted

IDLE = 20.0
"""Seconds; load balancers close what is idle after a minute at the earliest."""

KEPT_AT_MOST = 16
"""For each host; that many calls at once find a connection, and more make one of their own."""

_REDIRECTED = 300

_Place = tuple[str, str]
"""Scheme and host, with the port where one is given."""


@dataclass(frozen=True, slots=True)
class _Idle:
    connection: http.client.HTTPConnection
    since: float

    @property
    def is_old(self) -> bool:
        """Whether it may be closed at the far end any moment."""
        return time.monotonic() - self.since > IDLE

    def is_usable(self) -> bool:
        """Whether it is young, and nothing came on it: what comes unasked is its end."""
        if self.is_old or self.connection.sock is None:
            return False
        waiting = select.poll()
        waiting.register(self.connection.sock, select.POLLIN)
        return not waiting.poll(0)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, below 300."""

    status: int
    headers: Mapping[str, str]
    text: str


class Refusal(HTTPError):
    """A status from 300. It is closed once it was read, which Slack's library leaves to whoever collects it."""

    def read(self, amount: int = -1) -> bytes:
        """What came, in one piece."""
        body: bytes = b"" if self.fp.closed else self.fp.read(amount)
        self.close()
        return body


class KeptConnections:
    """Sends the requests that Slack's library makes. Safe to share between threads."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        # Asked once, for it looks at the whole environment; behind a proxy the library goes its own way.
        self._proxied = frozenset(urllib.request.getproxies())
        self._idle: dict[_Place, deque[_Idle]] = {}
        self._lock = threading.Lock()
        self._closed = False
        weakref.finalize(self, _close, self._idle)  # for who makes a client for one call

    def lead_to(self, url: str) -> bool:
        """Whether it is reached without a proxy."""
        return urlsplit(url).scheme not in self._proxied

    def post(self, url: str, data: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """Send once. Raises Refusal for any status from 300, and what ``http.client`` does where it was lost."""
        parts = urlsplit(url)
        place = parts.scheme, parts.netloc
        connection = self._taken(place, timeout)
        try:
            if connection.sock is None:
                connection.connect()
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            answer = posted(connection.sock, parts.netloc, target, data, headers)
        except BaseException:
            connection.close()
            raise
        if answer.stays:
            self._give_back(place, connection)
        else:
            connection.close()
        if answer.status >= _REDIRECTED:
            raise Refusal(url, answer.status, answer.reason, _as_message(answer), io.BytesIO(answer.body))
        return Reply(answer.status, dict(answer.headers), answer.body.decode())

    def close(self) -> None:
        """Close what is idle, and keep nothing more."""
        with self._lock:
            self._closed = True
            _close(self._idle)

    def _taken(self, place: _Place, timeout: float) -> http.client.HTTPConnection:
        """The connection that was used last, so that few are; a new one where none is there."""
        while (idle := self._newest(place)) is not None:
            if idle.is_usable():
                return idle.connection
            idle.connection.close()
        scheme, host = place
        if scheme == "http":
            return http.client.HTTPConnection(host, timeout=timeout)
        return http.client.HTTPSConnection(host, timeout=timeout, context=self._tls())

    def _newest(self, place: _Place) -> _Idle | None:
        with self._lock:
            kept = self._idle.get(place)
            return kept.pop() if kept else None

    def _give_back(self, place: _Place, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            kept = self._idle.setdefault(place, deque())
            kept.append(_Idle(connection, time.monotonic()))
            spare = []
            most = 0 if self._closed else KEPT_AT_MOST
            while len(kept) > most or (kept and kept[0].is_old):
                spare.append(kept.popleft())
        for each in spare:
            each.connection.close()

    def _tls(self) -> ssl.SSLContext:
        """Read once: the authorities' file is large."""
        with self._lock:
            if self._context is None:
                self._context = ssl.create_default_context()
            return self._context


def _as_message(answer: Response) -> Message:
    """The headers as errors have them, for Slack's library."""
    message = Message()
    for name, value in answer.headers:
        message[name] = value
    return message


def _close(idle: dict[_Place, deque[_Idle]]) -> None:
    for kept in idle.values():
        while kept:
            kept.pop().connection.close()

"""The loopback server under the built-in orgs: reads calls, lets faults act, writes answers."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import urlsplit

from bot.sandbox.salesforce.faults import OrgFault


@dataclass(frozen=True, slots=True)
class Request:
    """One call that arrived. A browser, which cannot choose its ``Host``, names the org's in ``/~host/path``.

    ``door`` is the ``Host`` that the browser did send; None where no browser sent it.
    """

    method: str
    path: str
    host: str
    query: str = field(default="", repr=False)
    door: str | None = None

    @classmethod
    def arrived(cls, method: str, target: str, host: str) -> Request:
        """A call from its first line."""
        parts = urlsplit(target)
        if not parts.path.startswith("/~"):
            return cls(method, parts.path, host.lower(), parts.query)
        named, _, rest = parts.path[2:].partition("/")
        return cls(method, f"/{rest}", named.lower(), parts.query, door=host.lower())


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What an org says; a body that is no text goes out as JSON."""

    status: int
    body: object
    location: str | None = None
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Answering(Protocol):
    """What stands behind the server."""

    def fault_for(self, request: Request) -> OrgFault:
        """Note the call, and say what it is to suffer."""
        ...

    def answer(self, request: Request, headers: dict[str, str], body: bytes) -> HttpAnswer:
        """What to say; header names are in lower case."""
        ...


class SalesforceHttpServer(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1; ``released`` lets calls that hang go."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, behind: Answering) -> None:
        super().__init__(("127.0.0.1", 0), _RequestHandler)
        self.behind = behind
        self.released = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers that hang up while they are being read are no event; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _RequestHandler(BaseHTTPRequestHandler):
    """Reads a call, lets the fault of its org act, and writes the answer."""

    server: SalesforceHttpServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: what arrives here may hold secrets."""

    def _serve(self) -> None:
        request = Request.arrived(self.command, self.path, self.headers.get("Host", ""))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.server.behind.fault_for(request)
        self.server.released.wait(fault.hang)
        if fault.reset:  # closed with a reset instead of a goodbye
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.behind.answer(request, headers, body)
        try:
            self._write(fault, answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the caller has hung up, as callers of a slow org do

    do_GET = do_HEAD = do_POST = do_DELETE = _serve  # noqa: N815 - the base class looks for these names

    def _write(self, fault: OrgFault, answer: HttpAnswer) -> None:
        if fault.raw is not None:
            self.wfile.write(fault.raw)
            self.close_connection = True
            return
        plain = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
        body = plain.encode() if fault.body is None else fault.body
        head = [
            f"HTTP/1.1 {fault.status or answer.status} -",
            f"Content-Type: {answer.content_type or fault.content_type}",
            f"Content-Length: {len(body)}",
            *([f"Location: {location}"] if (location := fault.location or answer.location) else []),
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        sent = "".join(f"{line}\r\n" for line in [*head, ""]).encode()
        body = body[: len(body) // 2] if fault.truncate else body
        body = b"" if self.command == "HEAD" else body
        if fault.trickle:
            at = 0 if fault.slow_headers else len(sent)
            self.wfile.write(sent[:at])
            self._drip(sent[at:] + body, fault.trickle)
        else:
            self.wfile.write(sent + body)  # in one piece: two would wait for each other's acknowledgement
        self.close_connection = fault.truncate or self.close_connection

    def _drip(self, data: bytes, pause: float) -> None:
        for byte in data:
            if self.server.released.wait(pause):
                return
            self.wfile.write(bytes([byte]))

"""What stands where Slack does: canned answers over kept connections, and a count of what was said.

As cheap as may be, because it shares the machine with what is measured. A process of its own.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from typing import Any
from urllib.parse import parse_qs

TEAM, BOT_USER = "T0SPEED", "U0BOT"
SCOPES = "app_mentions:read,chat:write,commands,channels:history,users:read"

_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class FarEnd:
    """Where it listens; ``answers`` counts what came to a ``response_url``, ``posts`` the messages in channels."""

    port: int
    answers: Synchronized[int]
    posts: Synchronized[int]
    said: Any

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def hook(self) -> str:
        """A ``response_url``."""
        return f"http://127.0.0.1:{self.port}/hooks/1"

    def newest(self) -> dict[str, Any]:
        """The newest answer or message that was said first since the last look."""
        said: dict[str, Any] = self.said.get(timeout=20)
        return said


@contextmanager
def far_end() -> Iterator[FarEnd]:
    """Serve for a while."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    counts = _FORK.Value("q", 0), _FORK.Value("q", 0)
    said = _FORK.Queue()
    process = _FORK.Process(target=_serve, args=(listener, *counts, said), daemon=True)
    process.start()
    try:
        yield FarEnd(listener.getsockname()[1], *counts, said)
    finally:
        process.terminate()
        process.join()
        listener.close()


def _serve(listener: socket.socket, answers: Synchronized[int], posts: Synchronized[int], said: Any) -> None:
    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Line(answers, posts, said), sock=listener)
        await server.serve_forever()

    asyncio.run(serve())


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, answers: Synchronized[int], posts: Synchronized[int], said: Any) -> None:
        self._answers, self._posts, self._said = answers, posts, said
        self._held = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(self._held) < end + 4 + length:
                return
            body, self._held = self._held[end + 4 : end + 4 + length], self._held[end + 4 + length :]
            path = head.split(b" ", 2)[1]
            self._answer(path, body, closes=b"connection: close" in head)

    def _answer(self, path: bytes, body: bytes, *, closes: bool) -> None:
        if path.startswith(b"/hooks/"):
            answer = b"ok"
            self._counted(self._answers, lambda: json.loads(body))
        else:
            method = path.rpartition(b"/")[2].decode()
            answer = json.dumps(_canned(method, body)).encode()
            if method == "chat.postmessage":
                self._counted(self._posts, lambda: _form(body))
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-OAuth-Scopes: %s\r\n" % SCOPES.encode()
        line = b"Connection: close\r\n" if closes else b""
        self._transport.write(head + line + b"Content-Length: %d\r\n\r\n" % len(answer) + answer)
        if closes:
            self._transport.close()

    def _counted(self, count: Synchronized[int], said: Any) -> None:
        with count.get_lock():
            count.value += 1
        if self._said.empty():
            self._said.put(said())


def _form(body: bytes) -> dict[str, Any]:
    if body.startswith(b"{"):
        record: dict[str, Any] = json.loads(body)
        return record
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _canned(method: str, body: bytes) -> dict[str, Any]:
    if method == "auth.test":
        who = {"team_id": TEAM, "team": "Speed", "user_id": BOT_USER, "user": "flosum", "bot_id": "B0BOT"}
        return {"ok": True, "url": "https://speed.slack.com/", **who}
    if method == "users.info":
        user = str(_form(body).get("user"))
        names = {"real_name": f"Person {user}", "tz": "Europe/Berlin"}
        return {"ok": True, "user": {"id": user, "team_id": TEAM, "is_admin": False, **names}}
    if method == "chat.postmessage":
        return {"ok": True, "channel": "C0SPEED", "ts": "1700000000.000100"}
    if method == "conversations.info":
        return {"ok": True, "channel": {"id": "C0SPEED", "is_member": True, "is_ext_shared": False}}
    return {"ok": True, "messages": [], "permalink": "https://speed.slack.com/archives/C0SPEED/p1"}

"""Right answers of an org, spoiled in every way that a network, a proxy or a strange release may spoil them."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MARK = "Zq7RawBodyZq7"
"""Stands in every body, in a field that nobody asks for: it must not be found in anything that leaves the adapter."""

LOGIN, OVERVIEW, ACCESS = "login", "overview", "access"
_STATUSES = (200, 200, 200, 201, 202, 203, 204, 206, 207, 226, 299, 300, 304, 307)
_REFUSALS = (400, 400, 401, 403, 404, 409, 410, 418, 429, 500, 502, 503, 599, 999)
_TYPES = ("application/json", "application/json;charset=ISO-8859-1", "text/html", "text/plain; charset=utf-16", "")
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "latin-1", "utf-7")
_VALUES: tuple[object, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, float("inf"), float("nan"), "", "x", "é☃", "\ud800", "x" * 5000, "\x00\n"),
    *([], {}, [[]], [None], {"": None}, {"records": 7}, {"error": []}, [{"errorCode": 7, "message": {}}]),
)
_HUGE = "@huge@"


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer, whole; ``length`` is what it says of its length, where that is not so."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None

    def raw(self) -> bytes:
        length = len(self.body) if self.length is None else self.length
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Length: {length}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + self.body


@dataclass
class ScriptedOrg:
    """An org on loopback whose answers are given. Without one it forwards to ``behind``, and keeps what came."""

    behind: str
    script: dict[str, Reply] = field(default_factory=dict)
    right: dict[str, Reply] = field(default_factory=dict)
    port: int = 0

    def route(self, address: str) -> str:
        return urlsplit(address)._replace(scheme="http", netloc=f"127.0.0.1:{self.port}").geturl()

    def answer(self, head: bytes, body: bytes) -> bytes:
        kind = LOGIN if b"/oauth2/" in head else OVERVIEW if b"Organization" in body else ACCESS
        reply = self.script.get(kind) or self.right.get(kind)
        if reply is None:
            reply = self.right[kind] = self._forwarded(head, body)
        return reply.raw()

    def _forwarded(self, head: bytes, body: bytes) -> Reply:
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        connection = http.client.HTTPConnection(urlsplit(self.behind).netloc, timeout=10)
        connection.request(method, path, body, dict(line.split(": ", 1) for line in lines if line))
        answer = connection.getresponse()
        reply = Reply(answer.status, answer.read(), (("Content-Type", "application/json"),))
        connection.close()
        return reply


@contextmanager
def serving(org: ScriptedOrg) -> Iterator[ScriptedOrg]:
    """``org`` on a port of its own."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        org.port = server.getsockname()[1]
        threading.Thread(target=_serve, args=(server, org), daemon=True).start()
        yield org
        server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket, org: ScriptedOrg) -> None:
    while True:
        try:
            line, _ = server.accept()
        except OSError:
            return
        with line:
            _answer(line, org)


def _answer(line: socket.socket, org: ScriptedOrg) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := line.recv(65536)):
            return
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while len(body) < (int(length[1]) if length else 0):
        body += line.recv(65536)
    try:
        line.sendall(org.answer(head, body))
    except OSError:
        return  # the caller has heard enough


# --- spoiling ------------------------------------------------------------------------------------------


def spoiled(rng: random.Random, right: Reply, inside: tuple[str | int, ...] = ()) -> Reply:
    """``right`` with something wrong; ``inside`` is the part of its JSON that the wrong is in."""
    value = json.loads(right.body)
    if isinstance(value, dict):
        value["zq"] = MARK
    if inside or rng.random() < 0.6:
        value = _with_wrong_part(rng, value, inside)
        body = json.dumps(value).replace(f'"{_HUGE}"', "9" * 5000).encode()
    else:
        body = rng.choice(_BODIES)(rng, json.dumps(value).encode())
    return rng.choice(_REPLIES if not inside else (_plain, _plain, _encoded))(rng, body)


def _with_wrong_part(rng: random.Random, value: Any, inside: tuple[str | int, ...]) -> Any:
    places = [place for place in _places(value) if place[: len(inside)] == inside and place]
    for place in rng.sample(places, min(len(places), rng.choice((1, 1, 2, 5)))):
        value = _replaced(rng, value, place)
    return value


def _places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in pairs:
        yield from _places(part, (*at, key))


def _replaced(rng: random.Random, value: Any, place: tuple[str | int, ...]) -> Any:
    *way, last = place
    here = value
    for key in way:
        if not _has(here, key):
            return value  # an earlier wrong has taken it away
        here = here[key]
    if not _has(here, last):
        return value
    if rng.random() < 0.15:
        del here[last]
    else:
        here[last] = deepcopy(rng.choice((*_VALUES, _HUGE, [here[last]])))
    return value


def _has(value: Any, key: str | int) -> bool:
    if isinstance(key, str):
        return isinstance(value, dict) and key in value
    return isinstance(value, list) and key < len(value)


def _deep(rng: random.Random, body: bytes) -> bytes:
    opening, closing = rng.choice(((b"[", b"]"), (b'{"a":', b"}")))
    count = rng.choice((1500, 100_000))
    return opening * count + rng.choice((b"", body + closing * count))


_BODIES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    lambda rng, body: body[: rng.randrange(len(body))],
    lambda _, body: body + body,
    lambda _, __: b"",
    lambda _, __: f"<!DOCTYPE html><html><body>Maintenance {MARK}</body></html>".encode(),
    lambda _, __: f"Bad_OAuth_Token {MARK}".encode(),
    lambda _, body: b"\xef\xbb\xbf\n" + body + b"\n\n",
    lambda _, body: body.replace(b":", b"=", 3),
    lambda rng, body: _flipped(rng, body),
    lambda rng, _: rng.randbytes(rng.choice((1, 2, 3, 4, 300))),
    lambda rng, _: json.dumps(rng.choice(_VALUES)).encode(),
    lambda _, __: b"9" * 6000,
    lambda _, __: b'{"error": "invalid_grant", "error_description": ["x"], "zq": "' + MARK.encode() + b'"}',
    lambda _, __: b'[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": null, "zq": "' + MARK.encode() + b'"}]',
    _deep,
)


def _flipped(rng: random.Random, body: bytes) -> bytes:
    spoiled_body = bytearray(body)
    for _ in range(rng.choice((1, 3, 20))):
        spoiled_body[rng.randrange(len(spoiled_body))] = rng.randrange(256)
    return bytes(spoiled_body)


def _plain(_: random.Random, body: bytes) -> Reply:
    return Reply(200, body, (("Content-Type", "application/json"),))


def _with_status(rng: random.Random, body: bytes) -> Reply:
    return Reply(rng.choice(_STATUSES + _REFUSALS), body, (("Content-Type", rng.choice(_TYPES)),))


def _encoded(rng: random.Random, body: bytes) -> Reply:
    text = body.decode("utf-8", "replace")
    return Reply(rng.choice((200, 201, 400)), text.encode(rng.choice(_ENCODINGS), "replace"))


def _zipped(rng: random.Random, body: bytes) -> Reply:
    zipped = rng.choice((gzip.compress(body), gzip.compress(body)[: rng.randrange(1, 30)], body, b"\x1f\x8b\x08"))
    return Reply(200, zipped, (("Content-Encoding", rng.choice(("gzip", "deflate", "br", "gzip, gzip", "x"))),))


def _cut_off(rng: random.Random, body: bytes) -> Reply:
    return Reply(rng.choice((200, 400)), body, length=len(body) + rng.choice((1, 1000)))


_REPLIES = (_plain, _plain, _with_status, _with_status, _encoded, _zipped, _cut_off)

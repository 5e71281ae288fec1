"""What comes back for a request is what Python's own client makes of it, however it comes."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress

import pytest

from bot.adapters.slack import exchange, web_api
from bot.adapters.slack.exchange import Response, posted

FOLLOWED = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok, and more than was said",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\n!",
]
WHOLE = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\ncontent-length:2\r\nX: a\r\nX: b\r\nEmpty:\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3;x=y\r\n\xc3\xa4!\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil it ends",
    b"HTTP/1.1 200 OK\r\n\r\nwithout a head",
    b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 3\r\n\r\nwhy",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    *FOLLOWED,
    b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + 70_000 * b"x",
    b"HTTP/1.1 200 OK\r\n" + 60 * b"X-Name: value\r\n" + b"Content-Length: 2\r\n\r\nok",
]
LOST = [
    b"",
    b"HTTP/1.1 200 OK\r\nContent-",
    b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnumber\r\nok\r\n0\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
]


@contextmanager
def line_to(told: Iterable[bytes], seen: list[bytes]) -> Iterator[socket.socket]:
    """A connection at whose far end somebody takes a request, says this and hangs up."""
    near, far = socket.socketpair()

    def talk() -> None:
        with far, suppress(ConnectionError):  # whoever has the answer hangs up
            seen.append(far.recv(65536))
            for piece in told:
                far.sendall(piece)

    thread = threading.Thread(target=talk)
    thread.start()
    with closing(near):
        near.settimeout(10)
        yield near
    thread.join(10)


def answer_to(told: Sequence[bytes]) -> Response:
    with line_to(told, []) as line:
        return posted(line, "slack.com", "/api/x", b"{}", {})


@pytest.mark.parametrize("told", WHOLE, ids=range(len(WHOLE)))
@pytest.mark.parametrize("letters", [1, 7, 65536])
def test_an_answer_is_what_pythons_own_client_makes_of_it(told: bytes, letters: int) -> None:
    if len(told) > 10_000 and letters < 100:
        pytest.skip("it would take long, and say no more")
    pieces = [told[at : at + letters] for at in range(0, len(told), letters)]
    with line_to([told], []) as line:
        line.sendall(b"{}")
        theirs = http.client.HTTPResponse(line, method="POST")
        theirs.begin()
        body = theirs.read()

    ours = answer_to(pieces)

    assert (ours.status, ours.reason, ours.headers, ours.body) == (
        theirs.status,
        theirs.reason,
        theirs.getheaders(),
        body,
    )
    if told not in FOLLOWED:  # by what nobody asked for: it is noticed now, or before the next request
        assert ours.stays is not theirs.will_close


@pytest.mark.parametrize("told", LOST, ids=range(len(LOST)))
def test_what_is_no_answer_is_lost(told: bytes) -> None:
    with pytest.raises(web_api.LOST):
        answer_to([told] if told else [])


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"])
def test_an_answer_that_drips_in_without_end_is_lost(monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    monkeypatch.setattr(exchange, "_WHOLE_WITHIN", 0.3)
    drips = (b"HTTP/1.1 200 OK\r\nX: " if not head else b"1\r\nx\r\n", b"1\r\nx\r\n" if head else b"x")

    def told() -> Iterator[bytes]:
        yield head + drips[0]
        for _ in range(200):
            time.sleep(0.02)
            yield drips[1]

    with line_to(told(), []) as line, pytest.raises(web_api.LOST):
        posted(line, "slack.com", "/api/x", b"{}", {})


def test_an_answer_without_any_bound_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_LARGEST", 100_000)
    piece = b"10000\r\n" + 65_536 * b"x" + b"\r\n"

    with pytest.raises(web_api.LOST):
        answer_to([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[piece] * 20])


def test_a_request_is_sent_in_one_piece_with_all_that_it_needs() -> None:
    seen = list[bytes]()
    with line_to([WHOLE[0]], seen) as line:
        posted(line, "slack.com:8", "/api/x?y=z", "größer".encode(), {"Authorization": "Bearer xoxb-1", "X": "ä"})

    head, _, body = seen[0].partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    assert first == b"POST /api/x?y=z HTTP/1.1"
    assert dict(line.split(b": ") for line in lines) == {
        b"Host": b"slack.com:8",
        b"Accept-Encoding": b"identity",
        b"Authorization": b"Bearer xoxb-1",
        b"X": b"\xe4",
        b"Content-Length": b"8",
    }
    assert body.decode() == "größer"


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\rb", "\n", "日本"])
def test_a_header_that_cannot_be_sent_is_refused_before_anything_is(value: str) -> None:
    near, far = socket.socketpair()
    with near, far:
        with pytest.raises(ValueError):  # noqa: PT011 - two kinds of it
            posted(near, "slack.com", "/api/x", b"{}", {"Authorization": value})

        far.setblocking(False)
        with pytest.raises(BlockingIOError):
            far.recv(1)

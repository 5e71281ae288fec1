"""Connections to Slack that stay open: used again while they can be, never repeated on, given up in time."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient

from bot.adapters.slack import kept_connections, web_api
from bot.adapters.slack.kept_connections import KEPT_AT_MOST, KeptConnections
from bot.domain.errors import SlackRefused

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class FarEnd:
    """Answers each request as told, one connection after the other; ``requests`` as they came, by connection."""

    def __init__(self, *answers: bytes, hangs_up: bool = False) -> None:
        self._answers = answers
        self._hangs_up = hangs_up
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/api/x"
        self.requests: list[list[bytes]] = []
        self.ended = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.requests.append([])
            threading.Thread(target=self._talk, args=(line, self.requests[-1]), daemon=True).start()

    def _talk(self, line: socket.socket, seen: list[bytes]) -> None:
        with line, suppress(ConnectionError):  # the library sends two pieces, and goes with the first answer
            while request := line.recv(65536):
                seen.append(request)
                line.sendall(self._answers[min(sum(map(len, self.requests)), len(self._answers)) - 1])
                if self._hangs_up:
                    break
        self.ended.set()

    def close(self) -> None:
        self._listener.close()


@contextmanager
def far_end(*answers: bytes, hangs_up: bool = False) -> Iterator[FarEnd]:
    end = FarEnd(*answers, hangs_up=hangs_up)
    with closing(end):
        yield end


@pytest.fixture
def connections() -> Iterator[KeptConnections]:
    kept = KeptConnections()
    yield kept
    kept.close()


def test_calls_one_after_the_other_share_a_connection_and_come_in_one_piece(connections: KeptConnections) -> None:
    with far_end(OK) as end:
        replies = [connections.post(end.url, f"body {number}".encode(), {"A": "b"}, 5) for number in range(3)]

        assert [reply.text for reply in replies] == ["ok"] * 3
        assert len(end.requests) == 1
        assert [request.endswith(f"body {number}".encode()) for number, request in enumerate(end.requests[0])] == [
            True
        ] * 3


def test_what_the_far_end_has_closed_is_not_used_again(connections: KeptConnections) -> None:
    with far_end(OK, hangs_up=True) as end:
        connections.post(end.url, b"one", {}, 5)
        assert end.ended.wait(5)

        assert connections.post(end.url, b"two", {}, 5).text == "ok"
        assert len(end.requests) == 2


def test_what_was_idle_for_long_is_not_used_again(
    connections: KeptConnections, monkeypatch: pytest.MonkeyPatch
) -> None:
    with far_end(OK) as end:
        connections.post(end.url, b"one", {}, 5)
        monkeypatch.setattr(kept_connections, "IDLE", -1.0)

        assert connections.post(end.url, b"two", {}, 5).text == "ok"
        assert len(end.requests) == 2


def test_a_lost_answer_is_raised_and_nothing_is_sent_twice(connections: KeptConnections) -> None:
    with far_end(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf", hangs_up=True) as end:
        with pytest.raises(web_api.LOST):
            connections.post(end.url, b"one", {}, 5)

        assert len(end.requests) == 1


@pytest.mark.parametrize("status", [302, 404, 429, 503])
def test_every_other_status_is_an_error_with_its_headers_and_body(connections: KeptConnections, status: int) -> None:
    answer = b"HTTP/1.1 %d No\r\nRetry-After: 7\r\nContent-Length: 3\r\n\r\nwhy" % status
    with far_end(answer) as end:
        with pytest.raises(HTTPError) as raised:
            connections.post(end.url, b"one", {}, 5)

        assert (raised.value.code, raised.value.headers["Retry-After"], raised.value.read()) == (status, "7", b"why")
        assert raised.value.fp.closed  # Slack's library would leave it open
        assert raised.value.read() == b""


def test_of_many_at_once_few_connections_are_kept(connections: KeptConnections) -> None:
    with far_end(OK) as end:
        at_once = KEPT_AT_MOST + 8
        ready = threading.Barrier(at_once)

        def post() -> None:
            ready.wait(10)
            connections.post(end.url, b"one", {}, 10)

        threads = [threading.Thread(target=post) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert sum(map(len, end.requests)) == at_once
        assert len(connections._idle[("http", end.url.split("/")[2])]) <= KEPT_AT_MOST  # noqa: SLF001


def test_the_web_api_and_response_urls_go_over_them() -> None:
    answer = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'
    with far_end(answer) as end:
        slack = web_api.client("xoxb-1", end.url.removesuffix("x"))
        for _ in range(2):
            assert slack.api_test()["ok"]
        assert slack.answer_at(end.url, {"text": "hello"}).body == '{"ok":true}'
        slack.connections.close()

        assert len(end.requests) == 1


REFUSED = '{"ok":false,"error":"not_in_channel"}'


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, '{"ok":true,"channel":"C1","ts":"1.1"}'),
        (200, REFUSED),
        (403, REFUSED),
        (429, '{"ok":false,"error":"ratelimited"}'),
        (429, ""),
        (200, "<html>a proxy's page</html>"),
        (503, "<html>an outage's page</html>"),
        (302, ""),
    ],
)
@pytest.mark.filterwarnings("ignore:Implicitly cleaning up <HTTPError:ResourceWarning")  # the library's, on Python 3.14
def test_what_comes_of_a_message_is_what_the_library_makes_of_it(status: int, body: str) -> None:
    told = f"HTTP/1.1 {status} No\r\nRetry-After: 7\r\nContent-Length: {len(body)}\r\n\r\n{body}"

    def come_of(slack: WebClient) -> tuple[object, ...]:
        try:
            posted = web_api.called(lambda: slack.chat_postMessage(channel="C1", text="größer", blocks=[]))
        except SlackRefused as refusal:
            code = refusal.code if refusal.code in body else ""  # of a page each has words of its own
            return refusal.text, refusal.permanent, refusal.clear, refusal.retry_after, code
        return posted.status_code, posted["ts"], posted.headers["Retry-After"]

    with far_end(told.encode()) as end:
        base = end.url.removesuffix("x")
        ours = web_api.client("xoxb-1", base).with_token("xoxb-2", "T1")
        librarys = WebClient("xoxb-2", base, team_id="T1", retry_handlers=[])
        assert come_of(ours) == come_of(librarys)

        head, _, sent = end.requests[0][0].partition(b"\r\n\r\n")
        assert json.loads(sent) == {"team_id": "T1", "channel": "C1", "text": "größer", "blocks": []}
        assert b"Authorization: Bearer xoxb-2" in head.splitlines()
        ours.connections.close()


def test_behind_a_proxy_the_library_goes_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with far_end(OK) as end:
        assert not KeptConnections().lead_to(end.url)
        assert KeptConnections().lead_to(end.url.replace("http", "https"))


def test_a_client_for_the_same_token_is_made_once() -> None:
    slack = web_api.client("xoxb-1", "http://127.0.0.1/api/")
    clients = web_api.Clients(slack)

    one = clients.same(slack.with_token("xoxb-1", "T1"))

    assert clients.same(slack.with_token("xoxb-1", "T1")) is one
    assert clients.same(slack.with_token("xoxb-1", "T2")) is not one
    assert clients.same(slack.with_token("xoxb-2", "T1")).token == "xoxb-2"
    assert (one.token, one.default_params["team_id"], one.connections) == ("xoxb-1", "T1", slack.connections)


NO_ANSWERS = {
    "a list": ("200 OK", "application/json", b"[]"),
    "a filled list": ("200 OK", "application/json", b"[1]"),
    "a number": ("200 OK", "application/json", b"0"),
    "a text": ("500 Broken", "application/json", b'"broken"'),
    "nothing": ("200 OK", "application/json", b"null"),
    "an empty body": ("204 No Content", "application/json", b""),
    "letters of an unknown code": ("200 OK", "text/html; charset=klingon", b"<html>"),
    "an outage in an unknown code": ("503 Down", "text/html; charset=klingon", b"<html>"),
    "bytes that are no letters": ("200 OK", "application/json", b'\xff{"ok":true}'),
    "lists without end": ("200 OK", "application/json", b"[" * 30_000),
}


@pytest.mark.parametrize("what", NO_ANSWERS)
@pytest.mark.parametrize("method", ["chat_postMessage", "conversations_history"])  # as JSON, and as a form
def test_what_is_no_answer_of_slacks_counts_as_lost(what: str, method: str) -> None:
    status, kind, body = NO_ANSWERS[what]
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    with far_end(head.encode() + body) as end:
        slack = web_api.client("xoxb-1", end.url.removesuffix("x"))
        more = {"text": "Hello"} if method == "chat_postMessage" else {}

        with pytest.raises(SlackRefused) as caught:
            web_api.called(lambda: getattr(slack, method)(channel="C0GENERAL", **more))

        assert (caught.value.text, caught.value.permanent, caught.value.clear) == (web_api.SILENT, False, False)
        slack.connections.close()

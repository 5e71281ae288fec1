"""Connections outlast a check, and one that turns out to be closed is no trouble of the org's."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.adapters.salesforce.kept_connections import KeptConnections
from bot.adapters.salesforce.transport import Deadline, Line
from bot.domain.errors import OrgUnreachable

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers calls on loopback; ``answers`` says how many it answers on each connection before it hangs up."""

    def __init__(self, answers: list[int]) -> None:
        self.answers = answers
        self.calls = self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/services/data"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        for count in self.answers:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                self.answer(connection, count)

    def answer(self, connection: socket.socket, count: int) -> None:
        for number in range(count + 1):
            if not connection.recv(65536):
                return
            self.calls += 1
            if number < count:
                connection.sendall(HEAD)


@contextmanager
def serving(*answers: int) -> Iterator[Server]:
    server = Server(list(answers))
    yield server
    server.socket.close()


def call(server: Server, kept: KeptConnections | None) -> bytes:
    with Line(Deadline.after(5, "prod"), connections=kept) as line:
        return line.get(server.url).content


def test_one_connection_serves_check_after_check() -> None:
    kept = KeptConnections()
    with serving(9) as server:
        assert {call(server, kept) for _ in range(5)} == {b"{}"}
        assert (server.calls, server.connections) == (5, 1)
        kept.close_all()


def test_a_kept_connection_that_was_closed_meanwhile_is_replaced() -> None:
    kept = KeptConnections()
    with serving(1, 1) as server:
        assert [call(server, kept) for _ in range(2)] == [b"{}"] * 2
        assert (server.calls, server.connections) == (3, 2)
        kept.close_all()


def test_a_fresh_connection_that_breaks_off_is_the_orgs_trouble_at_once() -> None:
    kept = KeptConnections()
    with serving(0, 1) as server:
        with pytest.raises(OrgUnreachable, match="broke off"):
            call(server, kept)
        assert server.calls == 1
        kept.close_all()

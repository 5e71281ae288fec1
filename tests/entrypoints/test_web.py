"""Health, readiness, metrics; the clock's tick."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry, Gauge

from bot.domain.errors import OperatorError
from bot.entrypoints.web import Check, WebServer, operators_app, web_app
from bot.entrypoints.web.slow_clients import Patience


def fails() -> None:
    raise OperatorError("The database is locked by another program.")


def checks(ready: bool) -> dict[str, Check]:
    return {"database": (lambda: None) if ready else fails}


def operators(ready: bool = True) -> Flask:
    registry = CollectorRegistry()
    Gauge("flosum_jobs_open", "Jobs.", registry=registry).set(3)
    return operators_app(checks(ready), registry)


def client(ready: bool = True) -> Flask:
    return web_app(checks(ready))


def test_alive_and_ready() -> None:
    web = client().test_client()

    assert web.get("/healthz").json == {"status": "alive"}
    assert web.get("/readyz").json == {"status": "ready"}


def test_not_ready_says_no_more_to_everybody_while_still_alive() -> None:
    web = client(ready=False).test_client()

    assert web.get("/readyz").status_code == 503
    assert web.get("/readyz").json == {"status": "not ready"}
    assert web.get("/healthz").status_code == 200
    assert web.get("/metrics").status_code == 404


def test_the_operator_sees_what_is_missing_and_the_metrics() -> None:
    assert operators().test_client().get("/readyz").json == {"database": "ok"}
    assert b"flosum_jobs_open 3.0" in operators().test_client().get("/metrics").data

    answer = operators(ready=False).test_client().get("/readyz")

    assert (answer.status_code, answer.json) == (503, {"database": "The database is locked by another program."})


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere"])
def test_every_answer_tells_browsers_to_load_keep_and_tell_nothing(path: str) -> None:
    for web in (client(), operators()):
        headers = web.test_client().get(path).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers


def test_behind_https_browsers_are_told_to_stay_there() -> None:
    web = web_app(checks(ready=True), secure=lambda: True).test_client()

    assert web.get("/healthz").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_in_socket_mode_there_is_no_door_for_events() -> None:
    assert client().test_client().post("/slack/events").status_code == 404


def test_the_server_serves_and_gives_its_port_back() -> None:
    server = WebServer(client(), "127.0.0.1", 0)
    server.start()
    port = int(server.address.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()

    server.close()

    again = WebServer(client(), "127.0.0.1", port)
    again.close()


def test_a_port_that_is_taken_is_one_sentence() -> None:
    server = WebServer(client(), "127.0.0.1", 0)
    port = int(server.address.rpartition(":")[2])

    with pytest.raises(OperatorError, match=rf"FLOSUM_PORT: 127.0.0.1:{port} cannot be listened on"):
        WebServer(client(), "127.0.0.1", port)
    server.close()


@contextmanager
def serving(patience: Patience) -> Iterator[int]:
    """The port of a server with that patience."""
    server = WebServer(client(), "127.0.0.1", 0, patience=patience)
    server.start()
    yield int(server.address.rpartition(":")[2])
    server.close()


def held(port: int, begun: bytes) -> socket.socket:
    """A connection that sent something and then nothing."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(begun)
    return connection


def still_takes(connection: socket.socket, data: bytes) -> bool:
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


def is_served(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    connection.close()
    return status == 200


HALF = b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12"


@pytest.mark.parametrize("begun", [b"", b"GET /hea", HALF], ids=["nothing", "half a line", "half a body"])
def test_who_does_not_send_a_whole_request_is_cut(begun: bytes) -> None:
    with serving(Patience(whole=0.3)) as port, held(port, begun) as connection:
        started = time.monotonic()
        assert connection.recv(100) == b""
        assert 0.2 < time.monotonic() - started < 5


def test_a_byte_now_and_then_buys_no_time() -> None:
    with serving(Patience(whole=0.5)) as port, held(port, b"GET /") as connection:
        started = time.monotonic()
        while time.monotonic() - started < 10 and still_takes(connection, b"x"):
            time.sleep(0.05)
        assert 0.4 < time.monotonic() - started < 5


def test_between_two_requests_a_connection_may_rest() -> None:
    with serving(Patience(whole=0.3)) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        for _ in range(2):
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
            time.sleep(0.8)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()


def test_of_too_many_that_wait_the_longest_waiting_make_room() -> None:
    with serving(Patience(whole=60, connections=20)) as port:
        waiting = [held(port, HALF) for _ in range(50)]
        assert is_served(port)
        assert waiting[0].recv(100) == b""
        for connection in waiting:
            connection.close()


def test_bodies_and_heads_are_bounded() -> None:
    with serving(Patience()) as port:
        for head in (b"Content-Length: 1000001\r\n\r\n", b"X: " + b"x" * 70_000 + b"\r\n\r\n"):
            with held(port, b"POST /healthz HTTP/1.1\r\nHost: x\r\n" + head) as connection:
                assert connection.recv(100).split(b" ")[1] in (b"413", b"431")

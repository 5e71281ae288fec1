"""Health, readiness, metrics; the clock's tick."""

from __future__ import annotations

import http.client
import threading

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry, Gauge

from bot.domain.errors import OperatorError
from bot.entrypoints.schedule import Schedule
from bot.entrypoints.web import WebServer, web_app


def fails() -> None:
    raise OperatorError("The database is locked by another program.")


def client(ready: bool = True) -> Flask:
    registry = CollectorRegistry()
    Gauge("flosum_jobs_open", "Jobs.", registry=registry).set(3)
    return web_app(None, {"database": (lambda: None) if ready else fails}, registry)


def test_alive_ready_and_measured() -> None:
    web = client().test_client()

    assert web.get("/healthz").json == {"status": "alive"}
    assert web.get("/readyz").json == {"database": "ok"}
    assert b"flosum_jobs_open 3.0" in web.get("/metrics").data


def test_not_ready_says_why_while_still_alive() -> None:
    web = client(ready=False).test_client()

    assert web.get("/readyz").status_code == 503
    assert web.get("/readyz").json == {"database": "The database is locked by another program."}
    assert web.get("/healthz").status_code == 200


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


def test_the_clock_ticks_until_it_is_closed_and_survives_a_failing_tick() -> None:
    ticks, twice = [], threading.Event()

    def tick() -> None:
        ticks.append(1)
        if len(ticks) >= 2:
            twice.set()
        raise ZeroDivisionError

    schedule = Schedule(tick, every=1, jitter=None)
    schedule.start()
    assert twice.wait(10)
    schedule.close()

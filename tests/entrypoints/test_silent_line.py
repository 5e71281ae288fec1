"""A line of Socket Mode that swallows bytes without closing: a relay between both ends that stops passing them on."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import queue
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from slack_bolt import Ack, App
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from bot.adapters import logs
from bot.adapters.slack import web_api
from bot.entrypoints.prometheus import PrometheusCounts
from bot.entrypoints.slack.intake import Intake
from bot.entrypoints.slack.socket_mode import HANGING_UP, SocketMode
from bot.entrypoints.web import operators_app
from bot.jobs import Jobs
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.parts import utc_now
from tests.entrypoints.test_socket_mode import COMMAND
from tests.store_helpers import opened
from tests.wiring.test_run import start

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PING, SILENCE = 0.3, 2.0


@dataclass
class Relay:
    """Passes bytes on, both ways, until it is told to swallow them; new connections it takes all the while."""

    target: int
    passes: threading.Event = field(default_factory=threading.Event)
    dialled: list[socket.socket] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:  # the test is over
                return
            self.dialled.append(near)
            threading.Thread(target=self._pass_on, args=(near,), daemon=True).start()

    def _pass_on(self, near: socket.socket) -> None:
        # An end that is gone is what a relay sees now and then.
        with contextlib.suppress(OSError), near, socket.create_connection(("127.0.0.1", self.target)) as far:
            # While it swallows it does not even read, so that whoever sends a lot is stuck.
            while self.passes.wait(60):
                ready, _, _ = select.select([near, far], [], [], 0.05)
                for end in ready if self.passes.is_set() else []:
                    if not (data := end.recv(65536)):
                        return
                    (far if end is near else near).sendall(data)


@dataclass
class Silent:
    """What a test holds: the relay, what Slack's end received, and the bot's end."""

    relay: Relay
    connections: queue.Queue[ServerConnection]
    received: queue.Queue[str]
    socket: SocketMode
    workspace: Workspace
    log: io.StringIO

    def state(self) -> str:
        """What ``/readyz`` tells the operator."""
        answer = operators_app({"slack": self.socket.check}, CollectorRegistry()).test_client().get("/readyz")
        assert answer.json is not None
        assert answer.status_code == (200 if answer.json["slack"] == "ok" else 503)
        return str(answer.json["slack"])


@pytest.fixture
def silent(sqlite_url: str) -> Iterator[Silent]:
    log = io.StringIO()
    logs.configure(log)
    connections: queue.Queue[ServerConnection] = queue.Queue()
    received: queue.Queue[str] = queue.Queue()

    def hold(connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        connections.put(connection)
        try:
            for message in connection:
                received.put(str(message))
        except ConnectionClosed:
            return

    with (
        serve(hold, "127.0.0.1", 0, close_timeout=0.2) as server,
        socket.create_server(("127.0.0.1", 0)) as listener,
        Workspace() as workspace,
        contextlib.closing(opened(sqlite_url)) as store,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        relay = Relay(server.socket.getsockname()[1])
        relay.passes.set()
        threading.Thread(target=relay.serve, args=(listener,), daemon=True).start()
        workspace.use_socket(f"ws://127.0.0.1:{listener.getsockname()[1]}/")
        app = _app(workspace)
        intake = Intake(app, Jobs(), store, "process", utc_now, lambda *_: False, PrometheusCounts())
        line = SocketMode(
            app,
            intake,
            workspace.app_token,
            WebClient(base_url=workspace.api_url),
            web_api.called,
            ping_every=PING,
            silence=SILENCE,
        )
        line.start()
        yield Silent(relay, connections, received, line, workspace, log)
        relay.passes.set()
        line.close()
        for thread in threading.enumerate():
            if thread.name == HANGING_UP:
                thread.join()
        server.shutdown()
    gc.collect()


def _app(workspace: Workspace) -> App:
    app = App(client=WebClient(workspace.bot_token, base_url=workspace.api_url), request_verification_enabled=False)

    @app.command("/flosum")
    def answer(ack: Ack) -> None:
        ack("x" * 200_000)  # more than the buffers on the way hold, when it is asked for often

    return app


def until(came: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not came():
        assert time.monotonic() < end
        time.sleep(0.02)


def send(connection: ServerConnection, envelope: str) -> None:
    body = {"type": "slash_commands", "envelope_id": envelope, "accepts_response_payload": True, "payload": COMMAND}
    connection.send(json.dumps(body))


def test_a_line_on_which_only_pongs_come_is_alive(silent: Silent) -> None:
    silent.connections.get(timeout=30)
    until(lambda: silent.state() == "ok")

    time.sleep(1.5 * SILENCE)

    assert silent.state() == "ok"
    assert len(silent.relay.dialled) == 1


def test_a_line_that_swallows_is_told_cut_and_dialled_until_it_works(silent: Silent) -> None:
    silent.connections.get(timeout=30)
    until(lambda: silent.state() == "ok")

    silent.relay.passes.clear()

    until(lambda: silent.state().startswith("Nothing has come from Slack for "))
    until(lambda: len(silent.relay.dialled) >= 3)  # the new ones are swallowed as well
    assert silent.state() != "ok"
    assert silent.log.getvalue().count("the line to Slack is lost and made anew") == 1

    silent.relay.passes.set()

    until(lambda: silent.state() == "ok")
    until(lambda: "the line to Slack is back" in silent.log.getvalue())
    while not silent.connections.empty():
        newest = silent.connections.get()
    send(newest, "E9")
    assert json.loads(silent.received.get(timeout=30))["envelope_id"] == "E9"


@pytest.mark.parametrize("noticed", [False, True], ids=["just fallen silent", "known to be silent"])
def test_a_silent_line_does_not_delay_the_end_even_where_answers_are_stuck_in_it(silent: Silent, noticed: bool) -> None:
    connection = silent.connections.get(timeout=30)
    until(lambda: silent.state() == "ok")
    for number in range(60):
        send(connection, f"E{number}")
    silent.received.get(timeout=30)
    silent.relay.passes.clear()
    if noticed:
        until(lambda: silent.state() != "ok")

    started = time.monotonic()
    silent.socket.close()

    assert time.monotonic() - started < 6
    # The interpreter does the same with its threads before it ends.
    workers = silent.socket._handler.client.message_workers  # noqa: SLF001 - nothing else holds them
    ending = threading.Thread(target=workers.shutdown)
    ending.start()
    ending.join(5)
    assert not ending.is_alive()


def test_a_process_with_a_silent_line_goes_when_it_is_told_to(silent: Silent, tmp_path: Path) -> None:
    process = start(silent.workspace, tmp_path, FLOSUM_PORT="0", SLACK_APP_TOKEN=silent.workspace.app_token)
    silent.connections.get(timeout=30)  # that of the fixture
    silent.connections.get(timeout=30)
    silent.relay.passes.clear()

    process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    _, logged = process.communicate(timeout=30)

    assert process.returncode == 0, logged
    assert time.monotonic() - started < 10  # then a container is killed

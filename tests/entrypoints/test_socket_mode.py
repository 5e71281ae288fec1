"""Socket Mode against a real WebSocket server: the hello, a command, an ack, a line that dies."""

from __future__ import annotations

import gc
import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.adapters.settings import given
from bot.adapters.vault import make_key
from bot.domain.errors import OperatorError
from bot.entrypoints.slack.socket_mode import HANGING_UP
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.command_line import CommandLineParts

# slack_sdk drops a session that died without closing its socket; the garbage collector finds that here, not later.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

COMMAND = {
    "command": "/flosum",
    "text": "help",
    "team_id": "T0DEMO",
    "user_id": "U0YOU",
    "channel_id": "C0SALESFORCE",
    "api_app_id": "A0FLOSUM",
    "response_url": "http://127.0.0.1:9/nobody-is-there",
}


@dataclass
class Line:
    """Slack's end of Socket Mode: what it received, and the connections it holds."""

    received: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)
    connections: queue.Queue[ServerConnection] = field(default_factory=queue.Queue)

    def hold(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self.connections.put(connection)
        try:
            for message in connection:
                self.received.put(json.loads(message))
        except ConnectionClosed:
            return

    def send(self, connection: ServerConnection, envelope: str, payload: dict[str, Any]) -> None:
        body = {"type": "slash_commands", "envelope_id": envelope, "accepts_response_payload": True, "payload": payload}
        connection.send(json.dumps(body))


@pytest.fixture
def line() -> Iterator[tuple[Line, Server]]:
    line = Line()
    # The library never answers the end of a line that it dials anew: this end need not wait long for that.
    with serve(line.hold, "127.0.0.1", 0, close_timeout=0.2) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield line, server
        server.shutdown()
        thread.join()


@pytest.fixture
def bot(line: tuple[Line, Server], tmp_path: Any) -> Iterator[Bot]:
    port = line[1].socket.getsockname()[1]
    with Workspace() as workspace:
        workspace.use_socket(f"ws://127.0.0.1:{port}/")
        settings = given(
            slack_bot_token=workspace.bot_token,
            slack_app_token=workspace.app_token,
            slack_api_url=workspace.api_url,
            flosum_database_url=f"sqlite:///{tmp_path}/socket.db",
            flosum_secret_keys=make_key(),
            flosum_port=0,
        )
        with CommandLineParts(settings=settings).bot() as bot:
            bot.start()
            yield bot
        for thread in threading.enumerate():
            if thread.name == HANGING_UP:
                thread.join()
    gc.collect()


def test_a_command_is_acknowledged_over_the_line(line: tuple[Line, Server], bot: Bot) -> None:
    connection = line[0].connections.get(timeout=30)

    line[0].send(connection, "E1", COMMAND)

    assert line[0].received.get(timeout=30)["envelope_id"] == "E1"
    assert bot.jobs.wait_idle(30)


def test_an_envelope_that_is_delivered_again_is_acknowledged_and_runs_once(
    line: tuple[Line, Server], bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted, submit = [], bot.jobs.submit

    def counted(*arguments: Any) -> None:
        submitted.append(1)
        submit(*arguments)

    monkeypatch.setattr(bot.jobs, "submit", counted)
    connection = line[0].connections.get(timeout=30)

    for envelope in ("E1", "E1", "E2"):
        line[0].send(connection, envelope, COMMAND)
        assert line[0].received.get(timeout=30)["envelope_id"] == envelope

    assert bot.jobs.wait_idle(30)
    assert len(submitted) == 2


@pytest.mark.usefixtures("bot")
def test_an_envelope_that_cannot_be_read_is_acknowledged_so_that_it_does_not_come_again(
    line: tuple[Line, Server],
) -> None:
    connection = line[0].connections.get(timeout=30)

    line[0].send(connection, "E1", {"command": "/flosum"})

    assert line[0].received.get(timeout=30)["envelope_id"] == "E1"


@pytest.mark.usefixtures("bot")
def test_a_dead_line_is_noticed_and_dialled_again(line: tuple[Line, Server]) -> None:
    line[0].connections.get(timeout=30).close()

    connection = line[0].connections.get(timeout=30)
    line[0].send(connection, "E2", COMMAND)

    assert line[0].received.get(timeout=30)["envelope_id"] == "E2"


def test_an_app_token_that_slack_refuses_is_one_sentence(tmp_path: Any) -> None:
    with Workspace() as workspace:
        settings = given(
            slack_bot_token=workspace.bot_token,
            slack_app_token="xapp-wrong",
            slack_api_url=workspace.api_url,
            flosum_database_url=f"sqlite:///{tmp_path}/socket.db",
            flosum_secret_keys=make_key(),
            flosum_port=0,
        )
        with (
            CommandLineParts(settings=settings).bot() as bot,
            pytest.raises(OperatorError, match="SLACK_APP_TOKEN was not"),
        ):
            bot.start()
    gc.collect()

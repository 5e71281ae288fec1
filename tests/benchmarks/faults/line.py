"""Slack's end of Socket Mode: it hands envelopes to whichever bot is connected and notes what is acknowledged."""

from __future__ import annotations

import json
import threading
import time
from typing import Any, Self

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

Json = dict[str, Any]


class Line:
    """Use as a context manager. The newest connection gets what is sent."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._connections: list[ServerConnection] = []
        self._acked: dict[str, float] = {}
        self._server = serve(self._hold, "127.0.0.1", 0, close_timeout=0.2)
        self._thread = threading.Thread(target=self._server.serve_forever, name="line", daemon=True)

    @property
    def url(self) -> str:
        """What ``apps.connections.open`` answers."""
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(5)

    def send(self, envelope: str, kind: str, payload: Json, timeout: float = 3) -> float | None:
        """Send an envelope once; when it was acknowledged, or None if it was not in time."""
        body = {"type": kind, "envelope_id": envelope, "accepts_response_payload": True, "payload": payload}
        with self._changed:
            if not self._changed.wait_for(lambda: self._connections, timeout):
                return None
            connection = self._connections[-1]
        try:
            connection.send(json.dumps(body))
        except ConnectionClosed:
            return None
        with self._changed:
            self._changed.wait_for(lambda: envelope in self._acked, timeout)
            return self._acked.get(envelope)

    def wait(self, timeout: float) -> bool:
        """Wait for a bot; whether one is connected."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._connections), timeout)

    def _hold(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        with self._changed:
            self._connections.append(connection)
            self._changed.notify_all()
        try:
            for message in connection:
                with self._changed:
                    self._acked[str(json.loads(message).get("envelope_id"))] = time.time()
                    self._changed.notify_all()
        except ConnectionClosed:
            pass
        finally:
            with self._changed:
                self._connections.remove(connection)

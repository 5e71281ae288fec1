"""Whether the line of Socket Mode lives: what the library does not ask.

It sends pings and never misses a pong (slack_sdk gives websocket-client no ``ping_timeout``), so a line that swallows
bytes without closing would stay "connected" for ever. Here counts when anything was heard last.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import structlog
import websocket
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketApp

from bot.domain.errors import SlackRefused

SILENCE = 25.0  # seconds; two pongs are missing by then, and a line is noticed and dialled anew within a minute
LOOKS = 25  # looks in that time

log = structlog.get_logger("assistant")


class Line:
    """Watches a client's line, and cuts it where nothing comes any more; the client then dials anew by itself."""

    def __init__(self, client: SocketModeClient, silence: float = SILENCE) -> None:
        self._client = client
        self._silence = silence
        self._heard = 0.0  # by the monotonic clock
        self._has_opened = False
        self._dialled: tuple[object, float] = (None, 0.0)
        self._is_lost = False
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="line", daemon=True)
        # A handshake or a message that nobody takes would wait for ever otherwise. The library knows it as a setting
        # of the process only, and nothing else here speaks WebSocket.
        websocket.setdefaulttimeout(silence)
        client.on_open_listeners.append(self._opened)
        client.on_message_listeners.append(self._hear)

    def start(self) -> None:
        """Begin to watch."""
        self._heard = time.monotonic()
        self._thread.start()

    def check(self) -> None:
        """Raise SlackRefused while the line is down or silent."""
        if not self._has_opened or not self._client.is_connected():
            raise SlackRefused("Slack is not connected; the bot keeps trying.", permanent=False)
        if (silent := self._silent()) > self._silence:
            raise SlackRefused(
                f"Nothing has come from Slack for {silent:.0f} s, not even an answer to a ping; the line is made anew.",
                permanent=False,
            )

    def close(self) -> None:
        """Watch no more. A line that is silent is cut, so that hanging up does not wait for it."""
        self._closing.set()
        if self._silent() > self._silence:
            self.cut()

    def cut(self) -> None:
        """End the connection under whoever reads or writes it: closing it properly would wait for the other side."""
        session = self._client.current_session
        raw = session.sock.sock if session is not None and session.sock is not None else None
        if raw is not None:
            with contextlib.suppress(OSError):  # it is cut already
                # Not the method of an encrypted socket, which takes the encryption off under the reader.
                socket.socket.shutdown(raw, socket.SHUT_RDWR)

    def _opened(self, session: WebSocketApp) -> None:
        session.on_ping = session.on_pong = self._hear
        self._has_opened = True
        self._hear(session)

    def _hear(self, session: WebSocketApp, _: object = None) -> None:
        if session is self._client.current_session:  # not one that was replaced and says goodbye
            self._heard = time.monotonic()

    def _silent(self) -> float:
        return time.monotonic() - self._heard

    def _watch(self) -> None:
        while not self._closing.wait(self._silence / LOOKS):
            self._look()

    def _look(self) -> None:
        session, now = self._client.current_session, time.monotonic()
        connection = session.sock if session is not None else None
        if connection is not self._dialled[0]:
            self._dialled = connection, now
        if now - self._heard <= self._silence:
            self._tell_if_back()
            return
        self._tell_if_lost()
        if now - self._dialled[1] > self._silence:  # one that was just dialled gets its time, too
            self.cut()

    def _tell_if_back(self) -> None:
        if self._is_lost:
            self._is_lost = False
            log.info("the line to Slack is back")

    def _tell_if_lost(self) -> None:
        if not self._is_lost:
            self._is_lost = True
            log.warning("the line to Slack is lost and made anew: nothing came any more", seconds=self._silence)

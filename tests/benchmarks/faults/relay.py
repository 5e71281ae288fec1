"""A relay before PostgreSQL: it passes everything on, refuses every connection, or swallows without a word."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from enum import StrEnum

CHUNK = 65_536


class Mood(StrEnum):
    """How the relay treats connections."""

    PASSING = "passing"
    REFUSING = "refusing"
    SILENT = "silent"


class Relay:
    """Listens on a port of 127.0.0.1 and leads to a Unix socket, from threads of its own."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._passing = threading.Event()
        self._passing.set()
        self._ends: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self._listen()

    def become(self, mood: Mood) -> None:
        """Change at once, for connections that are open too. After silence, what was swallowed is not made up for."""
        if mood is Mood.SILENT:
            self._passing.clear()
        elif mood is Mood.REFUSING:
            self._hang_up()
        else:
            if not self._passing.is_set():
                self._cut()  # bytes are missing on them: they are of no more use to anybody
            self._passing.set()
            if self._listener is None:
                self._listen()

    def close(self) -> None:
        """Let everything go."""
        self._hang_up()
        self._passing.set()

    def _listen(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port), backlog=128, reuse_port=False)
        self.port, self._listener = listener.getsockname()[1], listener
        threading.Thread(target=self._accept, args=(listener,), name="relay", daemon=True).start()

    def _hang_up(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self._cut()

    def _cut(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), name="relayed", daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far:
            with self._lock:
                self._ends |= {near, far}
            with contextlib.suppress(OSError):
                far.connect(self._target)
                self._pass_on(near, far)
            with self._lock:
                self._ends -= {near, far}

    def _pass_on(self, near: socket.socket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while True:
                for key, _ in ready.select():
                    source, other = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    data = source.recv(CHUNK)
                    if not data:
                        return
                    if self._passing.is_set():
                        other.sendall(data)

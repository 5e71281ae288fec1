"""A pooler in front of PostgreSQL, in the manner of PgBouncer's transaction mode: each transaction gets the session
that has waited longest, so what is left on a session meets somebody else next.
"""

from __future__ import annotations

import queue
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit


@contextmanager
def pooled(url: str, sessions: int = 3) -> Iterator[str]:
    """The URL at which the database of ``url``, whose server is behind a Unix socket, is reached by the pooler."""
    parts = urlsplit(url)
    folder, user, name = parse_qs(parts.query)["host"][0], parts.username or "postgres", parts.path.strip("/")
    waiting: queue.Queue[socket.socket] = queue.Queue()
    all_of_them = [_session(folder, user, name) for _ in range(sessions)]
    for session, _ in all_of_them:
        waiting.put(session)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        arguments = (listener, waiting, all_of_them[0][1])
        threading.Thread(target=_accept, args=arguments, daemon=True).start()
        yield f"postgresql://{user}@127.0.0.1:{listener.getsockname()[1]}/{name}?sslmode=disable&gssencmode=disable"
    for session, _ in all_of_them:
        session.close()


def _session(folder: str, user: str, name: str) -> tuple[socket.socket, bytes]:
    session = socket.socket(socket.AF_UNIX)
    session.connect(f"{folder}/.s.PGSQL.5432")
    words = b"".join(word.encode() + b"\0" for word in ("user", user, "database", name)) + b"\0"
    session.sendall(struct.pack("!ii", len(words) + 8, 196608) + words)
    return session, b"".join(_until_ready(session))


def _accept(listener: socket.socket, waiting: queue.Queue[socket.socket], greeting: bytes) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:  # closed: the test is over
            return
        threading.Thread(target=_serve, args=(client, waiting, greeting), daemon=True).start()


def _serve(client: socket.socket, waiting: queue.Queue[socket.socket], greeting: bytes) -> None:
    with client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _exactly(client, struct.unpack("!i", _exactly(client, 4))[0] - 4)  # who it is; everybody is the same here
        client.sendall(greeting)
        session: socket.socket | None = None
        while (asked := _message(client)) and asked[:1] != b"X":
            session = session or waiting.get()
            session.sendall(asked)
            if asked[:1] not in b"QS":  # a query, or the end of one in parts: only these are answered
                continue
            answer = b"".join(_until_ready(session))
            client.sendall(answer)
            if answer[-1:] == b"I":  # no transaction is open any more
                waiting.put(session)
                session = None


def _until_ready(session: socket.socket) -> Iterator[bytes]:
    while (answer := _message(session))[:1] != b"Z":
        yield answer
    yield answer


def _message(peer: socket.socket) -> bytes:
    head = _exactly(peer, 5)
    return head + _exactly(peer, struct.unpack("!i", head[1:])[0] - 4) if head else b""


def _exactly(peer: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size and (more := peer.recv(size - len(received))):
        received += more
    return received

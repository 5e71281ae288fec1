"""Poolers in front of PostgreSQL.

One is ours, in the manner of PgBouncer's transaction mode: each transaction gets the session that has waited longest,
so what is left on a session meets somebody else next. The other is PgBouncer itself, as bot/operations sets it up.
"""

from __future__ import annotations

import configparser
import os
import queue
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tests.paths import ROOT

PASSWORD = "of-the-pooler"


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


@contextmanager
def pgbouncer(url: str) -> Iterator[str]:
    """The same by the real one with the settings of bot/operations, where it is installed; else the test is skipped."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer (Debian's package of that name) is not here")
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as name, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        settings = _settings(Path(name), url, port)
        Path(name).chmod(0o755)  # it refuses to be root, so it is whoever the server is
        whoever = Path(parse_qs(urlsplit(url).query)["host"][0], ".s.PGSQL.5432").owner()
        said = Path(name) / "log"
        with said.open("w") as log:
            process = subprocess.Popen([program, "-u", whoever, settings], stderr=log, stdout=log)
        try:
            address = f"postgresql://flosum:{PASSWORD}@127.0.0.1:{port}/flosum?sslmode=disable"
            _until_it_answers(address, process, said)
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _settings(folder: Path, url: str, port: int) -> Path:
    """Those of bot/operations but for where things are."""
    parts = urlsplit(url)
    where = {"host": parse_qs(parts.query)["host"][0], "port": "5432", "dbname": parts.path.strip("/")}
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(ROOT / "bot" / "operations" / "pgbouncer.ini")
    known = dict(pair.split("=") for pair in settings["databases"]["flosum"].split())
    settings["databases"]["flosum"] = " ".join(f"{k}={v}" for k, v in {**known, **where, "user": "postgres"}.items())
    users = folder / "users.txt"
    users.write_text(f'"flosum" "{PASSWORD}"\n"postgres" ""\n')
    settings["pgbouncer"].update({"listen_addr": "127.0.0.1", "listen_port": str(port), "auth_file": str(users)})
    written = folder / "pgbouncer.ini"
    with written.open("w") as file:
        settings.write(file)
    return written


def _until_it_answers(url: str, process: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(said.read_text()) from error
            time.sleep(0.05)
        else:
            return


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

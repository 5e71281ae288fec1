"""Alembic, driven from the program: works from any current folder, and when two processes start at once.

It is slow to load, so it is loaded where there is something to migrate; whether there is, is told without it. What it
loads and leaves behind is a tenth of a bot's memory, so a bot that stays has another process do it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect

from bot import shipped
from bot.adapters.store.database import Database
from bot.adapters.store.errors import fault
from bot.domain.errors import OperatorError
from bot.domain.program import to_type

_FOLDER = shipped("migrations")

_NAMES = re.compile(r'^(revision|down_revision) = (?:"(\w+)"|None)$', re.MULTILINE)
_WAIT_MS = 30_000
_CODE = Path(__file__).resolve().parents[3]
_ALONE = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.adapters.store.migrations import migrate_alone
sys.exit(migrate_alone())
"""
_REFUSED = 3  # no code that Python ends with of itself
_LOCK = 0x0F105  # an advisory lock of PostgreSQL, any number that nothing else in this database takes


def migrations(database: Database) -> tuple[str | None, str]:
    """The migration that the database has (None: it is empty), and the newest that this version knows."""
    with database.inspecting() as connection:
        return _current(connection), newest()


def migrate(database: Database) -> tuple[str | None, str]:
    """Bring the database to the newest migration, or leave it as it is; what it had before and has now."""
    with migrating(database) as connection:
        before = _current(connection)
        refuse_newer(database.name, before)
        if before != newest():
            from alembic import command
            from alembic.config import Config

            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
            command.upgrade(config, "head")
        return before, newest()


@contextmanager
def migrating(database: Database) -> Iterator[Connection]:
    """A transaction in which Alembic may run, once nobody else is migrating."""
    with database.migrating() as connection:
        _wait_for_others(connection)
        yield connection


def prepare(database: Database, *, apart: bool = False) -> None:
    """What a start needs: SQLite is migrated on the way, PostgreSQL has to be by then.

    ``apart`` has another process do it, where the database is in a file.
    """
    if not database.is_sqlite:
        check(database)
    elif apart and database.file() and migrations(database)[0] != newest():
        _migrate_apart(database)
    else:
        migrate(database)


def _migrate_apart(database: Database) -> None:
    """Raises OperatorError in that process's words.

    Signals that this process holds back do not reach that one either: told to go in the middle of a migration this
    process is gone in time, and that one ends what it began, in a transaction as ever.
    """
    import subprocess

    done = subprocess.run(  # noqa: S603 - our own interpreter, on our own words
        [sys.executable, "-P", "-c", _ALONE, str(_CODE)],
        input=database.address,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == _REFUSED:
        raise OperatorError(done.stdout)
    if done.returncode < 0:  # by a signal, such as that of a system without memory
        raise fault(
            database.name,
            f"was not migrated: the process that does it was ended from outside ({_signal(-done.returncode)}). "
            "The database is as it was. Look whether the machine has memory left, and start again.",
        )
    if done.returncode:
        raise RuntimeError(f"The migration ended with {done.returncode}.\n{done.stderr}")


def _signal(number: int) -> str:
    import signal

    return signal.strsignal(number) or str(number)


def migrate_alone() -> int:
    """Migrate the database whose address stands in the standard input; the exit code. A refusal is printed."""
    try:
        database = Database(sys.stdin.read())
        try:
            migrate(database)
        finally:
            database.close()
    except OperatorError as error:
        sys.stdout.write(error.text)
        return _REFUSED
    return 0


def check(database: Database) -> None:
    """Raise OperatorError unless the database answers and is at the migration that this version needs."""
    current, head = migrations(database)
    refuse_newer(database.name, current)
    if current != head:
        raise fault(database.name, f"is not at the newest migration. Run {to_type('migrate')}")


@cache
def newest() -> str:
    """The newest migration that this version knows."""
    if not _FOLDER.is_dir():
        raise OperatorError(f"The folder {_FOLDER} with the migrations is missing. Install the assistant anew.")
    (head,) = set(_known()) - set(_known().values())
    return head


@cache
def _known() -> Mapping[str, str | None]:
    """Each migration, and the one before it, as their files say."""
    scripts = (path.read_text(encoding="utf-8") for path in (_FOLDER / "versions").glob("*.py"))
    found = (({found[1]: found[2] for found in _NAMES.finditer(script)}) for script in scripts)
    return {names["revision"]: names["down_revision"] for names in found}


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def refuse_newer(name: str, current: str | None) -> None:
    """Raise OperatorError where the database of that name is at a migration that this version does not know."""
    if current is not None and current not in _known():
        raise fault(
            name,
            f"was written by a newer version of the assistant (migration {current}). "
            "Upgrade the assistant, or restore the backup from before.",
        )


def _wait_for_others(connection: Connection) -> None:
    """On PostgreSQL one process migrates at a time; SQLite's write lock, held by now, does the same."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_WAIT_MS}")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a migration may take its time
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

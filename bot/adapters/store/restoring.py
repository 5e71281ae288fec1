"""A copy of a SQLite database is put in its place, with nothing of the one before left beside it.

What SQLite has not yet moved into a file lies in a second one beside it (``-wal``), which stays where a process was
killed. Whoever puts back the first alone gets what was written since the copy on top of it, or a damaged database.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from bot.adapters.store.database import make_new, restoring_to
from bot.adapters.store.errors import DAMAGED, NOT_A_DATABASE, DatabaseFault, fault, translated
from bot.adapters.store.migrations import refuse_newer
from bot.adapters.store.serving import held
from bot.domain.errors import OperatorError

BESIDE = ("", "-wal", "-shm")
_HEADER = b"SQLite format 3\0"
_DAMAGED = "is damaged. Nothing was changed; take another copy."
_OF_A_DATABASE = tuple(each.partition(". ")[2] for each in (DAMAGED, NOT_A_DATABASE))
_OTHER = "is no database of the assistant. Nothing was changed."


def restore(copy: Path, target: Path, now: datetime) -> tuple[str, Path | None]:
    """The migration that the copy is at, and where what was there before lies now. Raises OperatorError.

    Nothing is changed where the copy is not whole, or a process serves the database.
    """
    try:
        if not copy.is_file():
            raise OperatorError(f"There is no file {copy}.")
        if target.is_dir():
            raise OperatorError(f"{target} is a folder; let FLOSUM_DATABASE_URL name the file of the database.")
        if target.exists() and copy.samefile(target):
            raise OperatorError(f"{copy} is the database itself; name a copy of it.")
        with _alone(target):
            return _in_its_place(copy, target.resolve(), now)
    except OSError as error:
        raise OperatorError(f"{error.filename or copy} cannot be read or written: {error.strerror}.") from None


def _in_its_place(copy: Path, target: Path, now: datetime) -> tuple[str, Path | None]:
    fresh = restoring_to(target)
    fresh.unlink(missing_ok=True)  # of a restoration that was killed
    make_new(fresh)
    try:
        at = _copied(copy, fresh)
    except BaseException:
        fresh.unlink()
        raise
    return at, _exchanged(fresh, target, now)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """While nobody serves the database."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise OperatorError(f"The folder {target.parent} cannot be made: {error.strerror}.") from None
    lock = held(str(target), f"The database file {target}")
    try:
        yield
    finally:
        os.close(lock)


def _copied(copy: Path, fresh: Path) -> str:
    name = f"The copy {copy}"
    with copy.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise fault(name, _OTHER)
    # Without a second file beside it, it may lie where nobody may write.
    how = "mode=ro" if copy.with_name(f"{copy.name}-wal").exists() else "immutable=1"
    with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?{how}", uri=True)) as source:
        at = _whole(source, name)
        with translated(f"The new file {fresh}"), closing(sqlite3.connect(fresh)) as into:
            source.backup(into)
    return at


def _whole(source: sqlite3.Connection, name: str) -> str:
    """What a copy is at that can be read from end to end."""
    try:
        with translated(name):
            return _migration(source, name)
    except DatabaseFault as found:
        # What would help a database in use does not help a copy.
        raise fault(name, _DAMAGED) if found.fix in _OF_A_DATABASE else found from None


def _migration(source: sqlite3.Connection, name: str) -> str:
    """What a whole copy is at."""
    if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        raise fault(name, _DAMAGED)
    columns = source.execute("SELECT name FROM pragma_table_info('alembic_version')").fetchall()
    row = source.execute("SELECT version_num FROM alembic_version").fetchone() if ("version_num",) in columns else None
    if row is None:
        raise fault(name, _OTHER)
    refuse_newer(name, str(row[0]))
    return str(row[0])


def _exchanged(fresh: Path, target: Path, now: datetime) -> Path | None:
    aside = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S-%f}")  # the next one may be in the same second
    was_there = target.exists()
    try:
        for beside in BESIDE:
            left = target.with_name(target.name + beside)
            if left.exists():
                left.rename(aside.with_name(aside.name + beside))
        fresh.replace(target)
    except OSError as error:
        lies = f" What was there lies in {aside} now." if was_there and not target.exists() else ""
        raise OperatorError(f"{target} cannot be put in its place: {error.strerror}.{lies}") from None
    return aside if was_there else None

"""The right to serve a SQLite file, which one process has at a time: a lock that ends with the process, however."""

from __future__ import annotations

import os
import sys

from bot.adapters.store.database import Database
from bot.domain.errors import OperatorError

if sys.platform == "win32":
    import msvcrt

    _REFUSALS: tuple[type[OSError], ...] = (OSError,)

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    _REFUSALS = (BlockingIOError,)

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Serving:
    """Holds the right, once taken. On PostgreSQL and in memory there is nothing to hold."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raise OperatorError while another process serves the file."""
        file = self._database.file()
        if file and self._descriptor is None:
            self._descriptor = held(file, self._database.name)

    def release(self) -> None:
        """Let another process have it."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def held(file: str, name: str) -> int:
    """The right to serve a SQLite file that the sentences call ``name``: a descriptor, and until it is closed.

    Raises OperatorError while another process has it.
    """
    # A file of its own: SQLite loses its locks on the database when anybody here closes a descriptor of that. It
    # stays when the process goes, because whoever waits may have opened it already.
    path = f"{file}.serving"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise OperatorError(f"The file {path} cannot be opened or made: {error.strerror}.") from None
    try:
        _lock(descriptor)
    except OSError as error:
        os.close(descriptor)
        raise OperatorError(_refusal(path, name, error)) from None
    return descriptor


def _refusal(path: str, name: str, error: OSError) -> str:
    if isinstance(error, _REFUSALS):
        return (
            f"{name} is served by another process, and SQLite is for one. Stop that one first, let "
            "FLOSUM_DATABASE_URL name another file, or use PostgreSQL."
        )
    return f"The file {path} cannot be locked: {error.strerror}."

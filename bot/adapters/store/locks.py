"""Locks by name, for what one caller at a time may do: across threads and, on PostgreSQL, processes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from bot.adapters.store.database import Database

_NOT_AVAILABLE = "55P03"  # lock_not_available: https://www.postgresql.org/docs/current/errcodes-appendix.html


class Locks:
    """Locks of one process on one database; SQLite serves one process, so there its threads are all there is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._here: dict[str, Lock] = {}

    @contextmanager
    def held(self, name: str, patience: float) -> Iterator[None]:
        """Hold the lock ``name``. Raises TimeoutError when others hold it for more than ``patience`` seconds."""
        deadline = time.monotonic() + patience
        lock = self._here.setdefault(name, Lock())
        # First among the threads, so that a process never has more than one connection waiting for a name.
        if not lock.acquire(timeout=patience):
            raise TimeoutError(name)
        try:
            if self._database.is_sqlite:
                yield
            else:
                with self._database.apart() as connection:
                    _wait(connection, name, deadline - time.monotonic())
                    yield
        finally:
            lock.release()


def _wait(connection: Connection, name: str, seconds: float) -> None:
    """The lock of a transaction, not of a session: behind a pooler a session may serve somebody else meanwhile."""
    milliseconds = max(1, int(seconds * 1000))  # 0 would mean for ever
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {milliseconds + 1000}")
    # PostgreSQL's locks have numbers of 64 bits; two names that fell on one would merely take turns.
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    try:
        connection.execute(select(func.pg_advisory_xact_lock(number)))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _NOT_AVAILABLE:
            raise
        raise TimeoutError(name) from None

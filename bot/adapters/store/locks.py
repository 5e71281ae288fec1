"""Locks by name, for what one caller at a time may do: across threads and, on PostgreSQL, processes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from bot.adapters.store.database import Database
from bot.domain.errors import AssistantError, OperatorError

log = structlog.get_logger("assistant")

_NOT_AVAILABLE = "55P03"  # lock_not_available: https://www.postgresql.org/docs/current/errcodes-appendix.html


class Locks:
    """Locks of one process on one database; SQLite serves one process, so there its threads are all there is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._here: dict[str, Lock] = {}

    @contextmanager
    def held(self, name: str, patience: float, busy: AssistantError) -> Iterator[None]:
        """Hold the lock ``name``. Raises ``busy`` when others hold it for more than ``patience`` seconds."""
        deadline = time.monotonic() + patience
        lock = self._here.setdefault(name, Lock())
        # First among the threads, so that a process never has more than one connection waiting for a name.
        if not lock.acquire(timeout=patience):
            raise busy
        try:
            if self._database.is_sqlite:
                yield
                return
            with self._database.apart() as connection:
                try:
                    _wait(connection, name, deadline - time.monotonic())
                except TimeoutError:
                    raise busy from None
                yield
        finally:
            lock.release()

    @contextmanager
    def turn(self, name: str, patience: float) -> Iterator[None]:
        """Hold the lock ``name`` among processes; who waits too long, or cannot have it, goes on without it."""
        if self._database.is_sqlite:
            yield
            return
        held = self._turn(name, patience)
        try:
            yield
        finally:
            _let_go(held)

    def _turn(self, name: str, patience: float) -> ExitStack:
        try:
            with ExitStack() as stack:
                _wait(stack.enter_context(self._database.turn()), name, patience)
                return stack.pop_all()
        except (OperatorError, TimeoutError) as error:
            log.warning("did not wait for its turn among processes", reason=str(error))
        return ExitStack()


def _let_go(held: ExitStack) -> None:
    """The transaction did nothing but lock, so what becomes of it is no matter for what was done meanwhile."""
    try:
        held.close()
    except OperatorError as error:
        log.warning("a turn among processes ended before its work", reason=error.text)


def _wait(connection: Connection, name: str, seconds: float) -> None:
    """The lock of a transaction, not of a session: behind a pooler a session may serve somebody else meanwhile."""
    milliseconds = max(1, int(seconds * 1000))  # 0 would mean for ever
    connection.exec_driver_sql(
        f"SET LOCAL lock_timeout = {milliseconds}; SET LOCAL statement_timeout = {milliseconds + 1000}"
    )
    # PostgreSQL's locks have numbers of 64 bits; two names that fell on one would merely take turns.
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    try:
        connection.execute(select(func.pg_advisory_xact_lock(number)))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != _NOT_AVAILABLE:
            raise
        raise TimeoutError(name) from None

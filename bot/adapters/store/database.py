"""How the store reaches its database: the engines, and transactions with errors translated."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Table,
    create_engine,
    delete,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, QueuePool

from bot.adapters.store.errors import MOVED, called, fault, translated
from bot.adapters.store.one_writer import Doing, Found, Item, OneWriter
from bot.adapters.store.prepared import driver_of, prepared
from bot.adapters.store.statements import AnyOf, EverybodysStatements, Scope, Together, UnscopedStatements
from bot.domain.errors import OperatorError
from bot.domain.program import to_type
from bot.waits import owed, waiting

_EXAMPLES = "sqlite:////var/lib/flosum/assistant.db or postgresql://user:password@host/name"
_BUSY_SECONDS = 3.0
_FREE_SECONDS = 5.0
_TURNS_AT_ONCE = 8  # each is held while Slack takes an answer; what a few channels wait for must not use up the server
_TURN_SECONDS = 2.0
_AT_ONCE = 16
"""Threads that wait for a server on behalf of those who cannot wait for ever; begun when one is wanted."""

# A server that is gone without a word must not hold a caller; libpq waits for ever unless told. s, s, ms.
_PATIENCE = {"connect_timeout": 5, "keepalives_idle": 10, "tcp_user_timeout": 15_000}
# A pooler such as PgBouncer gives each transaction any session, and a statement that psycopg has prepared on one is
# unknown on the next. Nothing here is repeated so often that preparing it would pay.
_ANY_SESSION = {"prepare_threshold": None}
# For the same reason the limits hold for a transaction and not for a session: there they would be lost, or cut what
# others of that user do. In one message with BEGIN they cost no trip to the server.
_BEGIN_LIMITED = "BEGIN; SET LOCAL statement_timeout = 15000; SET LOCAL lock_timeout = 5000"


class Database:
    """An engine whose connections are handed out inside a scope, and whose errors are the operator's."""

    def __init__(self, url: str) -> None:
        """Raises OperatorError when ``url`` is not of SQLite or PostgreSQL, or the file cannot be made."""
        self._url = _parse(url)
        self.name = called(self._url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._engine, same_file = _sqlite_engine(self._url)
            self._unpooled = self._turns = self._engine
            self._writing = _writing(self._engine, "FULL", same_file)
            self._writing_for_now = _writing(self._engine, "NORMAL", same_file)
        else:
            pool = {"pool_size": 2, "max_overflow": _TURNS_AT_ONCE - 2, "pool_timeout": _TURN_SECONDS}
            self._turns = _postgresql_engine(self._url, pool_pre_ping=True, **pool)
            self._engine = _postgresql_engine(self._url, pool_pre_ping=True, pool_size=10, pool_timeout=_FREE_SECONDS)
            self._unpooled = _postgresql_engine(self._url, poolclass=NullPool)
            self._writing = self._writing_for_now = self._engine
        self._closed = False
        for engine in {self._engine, self._turns}:
            event.listen(engine, "checkin", self._given_back)
        self._writer = OneWriter(self._transaction, _BUSY_SECONDS) if self.is_sqlite else None
        self._waiting = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="waiting for the database")
        self.written = 0
        """Grows with each transaction in which this process may have written anything but what it does together."""

    def __repr__(self) -> str:
        return f"Database({self.name!r})"

    @property
    def address(self) -> str:
        """The URL with all that is in it, for another process."""
        return self._url.render_as_string(hide_password=False)

    @contextmanager
    def reading(self, workspace: str) -> Iterator[Scope]:
        """A transaction that only reads."""
        with self.inspecting() as connection:
            yield Scope(connection, workspace)

    def rows_of(self, workspace: str, any_of: AnyOf, **values: Any) -> Sequence[Any]:
        """What a single statement finds, which needs no transaction around it; on a server it has its time limit."""
        if not self.is_sqlite:
            with self.reading(workspace) as scope:
                return scope.rows_of(any_of, **values)
        query = prepared(any_of.query, self._engine.dialect)
        with translated(self.name), closing(self._engine.raw_connection()) as connection:
            return query.rows(driver_of(connection), {"workspace": workspace, **values})

    @contextmanager
    def writing(self, workspace: str) -> Iterator[Scope]:
        """A transaction that may write; rolled back if anything is raised inside."""
        with self.exclusive() as connection:
            yield Scope(connection, workspace)

    @contextmanager
    def moving(self, source: str, target: str) -> Iterator[tuple[Scope, Scope]]:
        """A transaction that writes in two workspaces."""
        with self.exclusive() as connection:
            yield Scope(connection, source), Scope(connection, target)

    @contextmanager
    def inspecting(self) -> Iterator[Connection]:
        """A bare connection that only reads: for the state of the migrations."""
        with translated(self.name), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def exclusive(self) -> Iterator[Connection]:
        """A bare connection in a writing transaction that concerns every workspace."""
        try:
            with self._turn_to_write(), self._transaction() as connection:
                yield connection
        finally:
            self.written += 1

    def together(self, doing: Doing[Item, Found], item: Item, *, lasting: bool = True) -> Found:
        """What ``item`` comes to in a writing transaction, which on SQLite it shares with what others write just then.

        For what is small and frequent, and remembered nowhere (``written``). Not ``lasting``: the end of the process
        undoes nothing of it, but the machine's may; what is written later never outlives what was written before.
        """
        if self._writer is not None:
            begun = self._writer.begin(doing, item, lasting=lasting)
            with waiting():
                return begun.result()
        with self._transaction() as connection:
            (found,) = doing(Together(connection), [item])
        return found

    def begin(self, doing: Doing[Item, Found], item: Item) -> Future[Found]:
        """The same, begun, for whoever cannot wait for ever; what waits for a server still is let go by cancelling."""
        if self._writer is not None:
            return self._writer.begin(doing, item)
        try:
            return self._waiting.submit(self.together, doing, item)
        except RuntimeError:  # the system gives no thread: then it takes as long as it takes
            return _done(lambda: self.together(doing, item))

    def soon(self, doing: Doing[Item, Found], item: Item, after: Sequence[Future[Any]] = ()) -> Future[Found]:
        """Have it written with what is written next, not lasting, waited for by nobody; on a server here and now.

        Where something of what was begun before it (``after``) fails, this does, too.
        """
        if self._writer is not None:
            return self._writer.begin(doing, item, lasting=False, after=after)
        return _done(lambda: self.together(doing, item))

    def by_the_end(self, doing: Doing[Item, Found], item: Item) -> Future[Found]:
        """The same, owed by whoever does a job; by anybody else waited for."""
        begun = self.soon(doing, item)
        if begun.done() or not owed(begun):
            with waiting():
                begun.result()
        return begun

    def _turn_to_write(self) -> AbstractContextManager[None]:
        return nullcontext() if self._writer is None else self._writer.turn()

    @contextmanager
    def _transaction(self, *, lasting: bool = True) -> Iterator[Connection]:
        engine = self._writing if lasting else self._writing_for_now
        with translated(self.name), engine.begin() as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """The same for migrations, which may rebuild a table without its children being deleted.

        Raises OperatorError, and leaves everything as it was, where rows would be left that refer to nothing.
        """
        with translated(self.name), self._writing.connect() as connection, _rebuilding(connection), connection.begin():
            before = _orphans(connection)
            yield connection
            if _orphans(connection) > before:
                raise OperatorError(
                    f"The migration of {self.name} would part rows from what they belong to. "
                    "Nothing was changed; the old version goes on with it."
                )

    @contextmanager
    def outside(self) -> Iterator[UnscopedStatements]:
        """A transaction that may write where there is no workspace yet: tickets and installations."""
        with self.exclusive() as connection:
            yield UnscopedStatements(connection)

    @contextmanager
    def outside_reading(self) -> Iterator[UnscopedStatements]:
        """The same, only reading."""
        with self.inspecting() as connection:
            yield UnscopedStatements(connection)

    @contextmanager
    def leaving(self, workspace: str) -> Iterator[tuple[Scope, UnscopedStatements]]:
        """A transaction that writes in a workspace, and where there is none."""
        with self.exclusive() as connection:
            yield Scope(connection, workspace), UnscopedStatements(connection)

    @contextmanager
    def everybodys(self) -> Iterator[EverybodysStatements]:
        """A transaction that writes in all workspaces: for the operator, who erases a person."""
        with self.exclusive() as connection:
            yield EverybodysStatements(connection)

    def settle(self) -> None:
        """Leave nothing of what was deleted in SQLite's log file, if nobody is reading just then."""
        if self.is_sqlite:
            with translated(self.name), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def apart(self) -> Iterator[Connection]:
        """A transaction on a connection of its own, beside the pool: one that is held long keeps nobody waiting."""
        with translated(self.name), self._unpooled.begin() as connection:
            yield connection

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """The same for turns, which are many and short: a small pool of their own."""
        with translated(self.name), self._turns.begin() as connection:
            yield connection

    def everywhere(
        self,
        table: Table,
        *where: ColumnElement[bool],
        newest: ColumnElement[Any] | None = None,
        limit: int | None = None,
    ) -> Sequence[Row[Any]]:
        """The rows of all workspaces that fit: for the clock and the operator, who serve them all."""
        query = select(table).where(*where).limit(limit)
        if newest is not None:
            query = query.order_by(newest.desc())
        with self.inspecting() as connection:
            return connection.execute(query).all()

    def highest(self, *columns: Column[Any]) -> tuple[Any, ...]:
        """The highest value in each of a table's columns, of all workspaces; None where nothing is kept."""
        with self.inspecting() as connection:
            return tuple(connection.execute(select(*map(func.max, columns))).one())

    def is_any(self, *queries: Select[Any]) -> bool:
        """Whether one of them finds a row; one statement."""
        with self.inspecting() as connection:
            return any(connection.execute(select(*(query.exists() for query in queries))).one())

    def found(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """What a query over all workspaces finds."""
        with self.inspecting() as connection:
            return connection.execute(query).all()

    def forget_old(self, instant: Column[datetime], before: datetime) -> int:
        """Delete, in all workspaces, the rows whose ``instant`` lies before then; how many there were."""
        with self.exclusive() as connection:
            return connection.execute(delete(instant.table).where(instant < before)).rowcount

    def file(self) -> str:
        """The SQLite file behind the address, whatever its form; empty where there is none."""
        if not self.is_sqlite:
            return ""
        with self.inspecting() as connection:
            main, *_ = connection.exec_driver_sql("PRAGMA database_list").all()  # beside it, one for what is temporary
            return str(main.file or "")

    def copy_to(self, path: Path) -> None:
        """Copy a SQLite database as it is at one instant, while others go on with it; only its owner reads the copy.

        Raises OperatorError where ``path`` is there already.
        """
        make_new(path)
        with (
            translated(self.name),
            closing(self._engine.raw_connection()) as connection,
            closing(sqlite3.connect(path)) as copy,
        ):
            driver_of(connection).backup(copy)

    def _given_back(self, _: object, connection: ConnectionPoolEntry) -> None:
        """What a thread still had when this was closed is closed with it: its pool would leave it open."""
        if self._closed:
            connection.invalidate()

    def connections_in_use(self) -> int:
        """How many of the pools' connections are just being used."""
        pools = (engine.pool for engine in {self._engine, self._turns})
        return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))

    def now(self) -> datetime | None:
        """The server's clock, which is one for all processes; None for SQLite, whose clock is the machine's."""
        if self.is_sqlite:
            return None
        with self.inspecting() as connection:
            return clock_of(connection)

    def ping(self) -> None:
        """Raise OperatorError unless the database answers."""
        with self.inspecting() as connection:
            connection.exec_driver_sql("SELECT 1")

    def close(self) -> None:
        """Give back every connection."""
        if self._writer is not None:
            self._writer.close()
        self._waiting.shutdown(wait=False, cancel_futures=True)
        self._closed = True
        self._engine.dispose()
        self._turns.dispose()


def _done(work: Callable[[], Found]) -> Future[Found]:
    """What came of it, as of anything that was begun: whoever looks at the result hears of a failure."""
    done = Future[Found]()
    try:
        done.set_result(work())
    except Exception as error:  # noqa: BLE001 - raised where the result is looked at
        done.set_exception(error)
    return done


def clock_of(connection: Connection) -> datetime:
    """What time it is on a server of PostgreSQL, also in the middle of a transaction."""
    now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now


def _parse(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # its text would hold the URL, and with it the password
        raise OperatorError(f"FLOSUM_DATABASE_URL is not a database address. Examples: {_EXAMPLES}") from None
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        return url
    raise OperatorError(f"FLOSUM_DATABASE_URL names {url.drivername}, not SQLite or PostgreSQL. Examples: {_EXAMPLES}")


def _postgresql_engine(url: URL, **pool: Any) -> Engine:
    wanted = _ANY_SESSION | {name: value for name, value in _PATIENCE.items() if name not in url.query}
    # AUTOCOMMIT keeps the driver from sending a BEGIN of its own; ours makes the transaction.
    engine = create_engine(url, hide_parameters=True, connect_args=wanted, isolation_level="AUTOCOMMIT", **pool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(_BEGIN_LIMITED))
    return engine


class _SameFile:
    """That the file of a name is the one that a process began with.

    A file that is deleted or replaced lives on for whoever has it open: all goes well until the process ends, and then
    everything since is gone; and who opens another connection meanwhile makes an empty file.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._known = self._is_now()

    def _is_now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def __call__(self, *_: object) -> None:
        """Raise OperatorError where it is not."""
        if self._is_now() != self._known:
            raise fault(self._name, MOVED)


def _sqlite_engine(url: URL) -> tuple[Engine, Callable[..., None]]:
    """An engine, and what raises OperatorError once its file is another one."""
    in_memory = url.database in {None, "", ":memory:"}
    same_file: Callable[..., None] = _anything
    if not in_memory and "uri" not in url.query:
        _make_file(Path(str(url.database)))
        same_file = _SameFile(Path(str(url.database)), called(url))
    # A database in memory lives in its one connection, which the threads share by taking turns.
    size = {"pool_size": 1, "max_overflow": 0} if in_memory else {"pool_size": 10}
    wanted = {"check_same_thread": False} | ({} if "timeout" in url.query else {"timeout": _BUSY_SECONDS})
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_use_lifo=True,  # what was used last has most of what it needs in its memory
        pool_timeout=_FREE_SECONDS,
        hide_parameters=True,
        connect_args=wanted,
        **size,
    )
    event.listen(engine, "do_connect", same_file)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine, same_file


def _anything(*_: object) -> None:
    """What has no file of a name cannot lose it."""


def _make_file(path: Path) -> None:
    """Make the file before SQLite does, so that nobody else can read it at any moment."""
    refuse_half_restored(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600)  # a pipe would wait
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        os.close(descriptor)
    except OSError as error:
        raise OperatorError(f"The database file {path} cannot be read or made: {error.strerror}.") from error
    if not is_file:
        raise OperatorError(f"{path} is no file that a database can be in. Name another in FLOSUM_DATABASE_URL.")


def restoring_to(path: Path) -> Path:
    """Where a copy is made of what is put in the place of a database then."""
    place = path.resolve()  # a link may lead to another disk
    return place.with_name(f"{place.name}.restored")


def refuse_half_restored(path: Path) -> None:
    """Raise OperatorError where a restoration was killed when nothing lay in the place of the database any more.

    An empty one would be begun there, and nobody be told that all is gone.
    """
    if not path.exists() and restoring_to(path).exists():
        raise OperatorError(
            f"There is no {path}: a restoration was broken off before its end. Run {to_type('restore', 'FILE')} once "
            f"more. What was there before lies beside it, as {path.name}.before-… with a date."
        )


def make_new(path: Path) -> None:
    """Make a file that only its owner reads. Raises OperatorError where it is there already."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise OperatorError(f"{path} is there already; it is left as it is. Name another file.") from None
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from None


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, not merely left out
    # Where it is not to be had the database works all the same, and the next connection tries again.
    deadline = time.monotonic() + _BUSY_SECONDS
    while not _write_ahead(connection) and time.monotonic() < deadline:
        time.sleep(0.01)


def _write_ahead(connection: sqlite3.Connection) -> bool:
    """Let readers go on while somebody writes; False if another process is just about to do the same.

    This one statement does not wait for others as all the rest do, so two first starts would trip over it.
    """
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


@contextmanager
def _rebuilding(connection: Connection) -> Iterator[None]:
    """On SQLite, foreign keys off meanwhile: a table is changed by dropping the old one, which would delete what
    refers to its rows. Inside a transaction the switch does nothing, so it is thrown before one begins.
    """
    driver = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _orphans(connection: Connection) -> int:
    """How many rows refer to a row that is not there; PostgreSQL lets none be."""
    if connection.dialect.name != "sqlite":
        return 0
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


def _beside(engine: Engine) -> Engine:
    """Another engine on the same connections, for transactions that begin in another way.

    An engine of its own instead of one with other options, which looks anew for its listeners with each connection.
    """
    return Engine(engine.pool, engine.dialect, engine.url, hide_parameters=True)


def _writing(engine: Engine, synchronous: str, same_file: Callable[..., None]) -> Engine:
    """For transactions that write. FULL has the log on the disk before a commit is over; NORMAL leaves that to the next
    one in FULL, or to the system, and keeps the order.
    """
    pragma = f"PRAGMA synchronous = {synchronous}"

    def begin(connection: Connection) -> None:
        same_file()
        driver_of(connection.connection).execute(pragma)
        # A transaction that reads first and writes later fails at once when somebody wrote in between; one that
        # asks for the write lock at its start waits for it instead.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    writing = _beside(engine)
    event.listen(writing, "begin", begin)
    return writing


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")

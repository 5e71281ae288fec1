"""The one place where statements are made, so that none can forget the workspace.

Making one in SQLAlchemy takes three times as long as having it done, so what is needed with every message is made once,
with places for its values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    Table,
    UpdateBase,
    bindparam,
    delete,
    func,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from bot.adapters.store.prepared import driver_of, prepared

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


TOO_FAR = timedelta(days=1)
"""Nothing that comes again by itself, or that somebody holds, lies so far ahead: a clock was off when it was set."""


def has_come(at: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Whether the time of a row has come. One that is too far ahead was set by a clock that was off, and has."""
    return or_(at <= now, at > now + TOO_FAR)


def rows_of_all(table: Table, *where: ColumnElement[bool]) -> Select[Any]:
    """The rows of all workspaces that fit: for the clock, which serves them all."""
    return select(table).where(*where)


def workspaces_of(table: Table, beside: Table, *where: ColumnElement[bool]) -> Select[Any]:
    """The workspaces of which a row fits, with the row of ``beside`` that the workspace has there, if it has one."""
    tied = table.outerjoin(beside, beside.c.workspace == table.c.workspace)
    return select(table.c.workspace).distinct().select_from(tied).where(*where)


def given(name: str, *, several: bool = False) -> BindParameter[Any]:
    """The place of a value that differs from time to time; of ``several`` where any of them will do."""
    return bindparam(name, expanding=several)


class AnyOf:
    """The rows of a workspace that fit one of ``alternatives`` at least; one statement, made once.

    Each alternative can use its own index. Values have their places in them (``given``).
    """

    def __init__(self, table: Table, *alternatives: Sequence[ColumnElement[bool]]) -> None:
        here = table.c.workspace == bindparam("workspace")
        self.table = table
        self.query: CompoundSelect[Any] = union(*(select(table).where(here, *where) for where in alternatives))


@cache  # as many as there are calls in the store
def _rows_with(table: Table, names: tuple[str, ...]) -> Select[Any]:
    return select(table).where(*(table.c[name] == bindparam(name) for name in names))


@cache
def _insert_into(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    # Each is loaded where its database is used: that of PostgreSQL is slow to load, and 2 MB.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


@cache
def _adding(table: Table, dialect: str) -> ReturningInsert[Any]:
    return _insert_into(table, dialect).on_conflict_do_nothing().returning(*table.primary_key.columns)


@cache
def _adding_one(table: Table, dialect: str) -> postgresql.Insert | sqlite.Insert:
    """The same, told by how many rows it added."""
    return _insert_into(table, dialect).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@cache
def _putting(table: Table, dialect: str, names: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
    putting = _insert_into(table, dialect)
    return putting.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={name: putting.excluded[name] for name in names if not table.c[name].primary_key},
    )


class _Statements(ABC):
    """Makes every statement of the store, each within the limits that the kinds below set."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    @abstractmethod
    def _limits(self, table: Table) -> Sequence[ColumnElement[bool]]:
        """What a row of ``table`` has to be to concern us."""

    @abstractmethod
    def _given(self, table: Table) -> Mapping[str, Any]:
        """The columns that a new row of ``table`` gets of itself."""

    def rows(
        self,
        table: Table,
        *where: ColumnElement[bool],
        newest: ColumnElement[Any] | None = None,
        limit: int | None = None,
    ) -> Sequence[Row[Any]]:
        """The rows that fit, those with the highest ``newest`` first."""
        query = select(table).where(*self._limits(table), *where).limit(limit)
        if newest is not None:
            query = query.order_by(newest.desc())
        return self._connection.execute(query).all()

    def row(self, table: Table, *where: ColumnElement[bool]) -> Row[Any] | None:
        """The row that fits, None if there is none."""
        return next(iter(self.rows(table, *where, limit=1)), None)

    def rows_with(self, table: Table, **values: Any) -> Sequence[Row[Any]]:
        """The rows whose columns have these values, by a statement that is made once."""
        wanted = {**self._given(table), **values}
        return self._connection.execute(_rows_with(table, tuple(wanted)), wanted).all()

    def is_there(self, table: Table, **values: Any) -> bool:
        """Whether there is such a row."""
        return bool(self.rows_with(table, **values))

    def rows_of(self, any_of: AnyOf, **values: Any) -> Sequence[Row[Any]]:
        """The rows that fit, with these values in their places."""
        return self._connection.execute(any_of.query, {**self._given(any_of.table), **values}).all()

    def rows_and(self, table: Table, tied: Sequence[Table], *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
        """The rows that fit, each with the columns of the rows that foreign keys tie to it, None without one.

        Of columns with the same name those of ``table`` count, then those that come first.
        """
        columns = {column.name: column for each in reversed((table, *tied)) for column in each.columns}
        query = select(*columns.values()).select_from(table)
        for other in tied:
            query = query.join_from(table, other, isouter=True)
        return self._connection.execute(query.where(*self._limits(table), *where)).all()

    def locked(self, table: Table, *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
        """The rows that fit, which nobody else changes until the transaction ends; locked in the order of their keys.

        The order keeps two that lock the same rows from waiting for each other. SQLite locks the whole file anyway.
        """
        query = select(table).where(*self._limits(table), *where).order_by(*table.primary_key.columns)
        return self._connection.execute(query.with_for_update()).all()

    def add(self, table: Table, **values: Any) -> bool:
        """Insert a row; False if one with its primary key is there. One atomic statement."""
        adding = _adding(table, self._dialect)
        return self._connection.execute(adding, {**self._given(table), **values}).first() is not None

    def put(self, table: Table, **values: Any) -> None:
        """Insert a row, or replace the one with its primary key. One atomic statement."""
        self.put_all(table, [values])

    def put_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same for many rows, all with the same columns, in one go."""
        given = self._given(table)
        if not rows:
            return
        putting = _putting(table, self._dialect, tuple(rows[0]))
        self._connection.execute(putting, [{**given, **row} for row in rows])

    def change_all(self, table: Table, column: Column[Any], values: Mapping[str, Mapping[str, Any]]) -> None:
        """Update many rows in one go, each found by ``column``; the same columns are set in all of them."""
        if not values:
            return
        query = update(table).where(*self._limits(table), column == bindparam("found_by"))
        names = next(iter(values.values()))
        query = query.values({name: bindparam(f"new_{name}") for name in names})
        changes = [
            {"found_by": key, **{f"new_{name}": value for name, value in row.items()}} for key, row in values.items()
        ]
        self._connection.execute(query, changes)

    def change(self, table: Table, *where: ColumnElement[bool], **values: Any) -> int:
        """Update the rows that fit; how many there were."""
        query = update(table).where(*self._limits(table), *where).values(**values)
        return self._connection.execute(query).rowcount

    def drop(self, table: Table, *where: ColumnElement[bool]) -> int:
        """Delete the rows that fit; how many there were."""
        query = delete(table).where(*self._limits(table), *where)
        return self._connection.execute(query).rowcount

    def take(self, table: Table, *where: ColumnElement[bool]) -> Row[Any] | None:
        """Delete the row that fits and return it; None if there is none. One atomic statement: one caller gets it."""
        return self._connection.execute(delete(table).where(*self._limits(table), *where).returning(table)).first()

    def counts(self, table: Table, *by: Column[Any]) -> Sequence[tuple[Any, ...]]:
        """How many rows there are of each combination of ``by``, as the last column."""
        query = select(*by, func.count()).where(*self._limits(table)).group_by(*by)
        return [tuple(row) for row in self._connection.execute(query)]


class Scope(_Statements):
    """One workspace's rows in one transaction: each statement is limited to them."""

    def __init__(self, connection: Connection, workspace: str) -> None:
        if not workspace:
            raise ValueError("a query without a workspace")
        super().__init__(connection)
        self._workspace = workspace

    def _limits(self, table: Table) -> Sequence[ColumnElement[bool]]:
        return [table.c.workspace == self._workspace]

    def _given(self, table: Table) -> Mapping[str, Any]:  # noqa: ARG002 - the same for all
        return {"workspace": self._workspace}


class Together(_Statements):
    """What several workspaces write at the same time, in one transaction: each row names its own."""

    def add_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> Sequence[bool]:
        """Insert those rows whose primary key is not there; of each whether it was not."""
        return [count > 0 for count in self._each(_adding_one(table, self._dialect), rows)]

    def put_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, or replace those with their primary keys; all have the same columns."""
        if rows:
            self._each(_putting(table, self._dialect, tuple(rows[0])), rows)

    def run(self, change: UpdateBase, values: Sequence[Mapping[str, Any]]) -> None:
        """Make a change, one after the other with these values in its places."""
        self._each(change, values)

    def _each(self, change: UpdateBase, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Make it with each of these; how many rows it concerned each time."""
        if self._dialect != "sqlite":
            return [self._connection.execute(change, row).rowcount for row in rows]
        driver, dialect = driver_of(self._connection.connection), self._connection.dialect
        return [prepared(change, dialect, tuple(row)).done(driver, row) for row in rows]

    def _limits(self, table: Table) -> Sequence[ColumnElement[bool]]:
        raise ValueError(f"rows of {table.name} of no workspace in particular")

    def _given(self, table: Table) -> Mapping[str, Any]:  # noqa: ARG002 - the same for all
        return {}


class EverybodysStatements(_Statements):
    """The rows of all workspaces, to find and erase a person in them; it adds none."""

    def _limits(self, table: Table) -> Sequence[ColumnElement[bool]]:  # noqa: ARG002 - none
        return []

    def _given(self, table: Table) -> Mapping[str, Any]:
        raise ValueError(f"a row of {table.name} without a workspace")


class UnscopedStatements(_Statements):
    """The rows that are there before anybody knows the workspace, in one transaction.

    A browser that comes back from a login shows a ticket and nothing else, and Slack hands over an installation
    under ids of its own. Both are found by their whole key, so no statement needs, or could have, a workspace.
    """

    def _limits(self, table: Table) -> Sequence[ColumnElement[bool]]:
        if "workspace" in table.c:
            raise ValueError(f"{table.name} belongs to workspaces")
        return []

    def _given(self, table: Table) -> Mapping[str, Any]:
        self._limits(table)
        return {}

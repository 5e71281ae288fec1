"""Statements as SQLite's driver takes them, made once: for what comes with every message.

What SQLAlchemy does on the way to the driver takes ten times as long as what SQLite does there. It words the statement
here and knows the types, as ever; only the way is shorter.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import CompoundSelect, Dialect
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.types import TypeEngine

_KEPT = 64  # statements; of a process that has one database there are fewer

_Process = Callable[[Any], Any]


class Prepared:
    """A statement, with places for its values."""

    def __init__(self, statement: UpdateBase | CompoundSelect[Any], dialect: Dialect, names: Sequence[str]) -> None:
        """``names`` of the columns that a row to insert gives."""
        made = statement.compile(dialect=dialect, column_keys=list(names) if isinstance(statement, Insert) else None)
        assert isinstance(made, SQLCompiler)  # noqa: S101 - SQLAlchemy leaves it open
        assert made.positiontup is not None  # noqa: S101 - SQLite's places have no names
        self.text = str(made)
        self._fixed = {name: made.params[name] for place, name in made.bind_names.items() if not place.required}
        self._in_order = itemgetter(*made.positiontup)
        types = {name: place.type for place, name in made.bind_names.items()}
        self._given = _processors(types, lambda kind: kind.dialect_impl(dialect).bind_processor(dialect))
        if isinstance(statement, CompoundSelect):
            columns = statement.selected_columns
            found = {column.name: column.type for column in columns}
            self._found = _processors(found, lambda kind: kind.dialect_impl(dialect).result_processor(dialect, None))
            self._row: Any = namedtuple("Row", tuple(found))  # type: ignore[misc]  # its fields are data

    def rows(self, driver: sqlite3.Connection, values: Mapping[str, Any]) -> list[Any]:
        """The rows that it finds, with their columns as attributes."""
        found = driver.execute(self.text, self._values(values)).fetchall()
        return [self._read(self._row._make(each)) for each in found]

    def done(self, driver: sqlite3.Connection, values: Mapping[str, Any]) -> int:
        """Change what it changes; how many rows that were."""
        return driver.execute(self.text, self._values(values)).rowcount

    def _values(self, values: Mapping[str, Any]) -> Any:
        given = {**self._fixed, **values}
        for name, process in self._given:
            given[name] = process(given[name])
        return self._in_order(given)

    def _read(self, row: Any) -> Any:
        return row._replace(**{name: process(getattr(row, name)) for name, process in self._found})


def _processors(
    types: Mapping[str, TypeEngine[Any]], of: Callable[[TypeEngine[Any]], _Process | None]
) -> list[tuple[str, _Process]]:
    """What has to be done with values of these types, where something has."""
    return [(name, process) for name, kind in types.items() if (process := of(kind)) is not None]


@lru_cache(_KEPT)
def prepared(statement: UpdateBase | CompoundSelect[Any], dialect: Dialect, names: tuple[str, ...] = ()) -> Prepared:
    """The statement as the driver takes it."""
    return Prepared(statement, dialect, names)


def driver_of(pooled: PoolProxiedConnection) -> sqlite3.Connection:
    """SQLite's own connection behind one of a pool."""
    driver = pooled.driver_connection
    assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - SQLAlchemy leaves the type of a driver open
    return driver

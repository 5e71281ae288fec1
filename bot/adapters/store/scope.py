"""The one place where statements are made, so that none can forget the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy.dialects.postgresql as postgresql
import sqlalchemy.dialects.sqlite as sqlite
from sqlalchemy import Column, ColumnElement, Connection, Row, Table, delete, select, update


class Scope:
    """One workspace's rows in one transaction. Statements are made here, and each is limited to them."""

    def __init__(self, connection: Connection, workspace: str) -> None:
        if not workspace:
            raise ValueError("a query without a workspace")
        self._connection = connection
        self._workspace = workspace

    def rows(
        self,
        table: Table,
        *where: ColumnElement[bool],
        newest: ColumnElement[Any] | None = None,
        limit: int | None = None,
    ) -> Sequence[Row[Any]]:
        """The rows that fit, those with the highest ``newest`` first."""
        query = select(table).where(table.c.workspace == self._workspace, *where).limit(limit)
        if newest is not None:
            query = query.order_by(newest.desc())
        return self._connection.execute(query).all()

    def row(self, table: Table, *where: ColumnElement[bool]) -> Row[Any] | None:
        """The row that fits, None if there is none."""
        return next(iter(self.rows(table, *where, limit=1)), None)

    def rows_and(self, table: Table, column: Column[Any]) -> Sequence[Row[Any]]:
        """All rows, each with ``column`` of the row that its foreign key names, workspace included."""
        query = select(table, column).join_from(table, column.table).where(table.c.workspace == self._workspace)
        return self._connection.execute(query).all()

    def add(self, table: Table, **values: Any) -> bool:
        """Insert a row; False if one with its primary key is there. One atomic statement."""
        adding = self._insert(table, values).on_conflict_do_nothing().returning(table.c.workspace)
        return self._connection.execute(adding).first() is not None

    def put(self, table: Table, **values: Any) -> None:
        """Insert a row, or replace the one with its primary key. One atomic statement."""
        putting = self._insert(table, values)
        self._connection.execute(
            putting.on_conflict_do_update(
                index_elements=list(table.primary_key.columns),
                set_={name: putting.excluded[name] for name in values if not table.c[name].primary_key},
            )
        )

    def change(self, table: Table, *where: ColumnElement[bool], **values: Any) -> int:
        """Update the rows that fit; how many there were."""
        query = update(table).where(table.c.workspace == self._workspace, *where).values(**values)
        return self._connection.execute(query).rowcount

    def drop(self, table: Table, *where: ColumnElement[bool]) -> int:
        """Delete the rows that fit; how many there were."""
        query = delete(table).where(table.c.workspace == self._workspace, *where)
        return self._connection.execute(query).rowcount

    def _insert(self, table: Table, values: Mapping[str, Any]) -> postgresql.Insert | sqlite.Insert:
        kind = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        return kind(table).values(workspace=self._workspace, **values)

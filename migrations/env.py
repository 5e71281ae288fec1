"""What Alembic runs: on the connection that the store hands over, or for a developer on ``-x url=…``."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator

from bot.adapters.store.database import Database
from bot.adapters.store.migrations import migrating
from bot.adapters.store.tables import metadata


def plain_types(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write the column types of the database, not ours: a migration must not change when our classes do."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


def run(connection: Connection) -> None:
    """Run in the transaction that is open on ``connection``."""
    _refuse_foreign_keys(connection)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


def _refuse_foreign_keys(connection: Connection) -> None:
    """SQLite changes a table by dropping the old one, and with foreign keys on that deletes what refers to its rows.

    They cannot be switched off any more where a transaction is open already.
    """
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one():
        raise RuntimeError("Foreign keys are on. Migrate on a connection of Database.migrating().")


def for_a_developer() -> None:
    """``alembic -x url=sqlite:///dev.db revision --autogenerate -m "…"``; the environment is not read."""
    url = context.get_x_argument(as_dictionary=True).get("url")
    if url is None:
        raise SystemExit("Name the database: alembic -x url=sqlite:///dev.db …")
    database = Database(url)
    with migrating(database) as connection:
        run(connection)
    database.close()


handed_over = context.config.attributes.get("connection")
if handed_over is None:
    for_a_developer()
else:
    run(handed_over)

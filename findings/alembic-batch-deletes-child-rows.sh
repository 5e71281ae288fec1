#!/usr/bin/env bash
# Packages:  alembic 1.20.1, SQLAlchemy 2.1.9 (SQLite is the one of the Python that runs this)
# Behaviour: with foreign keys on, a batch on SQLite that has to rebuild a table empties the tables that refer to it
#            with ON DELETE CASCADE: the old table is dropped, and the drop deletes its rows first. Nothing is raised,
#            although Alembic's chapter on batches says that there would be an error. PRAGMA foreign_keys=OFF inside
#            the migration's transaction changes nothing; before it, it does.
# Seen:      foreign keys on: parents 1, children 0
#            turned off inside the transaction: parents 1, children 0
#            turned off before the transaction: parents 1, children 2
# Date seen: 2026-11-28
# We:        migrate on a connection that has foreign keys off before its transaction begins, and look for rows that
#            refer to nothing before the commit (bot/adapters/store/database.py); migrations/env.py takes no other.
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(alembic==1.20.1 SQLAlchemy==2.1.9)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations


def emptied(what, off=None):
    engine = sa.create_engine("sqlite://")

    @sa.event.listens_for(engine, "connect")
    def _(connection, _):
        connection.isolation_level = None  # SQLAlchemy begins, not the driver
        connection.execute("PRAGMA foreign_keys = " + ("OFF" if off == "before" else "ON"))

    @sa.event.listens_for(engine, "begin")
    def _(connection):
        connection.exec_driver_sql("BEGIN")

    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)")
        connection.exec_driver_sql(
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id) ON DELETE CASCADE)"
        )
        connection.exec_driver_sql("INSERT INTO parent VALUES (1, 'one')")
        connection.exec_driver_sql("INSERT INTO child VALUES (1, 1), (2, 1)")
    with engine.begin() as connection:
        if off == "inside":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        with Operations(MigrationContext.configure(connection)).batch_alter_table("parent") as batch:
            batch.alter_column("name", existing_type=sa.Text(), nullable=False)
    with engine.begin() as connection:
        parents, children = (
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in ("parent", "child")
        )
    print(f"{what}: parents {parents}, children {children}")
    return parents, children


seen = [
    emptied("foreign keys on"),
    emptied("turned off inside the transaction", off="inside"),
    emptied("turned off before the transaction", off="before"),
]
sys.exit(0 if seen == [(1, 0), (1, 0), (1, 2)] else 1)
PY

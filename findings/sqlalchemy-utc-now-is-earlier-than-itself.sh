#!/usr/bin/env bash
# Packages:  SQLAlchemy-Utc 0.14.0, SQLAlchemy 2.1.9 (SQLite is the one of the Python that runs this)
# Behaviour: on SQLite, what utcnow() of SQLAlchemy-Utc writes has three digits of a second, and what its UtcDateTime
#            writes for a value has six; SQLite compares both as text, in which the shorter one comes first. So a row
#            is not found by the time that was just read from it, is not at or after it, and is before it: whoever
#            reads on from the last row seen gets it again, and a row that is to be changed only if it is still the
#            same never is. Nothing is raised. A time written from Python is found in all three ways. The readme has
#            both in one column, and SQLite among what UtcDateTime is for.
# Seen:      by utcnow(): stored with 3 digits, equal no, at or after no, before yes, changed 0
#            by utcnow() of the table: stored with 3 digits, equal no, at or after no, before yes, changed 0
#            by Python: stored with 6 digits, equal yes, at or after yes, before no, changed 1
# Date seen: 2026-11-30
# We:        write each time from Python, and let the database tell none (bot/adapters/store/tables.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(SQLAlchemy-Utc==0.14.0 SQLAlchemy==2.1.9)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys
import warnings
from datetime import UTC, datetime

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, func, insert, select, text, update
from sqlalchemy_utc import UtcDateTime, utcnow

warnings.filterwarnings("ignore", message="Class utcnow")
metadata = MetaData()
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, server_default=utcnow(), nullable=False),
    Column("changes", Integer, default=0),
)
engine = create_engine("sqlite://")


def written(what, **values):
    with engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        connection.execute(insert(notes).values(id=1, **values))
        digits = len(connection.scalar(text("SELECT at FROM notes")).partition(".")[2])
        read = connection.scalar(select(notes.c.at))
        found = [
            connection.scalar(select(func.count()).where(condition)) == 1
            for condition in (notes.c.at == read, notes.c.at >= read, notes.c.at < read)
        ]
        changed = connection.execute(update(notes).where(notes.c.at == read).values(changes=1)).rowcount
    equal, after, before = ["yes" if each else "no" for each in found]
    print(
        f"{what}: stored with {digits} digits, equal {equal}, at or after {after}, before {before}, changed {changed}"
    )
    return digits, equal, after, before, changed


seen = [
    written("by utcnow()", at=utcnow()),
    written("by utcnow() of the table"),
    written("by Python", at=datetime(2026, 11, 30, 9, 0, 0, 123000, tzinfo=UTC)),
]
lost = (3, "no", "no", "yes", 0)
sys.exit(0 if seen == [lost, lost, (6, "yes", "yes", "no", 1)] else 1)
PY

#!/usr/bin/env bash
# Packages:  sqlalchemy-json 0.7.0, SQLAlchemy 2.1.9 (SQLite is the one of the Python that runs this)
# Behaviour: NestedMutableJson, which according to its readme notices changes in nested lists too, notices no insert(),
#            reverse() or clear(): the object shows the new list, the commit writes nothing and raises nothing, and then
#            the old list is back. append(), remove(), sort() and assignments are noticed. The plain MutableJson notices
#            all of them in a list that is the whole value, so whoever takes the nested type for more loses them there.
# Seen:      append to [3, 1, 2, 9]: MutableJson [3, 1, 2, 9], NestedMutableJson [3, 1, 2, 9], within it [3, 1, 2, 9]
#            remove to [3, 2]: MutableJson [3, 2], NestedMutableJson [3, 2], within it [3, 2]
#            sort to [1, 2, 3]: MutableJson [1, 2, 3], NestedMutableJson [1, 2, 3], within it [1, 2, 3]
#            insert to [9, 3, 1, 2]: MutableJson [9, 3, 1, 2], NestedMutableJson [3, 1, 2], within it [3, 1, 2]
#            reverse to [2, 1, 3]: MutableJson [2, 1, 3], NestedMutableJson [3, 1, 2], within it [3, 1, 2]
#            clear to []: MutableJson [], NestedMutableJson [3, 1, 2], within it [3, 1, 2]
# Date seen: 2026-11-30
# We:        keep JSON as text, written whole from values that do not change (bot/adapters/store/tables.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(sqlalchemy-json==0.7.0 SQLAlchemy==2.1.9)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import sys

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy_json import MutableJson, NestedMutableJson

CHANGES = {
    "append": lambda value: value.append(9),
    "remove": lambda value: value.remove(1),
    "sort": lambda value: value.sort(),
    "insert": lambda value: value.insert(0, 9),
    "reverse": lambda value: value.reverse(),
    "clear": lambda value: value.clear(),
}


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "row"
    id = sa.Column(sa.Integer, primary_key=True)
    plain = sa.Column(MutableJson)
    nested = sa.Column(NestedMutableJson)
    inner = sa.Column(NestedMutableJson)


engine = sa.create_engine("sqlite://")
Base.metadata.create_all(engine)


def lost(what, change):
    with Session(engine) as session, session.begin():
        session.execute(sa.delete(Row))
        session.add(Row(id=1, plain=[3, 1, 2], nested=[3, 1, 2], inner={"of": [3, 1, 2]}))
    with Session(engine) as session, session.begin():
        row = session.get(Row, 1)
        lists = (row.plain, row.nested, row.inner["of"])
        for value in lists:
            change(value)
        shown = [list(value) for value in lists]
    with Session(engine) as session:
        row = session.get(Row, 1)
        kept = [list(row.plain), list(row.nested), list(row.inner["of"])]
    assert shown[0] == shown[1] == shown[2]
    print(f"{what} to {shown[0]}: MutableJson {kept[0]}, NestedMutableJson {kept[1]}, within it {kept[2]}")
    return [before != after for before, after in zip(shown, kept)]


seen = {what: lost(what, change) for what, change in CHANGES.items()}
noticed = ("append", "remove", "sort")
sys.exit(0 if seen == {what: [False] + [what not in noticed] * 2 for what in CHANGES} else 1)
PY

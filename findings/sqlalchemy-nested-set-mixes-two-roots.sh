#!/usr/bin/env bash
# Packages:  sqlalchemy-nested-set 0.1.0, SQLAlchemy 2.1.9
# Behaviour: each new record gets the numbers of its place in the tree before the flush, from what the table holds then.
#            Of two roots that are added with one commit each gets the same numbers, and whatever is put under one of
#            them is a descendant of both. To delete the other one then deletes it, too, as delete() does with
#            descendants by default, and nothing fails. Of two children that are added to two parents with one commit, one
#            is under neither. With a commit each all is right. The readme has the numbers filled automatically when
#            records are added, and tells to rebuild them only after a mass import.
# Seen:      roots with a commit each: under Sales no one; under Service Field; after Sales is deleted Service, Field
#            roots with one commit: under Sales Field; under Service Field; after Sales is deleted Service
#            children with a commit each: under Sales Desk; under Service Field; after Sales is deleted Service, Field
#            children with one commit: under Sales Desk; under Service no one; after Sales is deleted Service, Field
# Date seen: 2026-11-30
# We:        have each record refer to what it belongs to, and leave it to the database to delete what refers to it
#            (bot/adapters/store/tables.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(sqlalchemy-nested-set==0.1.0 SQLAlchemy==2.1.9)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 15 "$folder/venv/bin/python" -I - <<'PY'
import sys

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy_nested_set import NestedSetManager, NestedSetMixin


class Base(DeclarativeBase):
    pass


class Unit(NestedSetMixin, Base):
    __tablename__ = "units"
    id = Column(Integer, primary_key=True)
    name = Column(String)
    parent_id = Column(Integer, ForeignKey("units.id"))


tree = NestedSetManager()
tree.register(Unit)


def added(session, units, at_once):
    for unit in units:
        session.add(unit)
        if not at_once:
            session.commit()
    session.commit()


def names(units):
    return ", ".join(unit.name for unit in units) or "no one"


def told(what, roots_at_once=False, children_at_once=False, desk=False):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        sales, service = Unit(name="Sales"), Unit(name="Service")
        added(session, [sales, service], roots_at_once)
        children = [Unit(name="Field", parent_id=service.id)]
        if desk:
            children.append(Unit(name="Desk", parent_id=sales.id))
        added(session, children, children_at_once)
        under = [names(tree.descendants(session, root)) for root in (sales, service)]
        tree.delete(session, sales)
        session.commit()
        left = names(session.query(Unit).order_by(Unit.id))
    line = f"under Sales {under[0]}; under Service {under[1]}; after Sales is deleted {left}"
    print(f"{what}: {line}")
    return line


seen = [
    told("roots with a commit each"),
    told("roots with one commit", roots_at_once=True),
    told("children with a commit each", desk=True),
    told("children with one commit", desk=True, children_at_once=True),
]
stated = [
    "under Sales no one; under Service Field; after Sales is deleted Service, Field",
    "under Sales Field; under Service Field; after Sales is deleted Service",
    "under Sales Desk; under Service Field; after Sales is deleted Service, Field",
    "under Sales Desk; under Service no one; after Sales is deleted Service, Field",
]
sys.exit(0 if seen == stated else 1)
PY

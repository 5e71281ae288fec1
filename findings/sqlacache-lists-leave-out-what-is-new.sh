#!/usr/bin/env bash
# Packages:  sqlacache 0.1.3, SQLAlchemy 2.1.9, greenlet 3.5.6, aiosqlite 0.22.1, redis 8.1.0, which has to be there for
#            a cache in memory as well (SQLite is the one of the Python that runs this)
# Behaviour: a list that sqlacache holds is given up when a row that is in it changes, and by no other row that a
#            session writes. So a new row that belongs to the list is not in it, nor is one that a change puts into it,
#            and an empty list stays empty, for an hour by default. When one of its rows does change, all the others are
#            there at once. The readme has commits invalidate what is cached, with a list of active users among its
#            examples, and its caveats say nothing of it. A bulk UPDATE gives up all lists, as it says.
# Seen:      at first: open [1], of [1]; urgent []
#            3 and 4 are new: open [1], of [1, 3]; urgent []
#            2 is open again: open [1], of [1, 2, 3]; urgent []
#            1 is closed: open [2, 3], of [2, 3]; urgent []
#            1 is open again in bulk: open [1, 2, 3], of [1, 2, 3]; urgent [4]
# Date seen: 2026-11-30
# We:        give up all that is kept as soon as anything was written (bot/adapters/store/lately.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(sqlacache==0.1.3 SQLAlchemy==2.1.9 greenlet==3.5.6 aiosqlite==0.22.1 redis==8.1.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import asyncio
import logging
import sys
import tempfile

import sqlacache
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

logging.disable()  # it warns that its probe for eager loading failed, which has to do with other queries


class Base(DeclarativeBase):
    pass


class Case(Base):
    __tablename__ = "cases"
    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]


async def lists(engine):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    cache = sqlacache.configure(backend="mem://", models={"__main__.Case": {"ops": "all", "timeout": 300}})
    await cache.bind(engine)
    new_session = async_sessionmaker(engine)
    seen = []

    async def found(what):
        ids = {}
        for status in ("open", "urgent"):
            async with new_session() as session:
                rows = await session.scalars(select(Case).where(Case.status == status).order_by(Case.id))
                ids[status] = [row.id for row in rows]
        async with engine.connect() as connection:  # past the cache
            rows = await connection.execute(select(Case.id).where(Case.status == "open").order_by(Case.id))
            really = [row.id for row in rows]
        line = f"{what}: open {ids['open']}, of {really}; urgent {ids['urgent']}"
        print(line)
        seen.append(line)

    async def add(*cases):
        async with new_session() as session:
            session.add_all(cases)
            await session.commit()

    async def change(number, status):
        async with new_session() as session:
            (await session.get(Case, number)).status = status
            await session.commit()

    await add(Case(id=1, status="open"), Case(id=2, status="closed"))
    await found("at first")
    await add(Case(id=3, status="open"), Case(id=4, status="urgent"))
    await found("3 and 4 are new")
    await change(2, "open")
    await found("2 is open again")
    await change(1, "closed")
    await found("1 is closed")
    async with new_session() as session:
        await session.execute(update(Case).where(Case.id == 1).values(status="open"))
        await session.commit()
    await found("1 is open again in bulk")
    await cache.disconnect()
    return seen


async def main():
    with tempfile.TemporaryDirectory() as folder:
        engine = create_async_engine(f"sqlite+aiosqlite:///{folder}/cases.db")
        try:
            return await lists(engine)
        finally:
            await engine.dispose()


STATED = [
    "at first: open [1], of [1]; urgent []",
    "3 and 4 are new: open [1], of [1, 3]; urgent []",
    "2 is open again: open [1], of [1, 2, 3]; urgent []",
    "1 is closed: open [2, 3], of [2, 3]; urgent []",
    "1 is open again in bulk: open [1, 2, 3], of [1, 2, 3]; urgent [4]",
]
sys.exit(0 if asyncio.run(main()) == STATED else 1)
PY

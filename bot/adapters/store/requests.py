"""The port ``Requests``: what was acknowledged and is not done yet, and which process does it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, delete, func, or_, select, update

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.database import clock_of
from bot.adapters.store.statements import Together, UnscopedStatements
from bot.adapters.store.tables import processes, requests
from bot.domain.errors import LoginLost
from bot.ports import WAITING, KeptRequest, UndoneRequest

log = structlog.get_logger("assistant")

STALE = timedelta(seconds=20)
"""So long a process may be silent: a few of its beats."""

_LONG_GONE = timedelta(days=1)

_ENDING = update(requests).where(requests.c.key == bindparam("ended")).values(sealed="", owner=None, done=True)


class SqlRequests(StorePart):
    """Requests under way. Their content is sealed, and erased when they are done; their keys stay for an hour."""

    def keep_request(self, request: KeptRequest, owner: str, now: datetime) -> bool:
        """Keep it as ``owner``'s (or ``WAITING``); False if it is done, or somebody else's.

        An earlier try of the same owner's may have come through after all: then it is kept.
        """
        return self.begin_keeping(request, owner, now).result()

    def begin_keeping(self, request: KeptRequest, owner: str, now: datetime) -> Future[bool]:
        """The same, begun: cancelled in time it is not kept."""
        sealed = self._vault.seal(request.payload, request_context(request.key))
        values = {"workspace": request.workspace, "sealed": sealed, "taken_at": now, "owner": owner, "done": False}
        return self._database.begin(_keep, {"key": request.key, **values})

    def end_request(self, key: str) -> None:
        """It is done: forget what it was about."""
        self.begin_ending(key).result()

    def begin_ending(self, key: str, after: Sequence[Future[Any]] = ()) -> Future[object]:
        """The same, begun: where it does not come to its end the request is done again, which shows that it is done.

        ``after``: what was begun of it before, without which it is not done.
        """
        return self._database.soon(_end, key, after)

    def leave_request(self, key: str) -> None:
        """Leave one to whoever takes it."""
        with self._database.exclusive() as connection:
            connection.execute(update(requests).where(requests.c.key == key, ~requests.c.done).values(owner=None))

    def undone_requests(self) -> Sequence[UndoneRequest]:
        """What is not done, whoever has it, the oldest first."""
        query = select(requests).where(~requests.c.done).order_by(requests.c.taken_at)
        with self._database.inspecting() as connection:
            return [UndoneRequest(row.key, row.owner, row.taken_at) for row in connection.execute(query)]

    def hand_on_requests(self, owner: str) -> int:
        """Leave what is ``owner``'s to whoever takes it, and be gone; how much that was."""
        with self._database.exclusive() as connection:
            connection.execute(delete(processes).where(processes.c.id == owner))
            mine = update(requests).where(requests.c.owner == owner, ~requests.c.done)
            return connection.execute(mine.values(owner=None)).rowcount

    def beat(self, owner: str) -> frozenset[str]:
        """Say that this process is there; all that have said so lately.

        By the database's clock, which is one for all. SQLite serves one process, which need not tell itself.
        """
        if self._database.is_sqlite:
            return frozenset({owner})
        with self._database.exclusive() as connection:
            now = clock_of(connection)
            UnscopedStatements(connection).put(processes, id=owner, seen_at=now)
            connection.execute(delete(processes).where(processes.c.seen_at < now - _LONG_GONE))
            fresh = select(processes.c.id).where(processes.c.seen_at > now - STALE)
            return frozenset(connection.execute(fresh).scalars())

    def take_requests(self, me: str, gone: Collection[str], keys: Sequence[str]) -> Sequence[KeptRequest]:
        """Make those of ``keys`` this process's own that nobody has, or one who is ``gone``.

        What no key of ours opens is given up.
        """
        free = or_(requests.c.owner.is_(None), requests.c.owner.in_((WAITING, *gone)))
        found = select(requests).where(requests.c.key.in_(keys), ~requests.c.done, free).order_by(requests.c.taken_at)
        with self._database.exclusive() as connection:
            rows = connection.execute(found.with_for_update(skip_locked=True)).all()
            mine = requests.c.key.in_([row.key for row in rows])
            connection.execute(update(requests).where(mine).values(owner=me))
        opened = [(row, self._unsealed(row.key, row.sealed)) for row in rows]
        return [
            KeptRequest(row.key, row.workspace, payload, begun=row.owner != WAITING)
            for row, payload in opened
            if payload is not None
        ]

    def _unsealed(self, key: str, sealed: str) -> str | None:
        try:
            return self._vault.open(sealed, request_context(key), name="a request")
        except LoginLost:
            log.error("given up, because no key opens what was kept of a request")  # noqa: TRY400 - no trace helps
            self.end_request(key)
            return None

    def forget_requests(self, before: datetime, there: Collection[str]) -> int:
        """Forget those that were taken before then, save what a process that is ``there`` does; how many undone.

        That process may have another clock.
        """
        old = (requests.c.taken_at < before, or_(requests.c.owner.is_(None), requests.c.owner.not_in(there)))
        with self._database.exclusive() as connection:
            undone = select(func.count()).select_from(requests).where(*old, ~requests.c.done)
            count = connection.execute(undone).scalar_one()
            connection.execute(delete(requests).where(*old))
        return count


def _keep(rows: Together, kept: Sequence[Mapping[str, Any]]) -> Sequence[bool]:
    return [
        was_added or rows.is_there(requests, key=row["key"], owner=row["owner"])
        for row, was_added in zip(kept, rows.add_all(requests, kept), strict=True)
    ]


def _end(rows: Together, keys: Sequence[str]) -> Sequence[None]:
    rows.run(_ENDING, [{"ended": key} for key in keys])
    return [None] * len(keys)


def request_context(key: str) -> str:
    """The vault's context of a request."""
    return records.qualified("requests", key)

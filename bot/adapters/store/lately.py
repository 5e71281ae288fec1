"""What seldom changes and is wanted with every message: read once, and again when something was written."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.adapters.store.database import Database

LATELY = 2.0
"""Seconds; after that what another process wrote is known, too. Who erases something waits as long (``outlast``)."""

_AT_MOST = 1000  # workspaces

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class _Read(Generic[Kept]):
    """What was read, and when: by the clock, and by what had been written."""

    kept: Kept
    written: int
    since: float


class Lately(Generic[Kept]):
    """What ``read`` gives of a workspace, without a query each time.

    What this process writes is known at once; what another one changed may be missing for ``LATELY`` seconds.
    """

    def __init__(self, database: Database, read: Callable[[str], Kept]) -> None:
        self._database = database
        self._read = read
        self._known: dict[str, _Read[Kept]] = {}

    def of(self, workspace: str) -> Kept:
        """What is known of it. Raises OperatorError."""
        written, now = self._database.written, time.monotonic()  # before it is read: what is written meanwhile is newer
        known = self._known.get(workspace)
        if known is None or known.written != written or now - known.since > LATELY:
            self._drop_old(written, now)
            self._known[workspace] = known = _Read(self._read(workspace), written, now)
        return known.kept

    def _drop_old(self, written: int, now: float) -> None:
        """What nobody will be told any more is not to lie about either: it may be of a workspace that is erased."""
        there = list(self._known.items())  # at one instant, while other threads go on
        fresh = {name: read for name, read in there if read.written == written and now - read.since <= LATELY}
        self._known = fresh if len(fresh) < _AT_MOST else {}


def outlast() -> None:
    """Wait until no process answers any more from what it read before now."""
    time.sleep(LATELY)

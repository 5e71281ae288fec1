"""What seldom changes and is wanted with every message: read once, and again when something was written."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.adapters.store.database import Database

LATELY = 5.0
"""Seconds; after that what another process wrote is known, too."""

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
            if len(self._known) >= _AT_MOST:
                self._known.clear()
            self._known[workspace] = known = _Read(self._read(workspace), written, now)
        return known.kept

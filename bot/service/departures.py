"""The workspace of a token that is a setting leaves, or seems to: marked, told, deleted after seven days."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.domain.departures import DAYS, Departure, counted, to_do, told
from bot.guard import guarded
from bot.ports import Clock

TokenWorks = Callable[[str], bool | None]
"""Whether Slack takes our token for a workspace; None where it did not say."""

_AHEAD = timedelta(days=1)

log = structlog.get_logger("assistant")


class Marks(Protocol):
    """Where the marks are kept, and what deletes a workspace."""

    def mark_departure(self, mark: Departure) -> bool:
        """Keep a mark; False if there is one, which stays."""
        ...

    def departures(self) -> Sequence[Departure]:
        """The marks of all workspaces."""
        ...

    def count_day(self, before: Departure, mark: Departure) -> bool:
        """Keep a mark's new count; False if another process has counted meanwhile, or the workspace is back."""
        ...

    def unmark_departure(self, workspace: str) -> bool:
        """Take a mark off; False if there was none."""
        ...

    def forget_workspace(self, workspace: str) -> Mapping[str, int]:
        """Delete everything that is kept for a workspace."""
        ...


class Departures:
    """Marks a workspace that left, and takes the mark off when it is back.

    Slack is asked about the token once a mark is new, and before a day counts. So seven refusals on seven days stand
    before a deletion, and a mark of an event that came late, after a new token was set, goes by the next sweep.
    """

    def __init__(self, store: Marks, clock: Clock, token_works: TokenWorks) -> None:
        self._store = store
        self._clock = clock
        self._token_works = token_works
        self._marked: Mapping[str, Departure] = {}
        self._told = set[str]()
        self._asked = set[str]()

    @property
    def away(self) -> Collection[str]:
        """The workspaces that are marked, as of the last sweep."""
        return self._marked.keys()

    def left(self, workspace: str, event_time: float) -> None:
        """Mark a workspace. Raises OperatorError; Slack sends its event again then."""
        now = self._clock()
        mark = Departure(workspace, _instant(event_time, now), now)
        if self._store.mark_departure(mark):
            self._asked.discard(workspace)
            self._marked = {**self._marked, workspace: mark}
            self._tell(mark)

    def came(self, workspace: str) -> None:
        """Slack takes our token for the workspace: take the mark off if there is one. Raises OperatorError."""
        self._marked = {known: mark for known, mark in self._marked.items() if known != workspace}
        self._told.discard(workspace)
        self._asked.discard(workspace)
        if self._store.unmark_departure(workspace):
            log.info("the workspace is back; nothing of it will be deleted", workspace=workspace)

    def seen(self, workspace: str, event_time: float | None) -> None:
        """Slack sent something of a workspace; if that happened after it left, it is back. Costs nothing usually."""
        mark = self._marked.get(workspace)
        if mark is not None and (event_time is None or event_time > mark.left_at.timestamp()):
            guarded(partial(self.came, workspace))()

    def sweep(self) -> None:
        """Count the days, delete what has waited long enough, tell of each mark once a day.

        Called at a start and each minute. Raises OperatorError.
        """
        found = self._store.departures()
        for mark in found:
            guarded(partial(self._look_at, mark))()
        self._marked = {mark.workspace: mark for mark in (self._store.departures() if found else ())}

    def _look_at(self, mark: Departure) -> None:
        now = counted(mark, self._clock())
        if now.days > mark.days or now.days >= DAYS or mark.workspace not in self._asked:
            works = self._token_works(mark.workspace)
            if works:
                self.came(mark.workspace)
                return
            if works is None:  # no day counts, and the next sweep asks again
                self._tell_once(mark)
                return
            self._asked.add(mark.workspace)
        if now != mark and not self._store.count_day(mark, now):
            return
        if now.days >= DAYS:
            self._store.forget_workspace(mark.workspace)
            log.warning("workspace forgotten, as it left a week ago", workspace=mark.workspace)
        elif now != mark:
            self._tell(now)
        else:
            self._tell_once(now)

    def _tell_once(self, mark: Departure) -> None:
        if mark.workspace not in self._told:
            self._tell(mark)

    def _tell(self, mark: Departure) -> None:
        self._told.add(mark.workspace)
        log.error("operator must act", workspace=mark.workspace, problem=told(mark), fix=to_do(mark))


def _instant(seconds: float, now: datetime) -> datetime:
    """When an event happened, by Slack's clock; now where that cannot be."""
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return now
    return at if seconds and at < now + _AHEAD else now

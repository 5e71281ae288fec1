"""The marks of workspaces that removed the app while their token is a setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from bot.adapters.store.base import StorePart
from bot.adapters.store.tables import departures
from bot.domain.departures import Departure


class SqlDepartures(StorePart):
    """Who left, and how many days were counted since. A mark goes with all the rest of its workspace, too."""

    def mark_departure(self, mark: Departure) -> bool:
        """Keep a mark; False if there is one, which stays."""
        values = asdict(mark)
        with self._database.writing(values.pop("workspace")) as scope:
            return scope.add(departures, **values)

    def departures(self) -> Sequence[Departure]:
        """The marks of all workspaces, sorted: for the clock and the operator."""
        found = [
            Departure(row.workspace, row.left_at, row.counted_at, row.days)
            for row in self._database.everywhere(departures)
        ]
        return sorted(found, key=lambda mark: mark.workspace)

    def count_day(self, before: Departure, mark: Departure) -> bool:
        """Keep a mark's new count; False if another process has counted meanwhile, or the workspace is back."""
        same = (departures.c.days == before.days, departures.c.counted_at == before.counted_at)
        with self._database.writing(mark.workspace) as scope:
            return scope.change(departures, *same, days=mark.days, counted_at=mark.counted_at) > 0

    def unmark_departure(self, workspace: str) -> bool:
        """Take a mark off; False if there was none."""
        with self._database.writing(workspace) as scope:
            return scope.drop(departures) > 0

"""Snoozed orgs, and what people are still to be told of orgs: the port ``Snoozes``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.tables import notices, orgs, snoozes
from bot.domain.digest.notices import Notice
from bot.domain.model import Org, Snooze


class SqlSnoozes(StorePart):
    """Which orgs reminders leave out, and until when."""

    def snooze(self, org: Org, snooze: Snooze) -> bool:
        """Leave an org out, instead of what was set before; False if it is gone."""
        key = records.folded(org.name)
        with self._database.writing(org.workspace) as scope:
            if not scope.locked(orgs, orgs.c.key == key):
                return False
            scope.put(snoozes, org_key=key, **records.snooze_values(snooze))
        return True

    def end_snooze(self, org: Org, snooze: Snooze, said: Sequence[Notice] = ()) -> bool:
        """End the very snooze that ``snooze`` is, and keep what is to be said of it, in one transaction.

        False, and nothing is said, if it is over, or another one by now.
        """
        same = (snoozes.c.org_key == records.folded(org.name), snoozes.c.at == snooze.at)
        with self._database.writing(org.workspace) as scope:
            is_ended = scope.drop(snoozes, *same) > 0
            for notice in said if is_ended else ():
                scope.add(notices, **records.notice_values(notice))
        return is_ended

    def snoozes_over(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Of every workspace, for the clock: the workspace and name of each org whose snooze is over."""
        ended = self._database.everywhere(snoozes, snoozes.c.until <= now)
        return [(row.workspace, row.org_key) for row in ended]

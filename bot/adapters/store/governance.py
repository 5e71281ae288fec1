"""The port ``Governance``: who may change things, and the trail of who did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.statements import Scope
from bot.adapters.store.tables import changes, greeted, trusted, workspaces_open_to_guests
from bot.domain.model import Change


def add_to_trail(scope: Scope, change: Change) -> None:
    """Write a line of the trail in the transaction of what it tells of."""
    values = asdict(change)
    del values["workspace"]
    scope.add(changes, **values)


class SqlGovernance(StorePart):
    """Permissions that admins give, and the audit trail."""

    def trusted(self, workspace: str) -> Sequence[str]:
        """User and user-group ids that admins have added, sorted."""
        with self._database.reading(workspace) as scope:
            return sorted(row.subject for row in scope.rows(trusted))

    def trust(self, workspace: str, subject: str) -> bool:
        """Add a user (``U…``) or a user group (``S…``); False if it was there."""
        with self._database.writing(workspace) as scope:
            return scope.add(trusted, subject=subject)

    def distrust(self, workspace: str, subject: str) -> bool:
        """Take one off; False if it was not there."""
        with self._database.writing(workspace) as scope:
            return scope.drop(trusted, trusted.c.subject == subject) > 0

    def guests_welcome(self, workspace: str) -> bool:
        """Whether guests may see what members see; no unless an admin said so."""
        with self._database.reading(workspace) as scope:
            return scope.row(workspaces_open_to_guests) is not None

    def set_guests_welcome(self, workspace: str, *, on: bool) -> bool:
        """Let guests see what members see, or not; False if it was so before."""
        with self._database.writing(workspace) as scope:
            return scope.add(workspaces_open_to_guests) if on else scope.drop(workspaces_open_to_guests) > 0

    def greet_once(self, workspace: str, user: str) -> bool:
        """Keep that somebody was greeted; False if they were before."""
        with self._database.reading(workspace) as scope:
            if scope.row(greeted, greeted.c.user == user) is not None:
                return False
        with self._database.writing(workspace) as scope:
            return scope.add(greeted, user=user)

    def record(self, change: Change) -> None:
        """Write a line of the audit trail; it is never altered."""
        with self._database.writing(change.workspace) as scope:
            add_to_trail(scope, change)

    def changes(self, workspace: str | None = None, limit: int = 1000) -> Sequence[Change]:
        """The newest lines of the trail, newest first; None: of every workspace, for the operator."""
        if workspace is None:
            rows = self._database.everywhere(changes, newest=changes.c.number, limit=limit)
        else:
            with self._database.reading(workspace) as scope:
                rows = scope.rows(changes, newest=changes.c.number, limit=limit)
        return [records.change_record(row) for row in rows]

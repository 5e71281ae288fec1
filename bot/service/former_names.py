"""What an org is called now that had another name before: the trail of changes tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.model import Change, Org
from bot.domain.org_questions import folded

RENAMED = "renamed"
"""The action of the trail; its subject is the name before, and the one after."""

_TO = " → "


def subject(before: str, after: str) -> str:
    """What the trail says of it."""
    return f"{before}{_TO}{after}"


class Kept(Protocol):
    """What is kept of changes and orgs."""

    def changes(self, workspace: str | None = None, limit: int = 1000) -> Sequence[Change]:
        """The newest lines of the trail, newest first."""
        ...

    def org(self, workspace: str, name: str) -> Org | None:
        """One org by its name, without regard to case."""
        ...


class FormerNames:
    """Follows a name through the trail."""

    def __init__(self, store: Kept) -> None:
        self._store = store

    def now(self, workspace: str, name: str) -> str:
        """The name of today; "" where none leads to an org that is there."""
        current = name
        for change in reversed(self._store.changes(workspace)):
            before, _, after = change.subject.partition(_TO)
            if change.action == RENAMED and folded(before) == folded(current):
                current = after
        org = self._store.org(workspace, current) if folded(current) != folded(name) else None
        return org.name if org else ""

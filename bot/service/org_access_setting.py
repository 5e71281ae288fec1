"""What ``/flosum settings`` says of what the bot may do in orgs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.answers import Item, Items, Part, State
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import code
from bot.domain.model import Asker, Org

_NAMED = 10


class KnownOrgs(Protocol):
    """The orgs of a workspace."""

    def orgs(self, workspace: str) -> Sequence[Org]:
        """All of them, sorted by name."""
        ...


class OrgAccessSetting:
    """In which orgs access may be granted. ``writes``: the operator lets it be."""

    def __init__(self, store: KnownOrgs, *, writes: bool) -> None:
        self._store = store
        self._writes = writes

    def shown(self, who: Asker) -> Sequence[Part]:
        """One line."""
        orgs = self._store.orgs(who.workspace)
        allowed = [org.name for org in orgs if org.grants_allowed]
        if not self._writes:
            told = "I only read them; whoever runs this assistant can switch on that it grants access"
        elif not allowed:
            told = "I only read them: nobody allowed more when they were connected"
        else:
            more = len(allowed) - _NAMED
            names = listed([code(name) for name in allowed[:_NAMED]] + ([f"{more} more"] if more > 0 else []))
            others = "; in the others I only read" if len(allowed) < len(orgs) else ""
            told = f"besides reading, I may grant access in {names}{others}"
        return (Items((Item("Orgs", told, State.READY if self._writes and allowed else None),)),)

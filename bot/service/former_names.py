"""What became of an org that nobody knows by a name any more: the trail of changes tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from bot.domain.answers import Answer, Form
from bot.domain.errors import AskerError, UnknownOrg
from bot.domain.model import Asker, Change, Org
from bot.domain.org_questions import folded
from bot.domain.orgs import which_org
from bot.ports import Clock, FormHandler

DISCONNECTED = "disconnected"
"""The action of the trail; its subject is the name, and the host in brackets."""

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

    def __init__(self, store: Kept, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def now(self, workspace: str, name: str) -> str:
        """The name of today; "" where none leads to an org that is there."""
        return self._followed(workspace, name)[0]

    def what_became(self, workspace: str, unknown: UnknownOrg) -> AskerError | None:
        """What is said of an org that has another name now, or was disconnected; None where none was called so.

        The name may go on in what follows it in the line, where nobody could tell how many words of it are the name.
        """
        unknown = self._whole(workspace, unknown)
        now, ended = self._followed(workspace, unknown.name)
        if now:
            return which_org.renamed(unknown, now)
        return which_org.not_connected(unknown.name, ended.at, self._clock()) if ended else None

    def _whole(self, workspace: str, unknown: UnknownOrg) -> UnknownOrg:
        """With the longest former name that begins there; as it is where none of several words does."""
        verb, _, rest = unknown.line.partition(" {org} ")
        words = rest.split()
        if not words:
            return unknown
        former = {folded(name) for change in self._store.changes(workspace) for name in _names_before(change)}
        for length in range(len(words), 0, -1):
            name = " ".join((unknown.name, *words[:length]))
            if folded(name) in former:
                line = " ".join((verb, "{org}", *words[length:]))
                return UnknownOrg(unknown.text, unknown.buttons, name, line)
        return unknown

    def _followed(self, workspace: str, name: str) -> tuple[str, Change | None]:
        """The name of today, "" where none is there, and the change that disconnected the org, if one did."""
        current, ended = name, None
        for change in reversed(self._store.changes(workspace)):
            before, _, after = change.subject.partition(_TO)
            if change.action == RENAMED and folded(before) == folded(current):
                current = after
            gone, _, _ = change.subject.rpartition(" (")
            if change.action == DISCONNECTED and folded(gone) == folded(current):
                ended = change
        org = self._store.org(workspace, current) if folded(current) != folded(name) else None
        return org.name if org else "", ended


def _names_before(change: Change) -> Iterator[str]:
    """The name that an org had until this change."""
    if change.action == RENAMED:
        yield change.subject.partition(_TO)[0]
    if change.action == DISCONNECTED:
        yield change.subject.rpartition(" (")[0]


class WithFormerNames:
    """A form that is older than a new name, or than the end of a connection: it tells so."""

    def __init__(self, form: FormHandler, former: FormerNames) -> None:
        self._form = form
        self._former = former
        self.doing = form.doing

    def form(self, who: Asker, subject: str) -> Form:
        """The form. Raises AskerError."""
        with self._told(who):
            return self._form.form(who, subject)

    def faults(self, who: Asker, values: dict[str, str]) -> dict[str, str]:
        """What is wrong, by line."""
        return self._form.faults(who, values)

    def submit(self, who: Asker, subject: str, values: dict[str, str]) -> Answer:
        """Do what it is for. Raises AskerError."""
        with self._told(who):
            return self._form.submit(who, subject, values)

    @contextmanager
    def _told(self, who: Asker) -> Iterator[None]:
        try:
            yield
        except UnknownOrg as unknown:
            raise self._former.what_became(who.workspace, unknown) or unknown from None

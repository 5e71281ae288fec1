"""What stands below an explained error: the org is read, and whoever pressed, and all three are joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from bot.domain.answers import Answer
from bot.domain.command import Command
from bot.domain.conversations.cause import Joined, likely_cause
from bot.domain.model import Asker, Org
from bot.domain.orgs.status_report import status
from bot.domain.orgs.user_access import UserReading
from bot.domain.orgs.which_org import unknown_org
from bot.domain.recognition.entries import Entry
from bot.ports import Clock
from bot.service.named_org import org_and_rest
from bot.service.org_checks import OrgChecks

OwnReading = Callable[[Asker, Org], UserReading | None]
"""What somebody may do in an org themselves; None where that could not be read, or who they are there."""


class KnownOrgs(Protocol):
    """The orgs of a workspace."""

    def orgs(self, workspace: str) -> Sequence[Org]:
        """All of them."""
        ...

    def org(self, workspace: str, name: str) -> Org | None:
        """One by its name."""
        ...


class CheckError:
    """``cause <org> <entry> [time]``, which only buttons say; the time is when the error was explained."""

    def __init__(
        self,
        store: KnownOrgs,
        checks: OrgChecks,
        entry: Callable[[str], Entry | None],
        own_reading: OwnReading,
        clock: Clock,
    ) -> None:
        self._store = store
        self._checks = checks
        self._entry = entry
        self._own_reading = own_reading
        self._clock = clock

    def command(self, who: Asker, command: Command) -> Answer:
        """Read the org and the person; the likeliest cause of the error first."""
        found = org_and_rest(partial(self._store.org, who.workspace), command.words)
        if found is None:
            raise unknown_org(self._name(command.words), self._store.orgs(who.workspace))
        org, (entry_id, *told) = found[0], found[1].split() or [""]
        diagnosis, entry = self._checks.one(org), self._entry(entry_id)
        if entry is None:  # the guidance has changed since the button was made
            return status(diagnosis, self._clock())
        person = None if diagnosis.trouble else self._own_reading(who, diagnosis.org)
        return likely_cause(Joined(entry, diagnosis, person, self._clock(), _moment(told)))

    def _name(self, words: Sequence[str]) -> str:
        """The name of an org that is not there any more: what stands before the entry."""
        end = next((at for at, word in enumerate(words[1:], 1) if self._entry(word)), 1)
        return " ".join(words[:end])


def _moment(words: Sequence[str]) -> datetime | None:
    """Seconds since 1970, as a button has them; None where it has none, which older ones do not."""
    seconds = words[0] if words else ""
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch(r"[0-9]{1,11}", seconds) else None

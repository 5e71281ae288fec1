"""Reading orgs live as a use case; what was known is kept when a reading fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from bot.domain.errors import OrgError
from bot.domain.model import Diagnosis, Org
from bot.domain.orgs.diagnosis import diagnose
from bot.ports import Clock, Orgs, Store


class ParallelMap(Protocol):
    """Runs a function over items, several at once, and gives the results in order (an executor's ``map``)."""

    def __call__(self, work: Callable[[Org], Diagnosis], orgs: Iterable[Org], /) -> Iterable[Diagnosis]:
        """Apply ``work`` to each org."""
        ...


class OrgChecks:
    """Reads orgs live and says what they amount to; what was known is kept when a reading fails."""

    def __init__(self, store: Store, orgs: Orgs, clock: Clock, parallel_map: ParallelMap = map) -> None:
        self._store = store
        self._orgs = orgs
        self._clock = clock
        self._parallel_map = parallel_map

    def named(self, workspace: str, name: str) -> Org | None:
        """One org by its name, if it is connected."""
        return self._store.org(workspace, name)

    def one(self, org: Org) -> Diagnosis:
        """Read one org; a failure becomes the answer's ``trouble``, beside the newest facts there are."""
        try:
            facts = self._orgs.facts(org, self._store.credentials(org))
        except OrgError as error:
            org = self._store.org(org.workspace, org.name) or org  # which may be marked as to be reconnected by now
            return diagnose(org, self._store.facts(org), now=self._clock(), trouble=error.text)
        self._store.save_facts(org, facts)
        return diagnose(org, facts, now=self._clock())

    def every(self, workspace: str) -> list[Diagnosis]:
        """Read all orgs of a workspace, several at once."""
        return list(self._parallel_map(self.one, self._store.orgs(workspace)))

    def known(self, workspace: str) -> list[Diagnosis]:
        """All orgs as last read, without asking Salesforce."""
        facts = self._store.all_facts(workspace)
        orgs = self._store.orgs(workspace)
        return [diagnose(org, facts.get(org.name), now=self._clock()) for org in orgs]

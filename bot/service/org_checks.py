"""Reading orgs live as a use case; what was known is kept when a reading fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from bot.domain.errors import OrgError
from bot.domain.model import Diagnosis, Org, OrgFacts
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.next_steps import ArticleSteps
from bot.ports import Clock, Orgs, Store


class ParallelMap(Protocol):
    """Runs a function over items, several at once, and gives the results in order (an executor's ``map``)."""

    def __call__(self, work: Callable[[Org], Diagnosis], orgs: Iterable[Org], /) -> Iterable[Diagnosis]:
        """Apply ``work`` to each org."""
        ...


class OrgChecks:
    """Reads orgs live and says what they amount to; what was known is kept when a reading fails."""

    def __init__(
        self, store: Store, orgs: Orgs, clock: Clock, article: ArticleSteps, parallel_map: ParallelMap = map
    ) -> None:
        self._store = store
        self._orgs = orgs
        self._clock = clock
        self._article = article
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
            return self.as_read(org, self._store.facts(org), error.text)
        self._store.save_facts(org, facts)
        return self.as_read(org, facts)

    def as_read(self, org: Org, facts: OrgFacts | None, trouble: str | None = None) -> Diagnosis:
        """What a reading amounts to; ``trouble`` says why there is no fresh one."""
        return diagnose(org, facts, article=self._article, now=self._clock(), trouble=trouble)

    def every(self, workspace: str) -> list[Diagnosis]:
        """Read all orgs of a workspace, several at once."""
        return list(self._parallel_map(self.one, self._store.orgs(workspace)))

    def known(self, workspace: str) -> list[Diagnosis]:
        """All orgs as last read, without asking Salesforce."""
        facts = self._store.all_facts(workspace)
        orgs = self._store.orgs(workspace)
        return [self.as_read(org, facts.get(org.name)) for org in orgs]

"""Reading orgs live as a use case; what was known is kept when a reading fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.answers import Answer
from bot.domain.answers.markup import code
from bot.domain.errors import AskerError, AssistantError, OrgError
from bot.domain.model import Diagnosis, KeptOrg, Org, OrgFacts
from bot.domain.orgs import identity
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.identity import Identity
from bot.domain.orgs.next_steps import ArticleSteps
from bot.guard import attempted
from bot.ports import Clock, Orgs, Store


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of asking one org: its fresh ``facts``, or why there are none."""

    kept: KeptOrg
    facts: OrgFacts | None
    trouble: str | None = None


class ParallelMap(Protocol):
    """Runs a function over items, several at once, and gives the results in order (an executor's ``map``)."""

    def __call__(self, work: Callable[[KeptOrg], Reading], orgs: Iterable[KeptOrg], /) -> Iterable[Reading]:
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

    def named(self, workspace: str, name: str) -> Diagnosis | None:
        """Read the org of that name; None if none is connected."""
        found = self._store.kept_orgs(workspace, name)
        return next(iter(self._diagnosed(workspace, [self._read(each) for each in found])), None)

    def one(self, org: Org) -> Diagnosis:
        """Read one org. Raises AskerError when it was removed meanwhile."""
        found = self.named(org.workspace, org.name)
        if found is None:
            raise AskerError(f"{code(org.name)} is not connected any more.")
        return found

    def every(self, workspace: str) -> list[Diagnosis]:
        """Read all orgs of a workspace, several at once; whatever goes wrong with one does not concern the others."""
        kept = self._store.kept_orgs(workspace)
        return self._diagnosed(workspace, list(self._parallel_map(self._read_whatever_comes, kept)))

    def known(self, workspace: str) -> list[Diagnosis]:
        """All orgs as last read, without asking Salesforce."""
        facts = self._store.all_facts(workspace)
        orgs = self._store.orgs(workspace)
        return [self.as_read(org, facts.get(org.name)) for org in orgs]

    def as_read(self, org: Org, facts: OrgFacts | None, trouble: str | None = None) -> Diagnosis:
        """What a reading amounts to; ``trouble`` says why there is no fresh one."""
        return diagnose(org, facts, article=self._article, now=self._clock(), trouble=trouble)

    def _read(self, kept: KeptOrg) -> Reading:
        try:
            if isinstance(kept.credentials, AssistantError):
                raise kept.credentials
            facts = self._orgs.facts(kept.org, kept.credentials)
        except OrgError as error:
            return Reading(kept, None, error.text)
        if identity.of_reading(kept.org, facts) in (Identity.REPLACED, Identity.OTHER):
            return Reading(kept, None, identity.replaced(kept.org))
        followed = replace(kept, org=replace(kept.org, host=facts.host or kept.org.host))
        return Reading(followed, identity.noted(kept.org, facts, kept.facts))

    def _read_whatever_comes(self, kept: KeptOrg) -> Reading:
        return attempted(lambda: self._read(kept), lambda _, answer: Reading(kept, None, _in_a_line(answer)))

    def _diagnosed(self, workspace: str, readings: Sequence[Reading]) -> list[Diagnosis]:
        """What the readings amount to; a failure becomes the answer's ``trouble``, beside what was known before.

        What was read is kept in one go.
        """
        fresh = {reading.kept.org.name: reading.facts for reading in readings if reading.facts is not None}
        if fresh:
            self._store.save_all_facts(workspace, fresh)
        orgs = dict[str, Org]()
        if len(fresh) < len(readings):
            orgs = {org.name: org for org in self._store.orgs(workspace)}  # some may be marked as to be reconnected now
        return [
            self.as_read(reading.kept.org, reading.facts)
            if reading.facts is not None
            else self.as_read(orgs.get(reading.kept.org.name, reading.kept.org), reading.kept.facts, reading.trouble)
            for reading in readings
        ]


def _in_a_line(answer: Answer) -> str:
    return f"{answer.headline} ({answer.note})." if answer.note else answer.headline

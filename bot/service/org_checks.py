"""Reading orgs live as a use case; what was known is kept when a reading fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.answers import Answer
from bot.domain.answers.markup import code
from bot.domain.errors import AskerError, AssistantError, OperatorError, OrgError
from bot.domain.model import Diagnosis, Failure, KeptOrg, Org, OrgFacts, Verdict
from bot.domain.off_clocks import is_ahead
from bot.domain.orgs import conditions, connection, identity
from bot.domain.orgs.carried import carried
from bot.domain.orgs.conditions import Known
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.granting import may_be_granted
from bot.domain.orgs.identity import Identity
from bot.domain.orgs.install_links import InstallIds, with_install_links
from bot.domain.orgs.next_steps import ArticleSteps
from bot.domain.selection import EVERY, Selection
from bot.guard import attempted
from bot.ports import Clock, Orgs, Store
from bot.service.shared_readings import Batch, Begin, Reading, SharedReadings

PATIENCE = 4.0
"""Seconds before people are shown what is there while some orgs hang: below it one answer is better than two."""


class OrgChecks:
    """Reads orgs live and says what they amount to; what was known is kept when a reading fails."""

    def __init__(
        self,
        store: Store,
        orgs: Orgs,
        clock: Clock,
        article: Callable[[], ArticleSteps],
        begin: Begin | None = None,
        *,
        writes: bool = False,
        install_ids: InstallIds = MappingProxyType({}),
    ) -> None:
        """``begin`` reads several orgs at once; without it one is read after the other.

        ``writes``: the operator lets access be granted in orgs; ``install_ids`` lead to the pages that install apps.
        """
        self._writes = writes
        self._install_ids = install_ids
        self._store = store
        self._orgs = orgs
        self._clock = clock
        self._article = article
        self._readings = SharedReadings(self._read_whatever_comes, begin or _at_once)

    def named(self, workspace: str, name: str) -> Diagnosis | None:
        """Read the org of that name; None if none is connected, or it is gone once it was read."""
        found = self._store.kept_orgs(workspace, name)
        return next(iter(self._diagnosed(workspace, [self._readings.one(kept) for kept in found])), None)

    def one(self, org: Org) -> Diagnosis:
        """Read one org. Raises AskerError when it was removed meanwhile."""
        found = self.named(org.workspace, org.name)
        if found is None:
            raise AskerError(f"{code(org.name)} is not connected any more.")
        return found

    def every(self, workspace: str, chosen: Selection = EVERY) -> list[Diagnosis]:
        """Read all orgs of a workspace, several at once; whatever goes wrong with one does not concern the others.

        Of some that are ``chosen`` those are read that may be among them.
        """
        return self.begin_every(workspace, chosen).all()

    def every_since(self, workspace: str, since: datetime, *, failed_too: bool) -> list[Diagnosis]:
        """All orgs as read since then; those that were not, or in vain (``failed_too``), are read now."""
        orgs = self._store.kept_orgs(workspace)
        now = self._clock()
        stale = [kept for kept in orgs if _is_stale(kept, since, now, failed_too=failed_too)]
        names = [kept.org.name for kept in stale]
        read = dict(zip(names, self._told_of_all(workspace, self._readings.every(stale).results()), strict=True))
        return [read.get(kept.org.name) or self._as_known(kept.org, kept.facts) for kept in orgs]

    def some(self, workspace: str, among: Callable[[KeptOrg], bool]) -> list[Diagnosis]:
        """The same of those orgs alone."""
        kept = [each for each in self._store.kept_orgs(workspace) if among(each)]
        return self._told_of_all(workspace, self._readings.every(kept).results())

    def begin_every(self, workspace: str, chosen: Selection = EVERY) -> AllOrgs:
        """The same, for those who want to see what is there before all is."""
        batch = self._readings.every([kept for kept in self._store.kept_orgs(workspace) if chosen.may_have(kept.org)])
        return AllOrgs(batch, lambda readings: self._told_of_all(workspace, readings))

    def known(self, workspace: str) -> list[Diagnosis]:
        """All orgs as last read, without asking Salesforce."""
        facts = self._store.all_facts(workspace)
        return [self._as_known(org, facts.get(org.name)) for org in self._store.orgs(workspace)]

    def known_of(self, org: Org) -> Diagnosis:
        """One org as last read."""
        return self._as_known(org, self._store.facts(org))

    def _as_known(self, org: Org, facts: OrgFacts | None) -> Diagnosis:
        """One org as last read; facts that nobody foresaw are its own trouble."""
        trouble = org.failure.text if org.failure else None
        return attempted(
            lambda: self.as_read(org, facts, trouble),
            lambda error, answer: self.as_read(org, None, _in_a_line(error, answer)),
        )

    def as_read(self, org: Org, facts: OrgFacts | None, trouble: str | None = None) -> Diagnosis:
        """What a reading amounts to; ``trouble`` says why there is no fresh one."""
        now = self._clock()
        if org.snooze is not None and not org.snooze.holds(now):
            org = replace(org, snooze=None)
        found = diagnose(org, facts, article=self._article(), now=now, trouble=trouble)
        found = replace(found, may_grant=may_be_granted(org, writes=self._writes))
        return with_install_links(found, self._install_ids)

    # --- asking ----------------------------------------------------------------------------------------

    def _read_whatever_comes(self, kept: KeptOrg) -> Reading:
        return attempted(lambda: self._read(kept), lambda error, answer: self._failed(kept, _in_a_line(error, answer)))

    def _read(self, kept: KeptOrg) -> Reading:
        try:
            if isinstance(kept.credentials, AssistantError):
                raise kept.credentials
            facts = self._orgs.facts(kept.org, kept.credentials)
        except OrgError as error:
            return self._failed(kept, connection.trouble_of(kept.org, error))
        if identity.of_reading(kept.org, facts) in (Identity.REPLACED, Identity.OTHER):
            return self._failed(kept, identity.replaced(kept.org))
        org = replace(kept.org, host=facts.host or kept.org.host, reconnect=False, failure=None)
        return Reading(replace(kept, org=org), identity.noted(kept.org, carried(facts, kept.facts), kept.facts))

    def _failed(self, kept: KeptOrg, text: str) -> Reading:
        return Reading(kept, Failure(self._clock(), text))

    # --- keeping and telling ---------------------------------------------------------------------------

    def _told_of_all(self, workspace: str, readings: Sequence[Reading]) -> list[Diagnosis]:
        told = []
        for found, reading in zip(self._diagnosed(workspace, readings), readings, strict=True):
            org, facts = reading.kept.org, reading.kept.facts
            told.append(found or self.as_read(org, facts, f"{code(org.name)} was removed or renamed meanwhile."))
        return told

    def _diagnosed(self, workspace: str, readings: Sequence[Reading]) -> list[Diagnosis | None]:
        """What the readings amount to, kept in one go; None for orgs that are gone.

        Where that fails each is kept alone: what one org said must not lose the others'.
        """

        def each_alone(error: Exception, _: Answer) -> list[Diagnosis | None]:
            if isinstance(error, AssistantError):
                raise error
            return [self._kept_alone(workspace, reading) for reading in readings]

        return attempted(lambda: self._kept(workspace, readings), each_alone) if readings else []

    def _kept(self, workspace: str, readings: Sequence[Reading]) -> list[Diagnosis | None]:
        outcomes = {reading.kept.org.name: reading.outcome for reading in readings}
        noted = dict[str, Known]()

        def noting(there: Mapping[str, Org], before: Mapping[str, Known | None]) -> Mapping[str, Known]:
            for reading in readings:
                if (now := there.get(reading.kept.org.name)) is not None:
                    known = self._noted(reading, now, before.get(now.name))
                    noted.update({now.name: known} if known else {})
            return noted

        there = self._store.save_readings(workspace, outcomes, noting)
        told = [self._told(reading, there.get(reading.kept.org.name)) for reading in readings]
        return [found and _since(found, noted.get(found.org.name)) for found in told]

    def _noted(self, reading: Reading, now: Org, before: Known | None) -> Known | None:
        """What is known of an org over time once it was read."""
        found, facts = self._told(reading, now), reading.kept.facts
        if found is None:
            return before
        earlier = None
        if facts is not None:
            earlier = diagnose(reading.kept.org, facts, article=self._article(), now=facts.checked_at)
        return conditions.noted(before, found, earlier, self._clock())

    def _kept_alone(self, workspace: str, reading: Reading) -> Diagnosis | None:
        def unkept(error: Exception, answer: Answer) -> Diagnosis | None:
            return self._told(self._failed(reading.kept, _in_a_line(error, answer)), reading.kept.org)

        return attempted(lambda: self._kept(workspace, [reading])[0], unkept)

    def _told(self, reading: Reading, now: Org | None) -> Diagnosis | None:
        """A failure becomes the answer's ``trouble``, beside what was known before.

        ``now`` is the org as it is kept now, perhaps as one to be connected again; None if it is gone.
        """
        kept, outcome = reading.kept, reading.outcome
        if now is None:
            return None
        if isinstance(outcome, Failure):
            now = replace(now, snooze=kept.org.snooze, open_since=kept.org.open_since)
            found = self.as_read(now, kept.facts, f"{outcome.text}{_resting(reading.rests)}")
            return replace(found, rests=reading.rests is not None)
        return self.as_read(kept.org, outcome)


class AllOrgs:
    """All orgs of a workspace while they are read."""

    def __init__(self, batch: Batch, told: Callable[[Sequence[Reading]], list[Diagnosis]]) -> None:
        self._batch = batch
        self._told = told

    def all(self) -> list[Diagnosis]:
        """Every org, once all were asked."""
        return self._told(self._batch.results())

    def so_far(self, seconds: float = PATIENCE) -> tuple[list[Diagnosis], int]:
        """The orgs that are read by then, and how many hang; none does where it did not come to waiting."""
        readings, waiting = self._batch.within(seconds)
        return self._told(readings), waiting


def _since(found: Diagnosis, known: Known | None) -> Diagnosis:
    """The diagnosis with what became of the org over time."""
    if known is None:
        return found
    since = None if known.verdict is Verdict.READY else known.since
    return replace(found, org=replace(found.org, open_since=since))


def _is_stale(kept: KeptOrg, since: datetime, now: datetime, *, failed_too: bool) -> bool:
    failure, facts = kept.org.failure, kept.facts
    if failure is not None and (failed_too or _was_since(failure.at, since, now)):
        return failed_too
    return facts is None or not _was_since(facts.checked_at, since, now)


def _was_since(at: datetime, since: datetime, now: datetime) -> bool:
    return at >= since and not is_ahead(at, now)


def _resting(seconds: float | None) -> str:
    """Why an org was not asked now, and what asks it all the same."""
    if seconds is None:
        return ""
    minutes = max(1, round(seconds / 60))
    return f" It failed several times in a row, so I leave it alone for {minutes} min; **Check** asks it now."


def _in_a_line(error: Exception, answer: Answer) -> str:
    if isinstance(error, OperatorError):
        return f"{answer.headline}. {answer.lead}"
    if isinstance(error, AssistantError):
        return error.text
    return f"{answer.headline} ({answer.note})." if answer.note else answer.headline


def _at_once(work: Callable[[], Reading]) -> Future[Reading]:
    done: Future[Reading] = Future()
    done.set_result(work())
    return done

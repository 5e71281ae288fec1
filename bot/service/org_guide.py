"""``guide for <org>``: the installation of one org as a checklist, read live, with what people ticked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from bot.domain.answers import Answer
from bot.domain.answers.markup import literal
from bot.domain.errors import AskerError
from bot.domain.model import Asker, Diagnosis, Org
from bot.domain.orgs.guide_ticks import Tick
from bot.domain.orgs.install_links import InstallIds
from bot.domain.orgs.installation_guide import BY_HAND, GuideStep, checklist, step_meant, steps
from bot.domain.orgs.which_org import unknown_org
from bot.ports import Clock
from bot.service.named_org import org_and_rest
from bot.service.org_checks import OrgChecks

DONE, OPEN = "done", "open"


class Ticks(Protocol):
    """What is kept of orgs and of what people ticked."""

    def orgs(self, workspace: str) -> Sequence[Org]:
        """All orgs of a workspace."""
        ...

    def org(self, workspace: str, name: str) -> Org | None:
        """One org by its name."""
        ...

    def guide_ticks(self, org: Org) -> Sequence[Tick]:
        """The steps that somebody says are done."""
        ...

    def tick_guide(self, org: Org, tick: Tick) -> None:
        """Keep that a step is done."""
        ...

    def untick_guide(self, org: Org, step: str) -> bool:
        """Keep that a step is not done; False if nobody had said that it was."""
        ...


class Names(Protocol):
    """What people are called."""

    def named(self, workspace: str, subject: str) -> str:
        """Somebody in our markup, by name."""
        ...


class OrgGuide:
    """Every member may look and tick: whoever does the steps in Salesforce need not be who may change things here."""

    def __init__(self, store: Ticks, checks: OrgChecks, names: Names, clock: Clock, install_ids: InstallIds) -> None:
        self._store = store
        self._checks = checks
        self._names = names
        self._clock = clock
        self._install_ids = install_ids

    def names_org(self, who: Asker, said: str) -> bool:
        """Whether what was said begins with the name of an org."""
        return org_and_rest(partial(self._store.org, who.workspace), said.split()) is not None

    def answer(self, who: Asker, said: str) -> Answer:
        """The checklist of the org that is said; behind it ``done <step>`` or ``open <step>``. Raises AskerError."""
        words = said.split()
        if not words:
            raise AskerError("Which org? For example: `/flosum guide for prod`")
        found = org_and_rest(partial(self._store.org, who.workspace), words)
        if found is None:
            line = " ".join(("guide for {org}", *words[1:]))
            raise unknown_org(words[0], self._store.orgs(who.workspace), line)
        org, rest = found
        diagnosis = self._checks.one(org)
        told = self._steps(diagnosis)
        if rest:
            self._tick(who, diagnosis, rest, told)
            told = self._steps(diagnosis)
        return checklist(diagnosis, told, self._clock())

    def _steps(self, found: Diagnosis) -> Sequence[GuideStep]:
        named = partial(self._names.named, found.org.workspace)
        return steps(found, self._store.guide_ticks(found.org), named, self._clock(), self._install_ids)

    def _tick(self, who: Asker, found: Diagnosis, rest: str, told: Sequence[GuideStep]) -> None:
        word, _, said = rest.partition(" ")
        step = step_meant(said, told)
        if word.casefold() not in (DONE, OPEN) or step is None or not step.by_hand:
            known = ", ".join(f"`{each}`" for each in BY_HAND)
            read = f"{literal(step.name)} is ticked by what is read of the org. " if step and not step.by_hand else ""
            raise AskerError(
                f"{read}By hand these steps are ticked: {known}. For example: `/flosum guide for {found.org.name} done "
                f"{next(iter(BY_HAND))}`"
            )
        if word.casefold() == OPEN:
            self._store.untick_guide(found.org, step.id)
            return
        self._store.tick_guide(found.org, Tick(step.id, who.user, self._clock(), found.organization_id))

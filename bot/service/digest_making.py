"""What a digest is made of, read for it: the orgs that it is about, what the earlier ones found, what was missed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import selection
from bot.domain.answers import Answer
from bot.domain.digest import report, schedule
from bot.domain.digest.report import Material, Missed
from bot.domain.digest.subscription import Subscription
from bot.domain.model import Asker, Diagnosis, Org, PastDigest, Verdict
from bot.domain.orgs.snooze_report import is_snoozed
from bot.domain.selection import Selection
from bot.ports import Clock, Subscriptions
from bot.service.membership import Membership

ReadAll = Callable[[str], Sequence[Diagnosis]]
"""Reads every org of a workspace now."""

Orgs = Callable[[str], Sequence[Org]]
"""The orgs of a workspace, without reading them."""


Owners = Callable[[str, Collection[str], str | None], Mapping[str, str]]
"""How the owners of a workspace's orgs are shown in the message of a key, None where nothing is posted."""

First = Callable[[str, Sequence[Diagnosis]], Collection[str]]
"""The names of the orgs of a workspace that lead a digest."""


@dataclass(frozen=True, slots=True)
class MadeDigest:
    """The digest of a slot, and what is to be kept of it. Without an ``answer`` there is nothing to say."""

    answer: Answer | None
    past: PastDigest


class DigestMaking:
    """Makes digests; nothing is posted or kept here."""

    def __init__(
        self,
        *,
        store: Subscriptions,
        orgs: Orgs,
        read_all: ReadAll,
        membership: Membership,
        clock: Clock,
        owners: Owners = lambda _workspace, _owners, _posted_as: {},
        first: First = lambda _workspace, _found: (),
    ) -> None:
        """``owners`` says how each is shown, ``first`` which orgs lead the list."""
        self._store = store
        self.orgs = orgs
        self._read_all = read_all
        self._membership = membership
        self._clock = clock
        self._owners = owners
        self._first = first

    def may_be_told(self, subscription: Subscription) -> bool:
        """Whether whoever it goes to may still see the orgs: people leave, and become guests. Raises SlackRefused."""
        if not subscription.personal:
            return True
        person = self._membership.person(Asker(subscription.workspace, subscription.target))
        return not self._membership.refusal_of(subscription.workspace, person.standing)

    def chosen(self, workspace: str, words: str) -> Selection | None:
        """The orgs that words mean in a workspace; None where some word means none."""
        orgs = self.orgs(workspace)
        return selection.read(words, [org.name for org in orgs], selection.tags_of(orgs))

    def is_meant(self, subscription: Subscription, found: Diagnosis) -> bool:
        """Whether a subscription is about an org, whatever becomes of that."""
        chosen = self.chosen(subscription.workspace, subscription.orgs)
        return chosen is not None and chosen.whole.has(found)

    def preview(self, subscription: Subscription, posted_as: str | None = None) -> Answer:
        """The digest as it would be now, whether or not there is something to report.

        ``posted_as`` is the key of the message that it becomes; without one nobody is mentioned.
        """
        return report.digest(self._material(subscription, self._clock(), (), posted_as))

    def made(self, subscription: Subscription, slot: datetime, missed: Sequence[Missed] = ()) -> MadeDigest:
        """The digest of a slot, from orgs that are read now."""
        posted_as = f"{subscription.id}:{slot.isoformat()}"
        material = self._material(subscription, self._clock(), missed, posted_as)
        return MadeDigest(report.made(material), report.record(slot, material.diagnoses))

    def _material(
        self, subscription: Subscription, now: datetime, missed: Sequence[Missed], posted_as: str | None
    ) -> Material:
        chosen = self.chosen(subscription.workspace, subscription.orgs)
        every = _of(chosen, self._read_all(subscription.workspace))
        past = self._store.past_digests(subscription.workspace, subscription.id) if subscription.id else []
        return Material(
            subscription,
            every,
            schedule.earlier(past, subscription, now),
            now,
            chosen,
            missed,
            open_since={found.org.name: found.org.open_since for found in every if found.org.open_since},
            set_aside={found.org.name for found in every if is_snoozed(found)},
            first=self._first(subscription.workspace, every),
            owners=self._owners(subscription.workspace, _owners_of(every), posted_as),
        )


def _owners_of(every: Sequence[Diagnosis]) -> Collection[str]:
    """Of the orgs that a digest tells of."""
    told = (found.org for found in every if found.verdict is not Verdict.READY and not is_snoozed(found))
    return {org.owner for org in told if org.owner}


def _of(chosen: Selection | None, every: Sequence[Diagnosis]) -> Sequence[Diagnosis]:
    """The orgs that are meant, ready or not: a digest counts both. Words that mean none any more choose none."""
    return [] if chosen is None else chosen.whole.of(every)

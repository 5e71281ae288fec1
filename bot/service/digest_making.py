"""What a digest is made of, read for it: the orgs that it is about, what the earlier ones found, what was missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import selection
from bot.domain.answers import Answer
from bot.domain.digest import report, schedule
from bot.domain.digest.report import Material, Missed
from bot.domain.digest.subscription import Subscription
from bot.domain.model import Asker, Diagnosis, Org, PastDigest
from bot.domain.selection import Selection
from bot.ports import Clock, Subscriptions
from bot.service.membership import Membership

ReadAll = Callable[[str], Sequence[Diagnosis]]
"""Reads every org of a workspace now."""

Orgs = Callable[[str], Sequence[Org]]
"""The orgs of a workspace, without reading them."""


@dataclass(frozen=True, slots=True)
class MadeDigest:
    """The digest of a slot, and what is to be kept of it. Without an ``answer`` there is nothing to say."""

    answer: Answer | None
    past: PastDigest


class DigestMaking:
    """Makes digests; nothing is posted or kept here."""

    def __init__(
        self, *, store: Subscriptions, orgs: Orgs, read_all: ReadAll, membership: Membership, clock: Clock
    ) -> None:
        self._store = store
        self.orgs = orgs
        self._read_all = read_all
        self._membership = membership
        self._clock = clock

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

    def preview(self, subscription: Subscription) -> Answer:
        """The digest as it would be now, whether or not there is something to report."""
        return report.digest(self._material(subscription, self._clock(), ()))

    def made(self, subscription: Subscription, slot: datetime, missed: Sequence[Missed] = ()) -> MadeDigest:
        """The digest of a slot, from orgs that are read now."""
        material = self._material(subscription, self._clock(), missed)
        return MadeDigest(report.made(material), report.record(slot, material.diagnoses))

    def _material(self, subscription: Subscription, now: datetime, missed: Sequence[Missed]) -> Material:
        chosen = self.chosen(subscription.workspace, subscription.orgs)
        every = self._read_all(subscription.workspace)
        past = self._store.past_digests(subscription.workspace, subscription.id) if subscription.id else []
        return Material(
            subscription,
            _of(chosen, every),
            schedule.earlier(past, subscription, now),
            now,
            chosen,
            missed,
        )


def _of(chosen: Selection | None, every: Sequence[Diagnosis]) -> Sequence[Diagnosis]:
    """The orgs that are meant, ready or not: a digest counts both. Words that mean none any more choose none."""
    return [] if chosen is None else chosen.whole.of(every)

"""What a digest is made of, read for it: the orgs that it is about, what the earlier ones found, what was missed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import selection
from bot.domain.answers import Answer
from bot.domain.digest import report, schedule
from bot.domain.digest.report import Material, Missed
from bot.domain.digest.subscription import Slot, Subscription
from bot.domain.model import Asker, Diagnosis, Org
from bot.domain.selection import Selection
from bot.ports import Clock, Subscriptions
from bot.service.digest_posting import MadeDigest
from bot.service.membership import Membership
from bot.service.shared_channels import SharedChannels

ReadAll = Callable[[str], Sequence[Diagnosis]]
"""Reads every org of a workspace now."""

ReadFor = Callable[[str, datetime], Sequence[Diagnosis]]
"""Every org of a workspace as read for the digest of a slot."""

Orgs = Callable[[str], Sequence[Org]]
"""The orgs of a workspace, without reading them."""


class DigestMaking:
    """Makes digests; nothing is posted or kept here."""

    def __init__(
        self,
        *,
        store: Subscriptions,
        orgs: Orgs,
        read_all: ReadAll,
        read_for: ReadFor,
        membership: Membership,
        shared_channels: SharedChannels,
        clock: Clock,
    ) -> None:
        self._store = store
        self.orgs = orgs
        self._read_all = read_all
        self._read_for = read_for
        self._membership = membership
        self._shared_channels = shared_channels
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
        now = self._clock()
        return report.digest(self._material(subscription, self._read_all(subscription.workspace), now, now))

    def made(self, subscription: Subscription, slot: datetime, never_came: Sequence[Slot] = ()) -> MadeDigest:
        """The digest of a slot, from orgs that were read for it. Raises SlackRefused."""
        if self._shared_channels.has(subscription.workspace, subscription.target):
            return MadeDigest(report.not_here())
        if not self.may_be_told(subscription):
            return MadeDigest(None)
        every = self._read_for(subscription.workspace, slot)
        material = self._material(subscription, every, slot, max(slot, self._clock()))
        material = replace(material, missed=[Missed(each.due, _why(subscription)) for each in never_came])
        return MadeDigest(report.made(material), report.record(slot, material.diagnoses))

    def _material(
        self, subscription: Subscription, every: Sequence[Diagnosis], slot: datetime, now: datetime
    ) -> Material:
        chosen = self.chosen(subscription.workspace, subscription.orgs)
        past = self._store.past_digests(subscription.workspace, subscription.id) if subscription.id else []
        return Material(subscription, _of(chosen, every), schedule.earlier(past, subscription, slot), now, chosen)


def _why(subscription: Subscription) -> str:
    """Why digests do not arrive, as far as that is known."""
    return subscription.failing.removesuffix(".")


def _of(chosen: Selection | None, every: Sequence[Diagnosis]) -> Sequence[Diagnosis]:
    """The orgs that are meant, ready or not: a digest counts both. Words that mean none any more choose none."""
    return [] if chosen is None else chosen.whole.of(every)

"""What a digest is made of, read for it: the orgs that it is about, what the earlier ones found, what was missed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial

from bot.domain import selection
from bot.domain.answers import Answer
from bot.domain.answers.markup import code
from bot.domain.digest import report, schedule
from bot.domain.digest.report import Material, Missed
from bot.domain.digest.subscription import Slot, Subscription
from bot.domain.digest.undelivered import not_here
from bot.domain.errors import AskerError
from bot.domain.model import Asker, Diagnosis, Org, Verdict
from bot.domain.name_lists import listed_names
from bot.domain.orgs.urgency import is_snoozed
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


Owners = Callable[[str, Collection[str], str | None], Mapping[str, str]]
"""How the owners of a workspace's orgs are shown in the message of a key, None where nothing is posted."""

First = Callable[[str, Sequence[Diagnosis]], Collection[str]]
"""The names of the orgs of a workspace that lead a digest."""


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
        owners: Owners = lambda _workspace, _owners, _posted_as: {},
        first: First = lambda _workspace, _found: (),
    ) -> None:
        """``owners`` says how each is shown, ``first`` which orgs lead the list."""
        self._store = store
        self.orgs = orgs
        self._read_all = read_all
        self._read_for = read_for
        self._membership = membership
        self._shared_channels = shared_channels
        self._clock = clock
        self._owners = owners
        self._first = first

    def may_be_told(self, subscription: Subscription) -> bool:
        """Whether whoever it goes to may still see the orgs: people leave, and become guests. Raises SlackRefused."""
        if not subscription.personal:
            return True
        person = self._membership.person(Asker(subscription.workspace, subscription.target))
        return not self._membership.refusal_of(subscription.workspace, person.standing)

    def chooser(self, workspace: str) -> Callable[[str], Selection | None]:
        """Tells which orgs of a workspace words mean, None where some word means none; reads which there are once.

        It raises AskerError where names of orgs are joined to what chooses among all.
        """
        known = cache(partial(self._words, workspace))
        return lambda words: _chosen(words, *known())

    def _kept(self, subscription: Subscription) -> Selection | None:
        """The orgs that a subscription is about."""
        return selection.reread(subscription.orgs, *self._words(subscription.workspace))

    def _words(self, workspace: str) -> tuple[list[str], list[str]]:
        """What orgs are chosen by in a workspace: their names, and the tags."""
        orgs = self.orgs(workspace)
        return [org.name for org in orgs], list(selection.tags_of(orgs))

    def strange(self, workspace: str, words: str) -> str:
        """The one of several names that none has; the words themselves where that is not so clear."""
        names, tags = self._words(workspace)
        _, strange = listed_names(words, [*names, *tags])
        return strange[0] if len(strange) == 1 else words

    def is_meant(self, subscription: Subscription, found: Diagnosis) -> bool:
        """Whether a subscription is about an org, whatever becomes of that."""
        chosen = self._kept(subscription)
        return chosen is not None and chosen.whole.has(found)

    def preview(self, subscription: Subscription, posted_as: str | None = None) -> Answer:
        """The digest as it would be now, whether or not there is something to report.

        ``posted_as`` is the key of the message that it becomes; without one nobody is mentioned.
        """
        now, every = self._clock(), self._read_all(subscription.workspace)
        return report.digest(self._told_well(self._material(subscription, every, now, now), posted_as))

    def made(self, subscription: Subscription, slot: datetime, never_came: Sequence[Slot] = ()) -> MadeDigest:
        """The digest of a slot, from orgs that were read for it. Raises SlackRefused."""
        if not subscription.personal and self._shared_channels.has_now(subscription.workspace, subscription.target):
            return MadeDigest(None, refused=not_here())
        if not self.may_be_told(subscription):
            return MadeDigest(None)
        every = self._read_for(subscription.workspace, slot)
        material = self._material(subscription, every, slot, max(slot, self._clock()))
        material = replace(material, missed=[Missed(each.due, _why(subscription)) for each in never_came])
        material = self._told_well(material, f"{subscription.id}:{slot.isoformat()}")
        return MadeDigest(report.made(material), report.record(slot, material.diagnoses))

    def _told_well(self, material: Material, posted_as: str | None) -> Material:
        """The same with what is known of the orgs over time, and how their owners are shown."""
        workspace, every = material.subscription.workspace, material.diagnoses
        return replace(
            material,
            open_since={found.org.name: found.org.open_since for found in every if found.org.open_since},
            set_aside={found.org.name for found in every if is_snoozed(found)},
            first=self._first(workspace, every),
            owners=self._owners(workspace, _owners_of(every), posted_as),
        )

    def _material(
        self, subscription: Subscription, every: Sequence[Diagnosis], slot: datetime, now: datetime
    ) -> Material:
        chosen = self._kept(subscription)
        past = self._store.past_digests(subscription.workspace, subscription.id) if subscription.id else []
        return Material(subscription, _of(chosen, every), schedule.earlier(past, subscription, slot), now, chosen)


def _chosen(words: str, names: Sequence[str], tags: Sequence[str]) -> Selection | None:
    if mixed := selection.mixed(words, names, tags):
        lines = [code(", ".join(each.names) or each.line) for each in mixed]
        raise AskerError(f"Say which orgs: {', or '.join(lines)}. A digest has one kind of list.")
    return selection.read(words, names, tags)


def _why(subscription: Subscription) -> str:
    """Why digests do not arrive, as far as that is known."""
    return subscription.failing.removesuffix(".")


def _owners_of(every: Sequence[Diagnosis]) -> Collection[str]:
    """Of the orgs that a digest tells of."""
    told = (found.org for found in every if found.verdict is not Verdict.READY and not is_snoozed(found))
    return {org.owner for org in told if org.owner}


def _of(chosen: Selection | None, every: Sequence[Diagnosis]) -> Sequence[Diagnosis]:
    """The orgs that are meant, ready or not: a digest counts both. Words that mean none any more choose none."""
    return [] if chosen is None else chosen.whole.of(every)

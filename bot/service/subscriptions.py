"""``remind`` as a use case: who hears of which orgs, where and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.domain.answers import Answer, Item, Items, Part, State, Text
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import channel as shown_channel
from bot.domain.answers.markup import code
from bot.domain.command import Command
from bot.domain.digest import schedule, setting, told, wish
from bot.domain.digest.posted_now import for_operator
from bot.domain.digest.spoken import Unclear
from bot.domain.digest.subscription import Kind, Rhythm, Subscription
from bot.domain.digest.wish import Action, Wish
from bot.domain.digest.zones import usable
from bot.domain.errors import AskerError, NotAllowed
from bot.domain.model import TERMINAL, Asker, Change, Person, is_person
from bot.domain.orgs.home_report import ALERTING
from bot.ports import Clock, Governance, Outbox, People
from bot.ports import Subscriptions as SubscriptionStore
from bot.service.digest_making import DigestMaking
from bot.service.permissions import Permissions
from bot.service.posting_now import PostingNow
from bot.service.shared_channels import SharedChannels
from bot.service.slash_verbs import Runner

DOING = {Kind.DIGEST: "Changing a digest", Kind.ALERTS: "Changing alerts"}
EXAMPLES = {Kind.DIGEST: "monday 09:00", Kind.ALERTS: "alerts on"}

_OTHERS = 8  # other places that are shown


class Channels(Protocol):
    """What Slack says of channels."""

    def check(self, workspace: str, channel: str) -> None:
        """Raises SlackRefused where nothing can be posted in a channel, as far as that is told without trying."""
        ...


class Reminders:
    """Everything that people say about digests and alerts."""

    def __init__(
        self,
        *,
        store: SubscriptionStore,
        making: DigestMaking,
        outbox: Outbox,
        channels: Channels,
        people: People,
        permissions: Permissions,
        shared_channels: SharedChannels,
        posting_now: PostingNow,
        clock: Clock,
        trail: Governance,
        others: Mapping[str, Runner] | None = None,
    ) -> None:
        """``others`` run what begins with another word: ``remind escalate …``."""
        self._store = store
        self._making = making
        self._outbox = outbox
        self._channels = channels
        self._people = people
        self._permissions = permissions
        self._shared_channels = shared_channels
        self._posting_now = posting_now
        self._clock = clock
        self._trail = trail
        self._others = others or {}

    # --- what people type ------------------------------------------------------------------------------

    def command(self, who: Asker, command: Command) -> Answer:
        """``remind`` in anybody's words. Raises AskerError, SlackRefused."""
        first, *rest = command.words or ("",)
        if run := self._others.get(first.casefold()):
            return run(who, Command(command.verb, " ".join(rest)))
        person = self._people.person(who)
        chosen = self._making.chooser(who.workspace)

        def line(words: str) -> str | None:
            return found.line if (found := chosen(words)) else None

        try:
            wished = wish.read(command.words, person.zone, line)
        except Unclear as unclear:
            return setting.asked_back(unclear, who)
        if wished.action is Action.SHOW:
            return self._show(who, wished.kind, who.user if wished.target == wish.ME else setting.here(who))
        target = self._target(who, wished.target)
        if wished.kind is Kind.DIGEST and wished.action in (Action.SET, Action.PREVIEW):
            return self._set(who, person, wished, target)
        return {Action.OFF: self._off, Action.ON: self._on, Action.NOW: self._now}[wished.action](
            who, person, wished, target
        )

    def _target(self, who: Asker, named: str) -> str:
        """The channel, or the asker themselves. Raises AskerError for somebody else."""
        place = named if named != wish.HERE else who.channel or ""
        if not place:
            raise AskerError("Say which channel: `/flosum remind monday 09:00 #channel`.")
        if named == wish.ME or place == who.user or place.startswith("D"):
            return who.user
        if is_person(place):
            name = self._permissions.named(who.workspace, place)
            raise AskerError(
                f"Everybody sets their own: {name} types `/flosum remind me monday 09:00`. For several people choose a "
                "channel."
            )
        return place

    def at(self, workspace: str, target: str, kind: Kind = Kind.DIGEST) -> Subscription | None:
        """The one of a place, on or off."""
        every = self._store.subscriptions(workspace)
        return next((each for each in every if (each.target, each.kind) == (target, kind)), None)

    # --- setting ---------------------------------------------------------------------------------------

    def _set(self, who: Asker, person: Person, wished: Wish, target: str) -> Answer:
        before = self.at(who.workspace, target)
        wanted = self._wanted(who, person, wished, target, before)
        if wished.action is Action.PREVIEW:
            return self._preview(wanted, before, person, who, may=self._may(who, target))
        self.require_setting(who, target)
        self._refuse_shared(wanted)
        if before is not None and is_on(before, wanted):
            return self.already(who, before)
        if wished.confirmed:
            return self.keep(who, person, wanted, before)
        return self._preview(wanted, before, person, who, may=True)

    def _wanted(
        self, who: Asker, person: Person, wished: Wish, target: str, before: Subscription | None
    ) -> Subscription:
        """What was said, upon what is known; what was confirmed was said as a whole."""
        fresh = Subscription(who.workspace, before.id if before else "", target, wished.kind, zone=usable(person.zone))
        wanted = fresh if wished.confirmed or before is None else before
        if (when := wished.when) is not None:
            wanted = replace(
                wanted,
                rhythm=when.rhythm,
                weekday=when.weekday,
                hour=when.hour,
                minute=when.minute,
                zone=when.zone,
            )
        return replace(
            wanted,
            orgs=wished.orgs or wanted.orgs,
            when_nothing=wished.when_nothing or wanted.when_nothing,
            enabled=True,
        )

    def preview(self, who: Asker, person: Person, wanted: Subscription, before: Subscription | None) -> Answer:
        """How it would look, with a button that switches it on. Raises AskerError, SlackRefused."""
        return self._preview(wanted, before, person, who, may=True)

    def _preview(
        self, wanted: Subscription, before: Subscription | None, person: Person, who: Asker, *, may: bool
    ) -> Answer:
        self.refuse_unreachable(wanted)
        now, first = self._clock(), schedule.next_words(self.begun(wanted, before), self._clock())
        return setting.preview(
            wanted,
            self._of(wanted),
            self._making.preview(wanted),
            setting.lead_of_preview(first, before, known=is_on(before, wanted)),
            setting.pressed(wanted, who, is_on=is_on(before, wanted)) if may else (),
            [told.quiet_words(wanted), *setting.about(wanted, before, person, now)],
            who,
        )

    def keep(
        self, who: Asker, person: Person, wanted: Subscription, before: Subscription | None, *, action: str = "set"
    ) -> Answer:
        """Switch it on, and say so in its channel. Raises AskerError, SlackRefused; then all is as it was."""
        self.refuse_unreachable(wanted)
        with self._store.setting(who.workspace, wanted.target):
            there = self.at(who.workspace, wanted.target, wanted.kind)
            if there is not None and is_on(there, wanted):
                return self.already(who, there)  # somebody else was as fast
            return self._kept(who, person, wanted, there or before, action)

    def _kept(
        self, who: Asker, person: Person, wanted: Subscription, before: Subscription | None, action: str
    ) -> Answer:
        now = self._clock()
        wanted = replace(
            self.begun(wanted, before), enabled=True, set_by=who.user, set_at=now, failing_since=None, failing=""
        )
        about = self._of(wanted)
        if not wanted.personal:
            # Saying it in the channel proves that it can be posted there, before anybody waits for it.
            self._outbox.post(
                who.workspace, wanted.target, setting.announced(wanted, about, who, person), f"set:{wanted.target}"
            )
        kept = self._store.keep_subscription(wanted)
        self._note(who, f"{action} the digest" if wanted.kind is Kind.DIGEST else ALERTING[True], kept)
        return setting.switched_on(kept, about, who, now, setting.about(wanted, before, person, now))

    def begun(self, wanted: Subscription, before: Subscription | None) -> Subscription:
        """With the date that fortnights are counted from: the one there was, else the next day that fits."""
        if wanted.rhythm is not Rhythm.FORTNIGHTLY:
            return replace(wanted, start=None)
        same = before and before.enabled and (before.rhythm, before.weekday) == (wanted.rhythm, wanted.weekday)
        if before and same and before.start:
            return replace(wanted, start=before.start)
        weekly = replace(wanted, rhythm=Rhythm.WEEKLY)
        return replace(wanted, start=schedule.local(weekly, schedule.upcoming(weekly, self._clock())).date())

    # --- switches --------------------------------------------------------------------------------------

    def _on(self, who: Asker, person: Person, wished: Wish, target: str) -> Answer:
        """As it was before; what never was is shown first."""
        before = self.at(who.workspace, target, wished.kind)
        wanted = self._wanted(who, person, wished, target, before)
        self.require(who, target, wished.kind)
        self._refuse_shared(wanted)
        if before is not None and is_on(before, wanted):
            return self.already(who, before)
        if before is None and wished.kind is Kind.DIGEST and not wished.confirmed:
            return self._preview(wanted, before, person, who, may=True)
        return self.keep(who, person, wanted, before, action="switched on")

    def _off(self, who: Asker, _: Person, wished: Wish, target: str) -> Answer:
        self.require(who, target, wished.kind)
        with self._store.setting(who.workspace, target):
            known = self.at(who.workspace, target, wished.kind)
            if known is not None and known.enabled:
                self._store.keep_subscription(replace(known, enabled=False, set_by=who.user, set_at=self._clock()))
        if known is None or not known.enabled:
            nobody = Subscription(who.workspace, "", target, wished.kind)
            return setting.off_already(nobody, who, self._elsewhere(who, target))
        self._note(who, "switched off the digest" if wished.kind is Kind.DIGEST else ALERTING[False], known)
        return setting.switched_off(known, who, self._elsewhere(who, target))

    def _elsewhere(self, who: Asker, target: str) -> str:
        """What still comes, so that nobody takes one for all."""
        every = [each for each in self._seen(who) if each.enabled]
        here = [each for each in every if each.target == target]
        alike = [f"{setting.NAMES[each.kind].lower()} to the same place" for each in here]
        places = [told.place(each, who.user) for each in every if each.target != target and each.kind is Kind.DIGEST]
        parts = [*alike, *([f"the digest to {listed(places)}"] if places else [])]
        return f"Still on: {listed(parts)}." if parts else ""

    def _now(self, who: Asker, person: Person, wished: Wish, target: str) -> Answer:
        """Post one beside those that come by themselves."""
        self.require(who, target)
        if wished.kind is Kind.ALERTS:
            raise AskerError("Alerts come by themselves, as soon as an org stops being ready.")
        known = self.at(who.workspace, target)
        fresh = Subscription(who.workspace, "", target, zone=usable(person.zone), enabled=False)
        wanted = replace(known or fresh, orgs=wished.orgs or (known or fresh).orgs)
        self.refuse_unreachable(wanted)
        if told_instead := self._posting_now.post(who, wanted, told.place(wanted, who.user)):
            return told_instead
        after = (
            f"The next one still comes {schedule.next_words(wanted, self._clock())}."
            if wanted.enabled
            else f"It is off {'here' if target in (who.channel, who.user) else 'there'}: none comes by itself."
        )
        return Answer(f"Posted to {told.place(wanted, who.user)}", state=State.READY, note=after)

    def post_now(self, subscription: Subscription) -> Answer | None:
        """Post one for the operator; else what is told instead, as to a press. Raises AskerError, SlackRefused."""
        if not subscription.target:
            raise AskerError("No channel is set for the digest. In Slack: `/flosum remind monday 09:00 #channel`.")
        self.refuse_unreachable(subscription)
        who = Asker(subscription.workspace, TERMINAL)
        told_instead = self._posting_now.post(who, subscription, told.place(subscription, who.user))
        return None if told_instead is None else for_operator(told_instead)

    # --- showing ---------------------------------------------------------------------------------------

    def _show(self, who: Asker, kind: Kind, here: str) -> Answer:
        """What comes here, then whatever else the asker may see."""
        now = self._clock()
        every = self._seen(who)
        # Outside channels, as over the Home tab, the first one is as near as any.
        digests = [
            each for each in every if each.kind is Kind.DIGEST and (each.target == here if here else each.enabled)
        ]
        mine = next(iter(digests), None)
        others = [each for each in every if each is not mine and (each.enabled or each.target == here)]
        others.sort(key=lambda each: (each.target != here, not each.personal))
        items = tuple(self._item(who, each, now) for each in others[:_OTHERS])
        parts: tuple[Part, ...] = (Text("Besides:"), Items(items)) if items else ()
        parts += (Text(f"And {len(others) - _OTHERS} more."),) if len(others) > _OTHERS else ()
        if kind is Kind.ALERTS and not any(each.kind is Kind.ALERTS and each.target == here for each in others):
            return setting.no_alerts(here, who, parts)
        if mine is None or not mine.enabled:
            return setting.none_here(mine, here, who, parts, may=not here or self._may(who, here))
        return setting.shown(mine, self._of(mine), who, now, parts, may=self._may(who, mine.target))

    def _item(self, who: Asker, each: Subscription, now: datetime) -> Item:
        may_press = each.kind is Kind.DIGEST and self._may(who, each.target)
        return setting.item(each, self._of(each), who, now, may_press=may_press)

    def _seen(self, who: Asker) -> list[Subscription]:
        """Those of channels, whose names Slack shows to who may know them, and somebody's own."""
        every = self._store.subscriptions(who.workspace)
        return [
            told.as_it_comes(each, self._shared_channels.has)
            for each in every
            if not each.personal or each.target == who.user
        ]

    def _of(self, subscription: Subscription) -> str:
        return told.of_orgs(subscription.orgs, self._chosen_words(subscription), subscription.kind)

    def _chosen_words(self, subscription: Subscription) -> told.Chosen:
        return told.chosen_words(self._making.orgs(subscription.workspace))

    # --- who may, and where ----------------------------------------------------------------------------

    def require(self, who: Asker, target: str, kind: Kind = Kind.DIGEST) -> None:
        """Raises NotAllowed: a channel's is for who may change things, their own for every member."""
        if target == who.user:
            self._permissions.require_member(who)
        else:
            self._permissions.require(who, DOING[kind])

    def require_setting(self, who: Asker, target: str) -> None:
        """The same, with what everybody may set."""
        try:
            self.require(who, target)
        except NotAllowed as refused:
            raise NotAllowed(f"{refused.text} {setting.OWN}") from None

    def _may(self, who: Asker, target: str) -> bool:
        return target == who.user or self._permissions.may(who)

    def refuse_unreachable(self, subscription: Subscription) -> None:
        """Raises AskerError for a channel that other companies read, SlackRefused for one that takes no message."""
        if not subscription.personal:
            self._refuse_shared(subscription)
            self._channels.check(subscription.workspace, subscription.target)

    def _refuse_shared(self, subscription: Subscription) -> None:
        if self._shared_channels.has_now(subscription.workspace, subscription.target):
            example = code(f"/flosum remind {EXAMPLES[subscription.kind]} #channel")
            raise AskerError(
                f"{shown_channel(subscription.target)} is shared with another company, whose people would read the "
                f"names of your orgs. Choose a channel of your own people: {example}."
            )

    def already(self, who: Asker, kept: Subscription) -> Answer:
        """It is so: nothing is posted or kept. Raises SlackRefused where it could not be posted any more."""
        self.refuse_unreachable(kept)
        return setting.already(kept, self._of(kept), who, self._clock())

    def _note(self, who: Asker, action: str, subscription: Subscription) -> None:
        """In the trail stands what concerns others; somebody's own does not."""
        if subscription.personal:
            return
        of = "" if subscription.orgs == wish.ALL else f" for {subscription.orgs}"
        when = (
            f"{schedule.schedule_words(subscription)}{of}, " if subscription.kind is Kind.DIGEST else f"{of.strip()}, "
        )
        self._trail.record(
            Change(who.workspace, self._clock(), who.user, action, f"{when.removeprefix(', ')}{subscription.target}")
        )


def is_on(before: Subscription | None, wanted: Subscription) -> bool:
    """Whether it is on as it is wanted, and arrives."""
    return before is not None and before.enabled and before.failing_since is None and told.is_same(before, wanted)

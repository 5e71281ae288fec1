"""Digests as the clock sends them: each once, on time."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from bot.domain.answers import Answer
from bot.domain.digest import report, schedule
from bot.domain.digest.subscription import Kind, SlotStatus, Subscription
from bot.domain.errors import SlackRefused
from bot.guard import guarded
from bot.ports import Clock, DigestSlots, Outbox, Subscriptions
from bot.service.digest_making import DigestMaking
from bot.service.shared_channels import SharedChannels

LEASE = timedelta(minutes=10)
"""How long one process may take over a digest: well above every time-out on the way."""

LIMITED_AT_MOST = 2
"""How often Slack may ask for a pause before a digest."""


class WeeklyDigest:
    """Sends what is due."""

    def __init__(
        self,
        *,
        store: Subscriptions,
        slots: DigestSlots,
        making: DigestMaking,
        outbox: Outbox,
        clock: Clock,
        shared_channels: SharedChannels,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._slots = slots
        self._making = making
        self._outbox = outbox
        self._clock = clock
        self._sleep = sleep
        self._shared_channels = shared_channels

    def tick(self, away: Collection[str] = ()) -> None:
        """Send what is due now, in every workspace; one that fails does not hold up the others. Called each minute.

        Workspaces that are ``away`` are left alone: what is due there stays due, should they come back.
        """
        for subscription in self._slots.all_subscriptions():
            if subscription.workspace not in away and subscription.kind is Kind.DIGEST:
                guarded(partial(self._send, subscription))()

    def _send(self, subscription: Subscription) -> None:
        now, workspace, one = self._clock(), subscription.workspace, subscription.id
        slot = schedule.due(subscription, now)
        if slot is None or not self._slots.claim_slot(workspace, one, slot, now, LEASE):
            return
        if self._shared_channels.has(workspace, subscription.target):
            self._post(subscription, slot, report.not_here())
            return
        if not self._making.may_be_told(subscription):
            self._slots.finish_slot(workspace, one, slot, SlotStatus.SKIPPED)
            return
        made = self._making.made(subscription, slot)
        self._store.keep_past_digest(workspace, one, made.past)
        if made.answer is None:
            self._slots.finish_slot(workspace, one, slot, SlotStatus.SKIPPED)
            return
        self._post(subscription, slot, made.answer)

    def _post(self, subscription: Subscription, slot: datetime, answer: Answer) -> None:
        finish = partial(self._slots.finish_slot, subscription.workspace, subscription.id, slot)
        try:
            ts = self._post_patiently(
                subscription, answer, f"{subscription.workspace}:{subscription.id}:{slot.isoformat()}"
            )
        except SlackRefused as refusal:
            # A refusal is final; after a lost answer it is not known whether the post arrived, and twice is worse.
            finish(SlotStatus.SKIPPED if refusal.permanent else SlotStatus.UNCERTAIN, subscription.target)
            raise
        finish(SlotStatus.SENT, subscription.target, ts)

    def _post_patiently(self, subscription: Subscription, answer: Answer, key: str) -> str:
        """Post, and wait where Slack asks for it: on the clock's thread, which nobody waits for."""
        for _ in range(LIMITED_AT_MOST):
            try:
                return self._outbox.post(subscription.workspace, subscription.target, answer, key)
            except SlackRefused as refusal:
                if refusal.retry_after is None:
                    raise
                self._sleep(refusal.retry_after)
        return self._outbox.post(subscription.workspace, subscription.target, answer, key)

"""When a subscription is to be looked at, what is due then, and how often what failed is tried again. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.digest import schedule
from bot.domain.digest.subscription import About, Kind, Slot, Subscription

GATHERED_FROM = timedelta(minutes=60)
"""How long before a digest its facts may be read: what people act on is no older."""

GATHERED_UNTIL = timedelta(minutes=5)
"""How long before a digest the last of them begin to be read: hanging orgs are over by then."""

GLANCE = timedelta(hours=3)
"""How long before a slot it is computed once more: clocks were changed meanwhile, and zone data with an update."""

CROWD = 20
"""So many digests of one minute come at once; more are a burst."""

SPREAD = timedelta(seconds=40)
"""Over how long a burst is spread. Still on time for people, and neither Slack nor the database meets it at once."""

LATE = timedelta(minutes=5)
"""What comes so long after its slot is counted as late."""

LOOKED_AT_AGAIN = timedelta(days=7)
"""How long one may be left alone. What seems to be left alone for longer was noted by a clock that went wrong."""

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (20, 60, 120, 300, 600, 1200, 1800, 3600))
"""Before each further try; the last one counts for all that follow."""

TOLD_FOR = timedelta(days=3)
"""How long it is tried to tell somebody that a digest did not come."""

MISSED_AT_MOST = 5
"""Slots that a digest says did not come; after weeks nobody reads all of them."""

_SAME = timedelta(hours=3)
"""Two slots that are nearer than this are one, unless somebody set another time: zone data was corrected."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for a subscription now, and when it is to be looked at next.

    ``due`` is the slot whose digest is to be sent; ``gather`` the one for which facts are to be read already.
    """

    due: datetime | None
    gather: datetime | None
    wake_at: datetime


def plan(subscription: Subscription, now: datetime) -> Plan:
    """What the clock says of a subscription."""
    if not subscription.enabled or subscription.kind is Kind.ALERTS:
        return Plan(None, None, now + LOOKED_AT_AGAIN)
    coming = schedule.upcoming(subscription, now)
    gathers_at = (
        coming
        - GATHERED_FROM
        + (GATHERED_FROM - GATHERED_UNTIL) * _share("gather", subscription.workspace, subscription.id)
    )
    ahead = (coming - GLANCE, gathers_at, coming, now + LOOKED_AT_AGAIN)
    gather = coming if now >= gathers_at else None
    return Plan(schedule.due(subscription, now), gather, min(moment for moment in ahead if moment > now))


def has_turn(workspace: str, subscription: str, wake_at: datetime, now: datetime) -> bool:
    """Whether it is the turn, in a burst, of one that was to be looked at then; always of the same after as long."""
    return wake_at + SPREAD * _share("spread", workspace, subscription) <= now or wake_at > now


def is_same(subscription: Subscription, slot: datetime, due: datetime) -> bool:
    """Whether what was sent for ``slot`` is what is ``due``."""
    unchanged = subscription.set_at is None or slot >= subscription.set_at
    return slot == due or (unchanged and abs(slot - due) < _SAME)


def missed(subscription: Subscription, since: datetime, now: datetime) -> list[datetime]:
    """The slots after ``since`` for which it is too late, the newest few, in their order."""
    found: list[datetime] = []
    since = max(since, subscription.set_at or since)
    slot = schedule.latest(subscription, now - schedule.CATCH_UP)
    while slot > since and len(found) < MISSED_AT_MOST and not is_same(subscription, since, slot):
        found.append(slot)
        slot = schedule.latest(subscription, slot - timedelta(seconds=1))
    return found[::-1]


def next_try(slot: Slot, now: datetime, asked_for: float | None) -> datetime | None:
    """When to try again what failed for now; None once that is of no use. ``asked_for``: seconds, by Slack."""
    pause = PAUSES[min(max(slot.attempts - 1, 0), len(PAUSES) - 1)]
    if asked_for is not None:
        pause = timedelta(seconds=asked_for)
    patience = schedule.CATCH_UP if slot.about == About.DIGEST else TOLD_FOR
    return now + pause if now + pause < slot.due + patience else None


def _share(what: str, workspace: str, subscription: str) -> float:
    """A number from 0 to 1 that stays the same for a subscription."""
    name = f"{what}:{workspace}:{subscription}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:4]) / 2**32

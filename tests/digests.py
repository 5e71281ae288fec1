"""Subscriptions and what came of them, as tests set them up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.adapters.store import SqlStore
from bot.domain.digest.delivery import Plan
from bot.domain.digest.subscription import Subscription, first_digest
from bot.domain.model import PastDigest
from bot.ports import Step, Waking


def weekly(
    workspace: str, target: str, weekday: int = 0, hour: int = 9, minute: int = 0, zone: str = "UTC", **more: Any
) -> Subscription:
    """A weekly digest."""
    name = more.pop("id", "weekly")
    return Subscription(workspace, name, target, weekday=weekday, hour=hour, minute=minute, zone=zone, **more)


def past(week: str, ready: tuple[str, ...], missing: tuple[str, ...]) -> PastDigest:
    """What the digest of Monday, nine o'clock, of a week (``2026-W48``) found."""
    year, number = map(int, week.split("-W"))
    monday = datetime.combine(datetime.fromisocalendar(year, number, 1), datetime.min.time(), UTC)
    return PastDigest(monday + timedelta(hours=9), ready, missing)


def the_digest(store: SqlStore, workspace: str) -> Subscription | None:
    """The workspace's first one."""
    return first_digest(store.subscriptions(workspace))


def take(
    store: SqlStore,
    due: datetime,
    *,
    workspace: str = "T1",
    owner: str = "me",
    now: datetime | None = None,
    lease: timedelta = timedelta(minutes=5),
) -> Step | None:
    """Take on the digest that is due, as the clock does."""
    now = now or due
    plan = Plan(due, None, due + timedelta(days=1))
    return store.begin_step(Waking(workspace, "weekly", due), owner, now, lease, lambda _: plan)

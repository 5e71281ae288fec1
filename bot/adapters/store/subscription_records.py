"""Between rows and records: how a subscription is written and read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from bot.adapters.store.records import kept_word
from bot.domain.digest.subscription import Kind, Rhythm, Subscription, WhenNothing


def subscription_record(row: Row[Any]) -> Subscription:
    """The subscription in a row."""
    return Subscription(
        workspace=row.workspace,
        id=row.id,
        target=row.target,
        kind=kept_word(Kind, row.kind, "subscriptions.kind"),
        rhythm=kept_word(Rhythm, row.rhythm, "subscriptions.rhythm"),
        weekday=row.weekday,
        hour=row.hour,
        minute=row.minute,
        zone=row.zone,
        start=row.start,
        orgs=row.orgs,
        when_nothing=kept_word(WhenNothing, row.when_nothing, "subscriptions.when_nothing"),
        enabled=row.enabled,
        set_by=row.set_by,
        set_at=row.set_at,
        failing_since=row.failing_since,
        failing=row.failing,
    )


def subscription_values(subscription: Subscription) -> dict[str, Any]:
    """The columns beside its workspace and id."""
    values = asdict(subscription)
    del values["workspace"], values["id"]
    return values | {name: values[name].value for name in ("kind", "rhythm", "when_nothing")}

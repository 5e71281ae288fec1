"""The port ``Subscriptions``: what people asked to hear of, and what its digests found."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.statements import Scope
from bot.adapters.store.subscription_records import subscription_record, subscription_values
from bot.adapters.store.tables import digest_history, subscriptions
from bot.domain.digest.subscription import Subscription
from bot.domain.errors import AskerError
from bot.domain.model import PastDigest

LONG_PAST = datetime(1970, 1, 1, tzinfo=UTC)
"""When to look at what nobody has looked at yet."""

_TRIES = 3
_PATIENCE = 20.0  # seconds; whoever holds it waits for Slack to take one message


class SqlSubscriptions(StorePart):
    """Subscriptions; what became of their digests goes with them."""

    def subscriptions(self, workspace: str) -> Sequence[Subscription]:
        """All of a workspace, on or off, in the order in which they were set."""
        with self._database.reading(workspace) as scope:
            found = [subscription_record(row) for row in scope.rows(subscriptions)]
        return sorted(found, key=lambda each: (each.set_at or LONG_PAST, each.id))

    def keep_subscription(self, subscription: Subscription) -> Subscription:
        """Keep a new one, or a changed one by its id; the one that its target had before is replaced.

        As kept: what is new to a target takes over the id, and with it the history, of what it replaces.
        """
        with self._database.writing(subscription.workspace) as scope:
            for _ in range(_TRIES):  # of two that are new at once for one target the second one finds the first
                kept = _with_its_id(scope, subscription)
                values = subscription_values(kept) | {"wake_at": kept.set_at or LONG_PAST}
                same = subscriptions.c.id == kept.id
                if scope.change(subscriptions, same, **values) or scope.add(subscriptions, id=kept.id, **values):
                    return kept
        raise AskerError("Others changed the same reminder at the same time. Try again.")

    def setting(self, workspace: str, target: str) -> AbstractContextManager[None]:
        """Hold the one right to set what goes to a target, across threads and, on PostgreSQL, processes.

        Read what is set inside. Raises AskerError when somebody else takes long.
        """
        busy = AskerError("Somebody else is just setting that. `/flosum remind` shows what came of it.")
        return self._locks.held(records.qualified("setting", workspace, target), _PATIENCE, busy)

    def past_digests(self, workspace: str, subscription: str, limit: int = 26) -> Sequence[PastDigest]:
        """What the newest digests found, newest first."""
        with self._database.reading(workspace) as scope:
            its = digest_history.c.subscription == subscription
            rows = scope.rows(digest_history, its, newest=digest_history.c.slot, limit=limit)
        return [PastDigest(row.slot, row.ready, row.missing) for row in rows]


def _with_its_id(scope: Scope, subscription: Subscription) -> Subscription:
    """Under the id that it keeps; what else its target had is dropped."""
    at_target = (subscriptions.c.target == subscription.target, subscriptions.c.kind == subscription.kind.value)
    before = scope.row(subscriptions, *at_target)
    known = subscription.id and scope.row(subscriptions, subscriptions.c.id == subscription.id) is not None
    if before is not None and not known:
        return replace(subscription, id=before.id)
    if before is not None and before.id != subscription.id:
        scope.drop(subscriptions, subscriptions.c.id == before.id)
    return subscription if subscription.id else replace(subscription, id=secrets.token_hex(3))

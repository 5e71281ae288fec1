"""How long the bot remembers which messages it answered and how; what is older is deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.off_clocks import waits
from bot.ports import Clock

KEPT = timedelta(days=30)
"""Twice as long as a thread is gone on from (``policy.THREAD_LIVES``), and far longer than Slack repeats an event."""

TICKETS_KEPT = timedelta(days=1)
"""After its end a ticket is of no use; a day, because clocks of several processes may differ."""

NOTICES_KEPT = timedelta(days=180)
"""As far back as an org's audit trail tells: below an alert it is said that the org is ready again."""

WRITES_KEPT = timedelta(days=30)
"""Of what was written to orgs; it can be undone for an hour, and the trail tells of it for good."""

EVERY = timedelta(hours=1)
"""Deleting with each answer would cost two statements that find nothing, nearly always."""


class ForgetOld(Protocol):
    """What the store keeps of messages."""

    def forget_old(self, before: datetime) -> int:
        """Forget, in every workspace, what is older than ``before``; how many rows that were."""
        ...

    def forget_tickets(self, before: datetime) -> int:
        """Forget the logins under way that ended before then; how many there were."""
        ...

    def forget_notices(self, before: datetime) -> int:
        """Forget what was said between digests before then; how many there were."""
        ...

    def forget_writes(self, before: datetime) -> int:
        """Forget what was written to orgs before then; how many writes that were."""
        ...


class Retention:
    """Deletes old messages and news, and logins that ended, about once an hour and soon after a start."""

    def __init__(self, store: ForgetOld, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._next: datetime | None = None

    def tick(self) -> None:
        """Delete if it is time to. Called each minute, by the clock alone. Raises OperatorError; tried again then."""
        now = self._clock()
        if not waits(self._next, now, EVERY):
            self._store.forget_old(now - KEPT)
            self._store.forget_tickets(now - TICKETS_KEPT)
            self._store.forget_notices(now - NOTICES_KEPT)
            self._store.forget_writes(now - WRITES_KEPT)
            self._next = now + EVERY

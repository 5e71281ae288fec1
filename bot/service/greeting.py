"""Greeting as a use case: whoever opens the talk with the bot for the first time is told what to do next, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from bot.domain.answers import Answer
from bot.domain.conversations import replies
from bot.domain.model import Asker
from bot.ports import Governance, Store
from bot.service.membership import Membership
from bot.service.permissions import Permissions

KEPT_AT_MOST = 10_000  # people; the database has them all

HasTalked = Callable[[str, str], bool]
"""Whether anything stands in a conversation of a workspace's. Raises SlackRefused."""


class Outbox(Protocol):
    """Posts for the bot."""

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        """Post once; ``key`` travels as metadata. Raises SlackRefused."""
        ...


class Greeting:
    """Greets members, and nobody else; where somebody has talked with the bot before, nothing is said."""

    def __init__(
        self,
        *,
        store: Store,
        governance: Governance,
        membership: Membership,
        permissions: Permissions,
        has_talked: HasTalked,
        outbox: Outbox,
    ) -> None:
        self._store = store
        self._governance = governance
        self._membership = membership
        self._permissions = permissions
        self._has_talked = has_talked
        self._outbox = outbox
        self._known = set[tuple[str, str]]()
        self._lock = threading.Lock()

    def came(self, who: Asker, channel: str) -> None:
        """Somebody opened their talk with the bot, which is ``channel``. Raises SlackRefused, OperatorError."""
        if (who.workspace, who.user) in self._known or self._membership.refusal(who):
            return
        talked = self._has_talked(who.workspace, channel)
        if self._governance.greet_once(who.workspace, who.user) and not talked:
            answer = replies.greeting(self._store.orgs(who.workspace), may_change=self._permissions.may(who))
            self._outbox.post(who.workspace, channel, answer, key=f"greeting:{who.user}")
        with self._lock:
            if len(self._known) >= KEPT_AT_MOST:
                self._known.clear()
            self._known.add((who.workspace, who.user))

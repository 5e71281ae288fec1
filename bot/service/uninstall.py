"""Workspaces that leave: everything that is kept for them goes at once, and stays gone."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.guard import guarded
from bot.ports import Clock

WATCHED_FOR = timedelta(minutes=30)
"""Longer than any work that was under way when a workspace left: what that still writes is deleted, too."""

log = structlog.get_logger("assistant")


class Forgetting(Protocol):
    """What deletes a workspace, and knows who is installed."""

    def installations(self) -> Sequence[tuple[str | None, str | None]]:
        """(enterprise, team) of every installation."""
        ...

    def forget_workspace(self, workspace: str) -> Mapping[str, int]:
        """Delete everything that is kept for a workspace, in one transaction."""
        ...


class Uninstalls:
    """Deletes what is kept for workspaces that removed the bot: orgs, credentials, the digest, the trail."""

    def __init__(self, store: Forgetting, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._left: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def left(self, workspace: str) -> None:
        """Forget a workspace now. Raises OperatorError; Slack sends its event again then."""
        with self._lock:
            self._left[workspace] = self._clock()
        self._store.forget_workspace(workspace)
        log.info("workspace forgotten", workspace=workspace)

    def came(self, workspace: str) -> None:
        """A workspace is (again) here: from now on what is written for it is kept."""
        with self._lock:
            self._left.pop(workspace, None)

    def is_gone(self, workspace: str) -> bool:
        """Whether a workspace left a while ago and has not come back, by whichever process that went."""
        return workspace in self._left and not self._is_back(workspace)

    def sweep(self) -> None:
        """Delete what work under way has written since. Called each minute."""
        with self._lock:
            gone = dict(self._left)
        for workspace, since in gone.items():
            guarded(partial(self._forget_again, workspace))()
            if self._clock() - since > WATCHED_FOR:
                self.came(workspace)

    def _forget_again(self, workspace: str) -> None:
        if self._is_back(workspace):
            self.came(workspace)
        else:
            self._store.forget_workspace(workspace)

    def _is_back(self, workspace: str) -> bool:
        return any(workspace == (team or enterprise) for enterprise, team in self._store.installations())

"""Who belongs together in a workspace: its admins, and the members of its user groups."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from slack_sdk import WebClient

from bot.entrypoints.slack.outbox import asked

REMEMBERED = 300.0  # seconds that a list may be out of date
PAGE, PAGES = 500, 6  # people that are looked through for admins; in larger workspaces the first ones must do
Found = TypeVar("Found")


class SlackRoster:
    """Asks Slack, and remembers for some minutes. ``client_for`` gives the client of a workspace."""

    def __init__(self, client_for: Callable[[str], WebClient], now: Callable[[], float] = time.monotonic) -> None:
        self._client_for = client_for
        self._now = now
        self._known: dict[tuple[str, ...], tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def admins(self, workspace: str) -> Sequence[str]:
        """The user ids of admins and owners. Raises SlackRefused."""
        return self._remembered(("admins", workspace), lambda: self._find_admins(workspace))

    def members(self, workspace: str, group: str) -> frozenset[str]:
        """The user ids in a user group. Raises SlackRefused."""
        return self._remembered(("members", workspace, group), lambda: self._find_members(workspace, group))

    def handles(self, workspace: str) -> dict[str, str]:
        """The handle of each user group, by its id. Raises SlackRefused."""
        return self._remembered(("handles", workspace), lambda: self._find_handles(workspace))

    def _find_admins(self, workspace: str) -> tuple[str, ...]:
        slack, cursor, found = self._client_for(workspace), "", list[str]()
        for _ in range(PAGES):
            page = asked(partial(slack.users_list, limit=PAGE, cursor=cursor or None))
            found += [one["id"] for one in page["members"] if _is_admin(one)]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return tuple(sorted(found))

    def _find_members(self, workspace: str, group: str) -> frozenset[str]:
        slack = self._client_for(workspace)
        return frozenset(asked(lambda: slack.usergroups_users_list(usergroup=group))["users"])

    def _find_handles(self, workspace: str) -> dict[str, str]:
        slack = self._client_for(workspace)
        return {group["id"]: group["handle"] for group in asked(slack.usergroups_list)["usergroups"]}

    def _remembered(self, key: tuple[str, ...], find: Callable[[], Found]) -> Found:
        with self._lock:
            since, known = self._known.get(key, (float("-inf"), None))
        if self._now() - since < REMEMBERED:
            found: Found = known
            return found
        found = find()
        with self._lock:
            self._known[key] = (self._now(), found)
        return found


def _is_admin(one: dict[str, Any]) -> bool:
    return bool(one.get("is_admin") or one.get("is_owner")) and not one.get("deleted") and not one.get("is_bot")

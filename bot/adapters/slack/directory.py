"""Who is who in a workspace: people, its admins, and the members of its user groups."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from slack_sdk import WebClient

from bot.adapters.slack.web_api import called
from bot.domain.model import Asker, Person, Standing

REMEMBERED = 30.0
"""Seconds that what Slack said may be out of date: whoever loses a role has lost it here within the minute."""

WORKSPACES = 20
"""Of an Enterprise Grid organization, whose token asks of one workspace at a time; in larger ones the first must do."""

PAGE, PAGES = 500, 6  # people that are looked through for admins; in larger workspaces the first ones must do
KEPT_AT_MOST = 10_000  # people; those that are out of date go first
SLACKBOT = "USLACKBOT"  # the one bot that Slack does not call one
Found = TypeVar("Found")


class SlackRoster:
    """Asks Slack, and remembers for a moment. ``client_for`` gives the client of a workspace."""

    def __init__(self, client_for: Callable[[str], WebClient], now: Callable[[], float] = time.monotonic) -> None:
        self._client_for = client_for
        self._now = now
        self._known: dict[tuple[str, ...], tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def admins(self, workspace: str) -> Mapping[str, str]:
        """Admins and owners: their names, by their user ids, in the order of those. Raises SlackRefused."""
        return self._remembered(("admins", workspace), lambda: self._find_admins(workspace))

    def members(self, workspace: str, group: str) -> frozenset[str]:
        """The user ids in a user group. Raises SlackRefused."""
        return self._remembered(("members", workspace, group), lambda: self._find_members(workspace, group))

    def handles(self, workspace: str) -> dict[str, str]:
        """The handle of each user group, by its id. Raises SlackRefused."""
        return self._remembered(("handles", workspace), lambda: self._find_handles(workspace))

    def _find_admins(self, workspace: str) -> dict[str, str]:
        found = dict[str, str]()
        for team in self._teams(workspace):
            found |= self._find_admins_of(workspace, team)
        return dict(sorted(found.items()))

    def _find_admins_of(self, workspace: str, team: str | None) -> dict[str, str]:
        slack, cursor, found = self._client_for(workspace), "", dict[str, str]()
        for _ in range(PAGES):
            page = called(partial(slack.users_list, limit=PAGE, cursor=cursor or None, team_id=team))
            found |= {one["id"]: _name(one) for one in page["members"] if _runs(one, workspace)}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found

    def _find_members(self, workspace: str, group: str) -> frozenset[str]:
        slack, team = self._client_for(workspace), None
        if _is_organization(workspace):
            team = self._groups(workspace).get(group, ("", None))[1]
        return frozenset(called(lambda: slack.usergroups_users_list(usergroup=group, team_id=team))["users"])

    def _find_handles(self, workspace: str) -> dict[str, str]:
        return {group: handle for group, (handle, _) in self._groups(workspace).items()}

    def _groups(self, workspace: str) -> dict[str, tuple[str, str | None]]:
        """The handle of each user group, and the workspace that it is asked of, where that must be said."""
        if not _is_organization(workspace):
            return self._find_groups(workspace, None)
        return self._remembered(("groups", workspace), lambda: self._find_all_groups(workspace))

    def _find_all_groups(self, workspace: str) -> dict[str, tuple[str, str | None]]:
        found = dict[str, tuple[str, str | None]]()
        for team in self._teams(workspace):
            found = self._find_groups(workspace, team) | found
        return found

    def _find_groups(self, workspace: str, team: str | None) -> dict[str, tuple[str, str | None]]:
        slack = self._client_for(workspace)
        listed = called(lambda: slack.usergroups_list(team_id=team))["usergroups"]
        return {group["id"]: (group["handle"], team) for group in listed}

    def _teams(self, workspace: str) -> Sequence[str | None]:
        """What lists of people and groups are asked for: a whole organization's token must name each workspace."""
        if not _is_organization(workspace):
            return (None,)
        return self._remembered(("teams", workspace), lambda: self._find_teams(workspace))

    def _find_teams(self, workspace: str) -> list[str]:
        slack = self._client_for(workspace)
        return [str(team["id"]) for team in called(lambda: slack.auth_teams_list(limit=WORKSPACES))["teams"]]

    def _remembered(self, key: tuple[str, ...], find: Callable[[], Found]) -> Found:
        with self._lock:
            since, known = self._known.get(key, (float("-inf"), None))
        asked = self._now()  # an answer is as old as its question
        if asked - since < REMEMBERED:
            found: Found = known
            return found
        found = find()
        with self._lock:
            self._known[key] = (asked, found)
        return found


class SlackPeople:
    """Looks people up, and remembers them for a moment."""

    def __init__(self, client_for: Callable[[str], WebClient], now: Callable[[], float] = time.monotonic) -> None:
        self._client_for = client_for
        self._now = now
        self._known: dict[tuple[str, str], tuple[float, Person, str]] = {}
        self._names: dict[str, str] = {}
        self._lock = threading.Lock()

    def person(self, who: Asker) -> Person:
        """Somebody's zone, role and standing. Raises SlackRefused."""
        return self._looked_up(who)[0]

    def email(self, who: Asker) -> str:
        """Somebody's e-mail address; "" where they have none, or the app may not know it. Raises SlackRefused."""
        return self._looked_up(who)[1]

    def _looked_up(self, who: Asker) -> tuple[Person, str]:
        asked = self._now()
        with self._lock:
            at, known, address = self._known.get((who.workspace, who.user), (0.0, None, ""))
        if known is not None and asked - at < REMEMBERED:
            return known, address
        found = called(lambda: self._client_for(who.workspace).users_info(user=who.user))["user"]
        person = Person(
            zone=found.get("tz") or "UTC",
            admin=_runs(found, who.workspace),
            standing=_standing(found, who.workspace),
            name=_name(found),
        )
        address = str((found.get("profile") or {}).get("email") or "")
        with self._lock:
            if len(self._known) >= KEPT_AT_MOST:
                self._known = {key: kept for key, kept in self._known.items() if asked - kept[0] < REMEMBERED}
            self._known[who.workspace, who.user] = (asked, person, address)
        return person, address

    def has_talked(self, workspace: str, channel: str) -> bool:
        """Whether anything was said in a conversation yet. Raises SlackRefused."""
        slack = self._client_for(workspace)
        return bool(called(lambda: slack.conversations_history(channel=channel, limit=1))["messages"])

    def workspace_name(self, workspace: str) -> str:
        """What people call their workspace; asked once, when it is first needed. Raises SlackRefused."""
        name = self._names.get(workspace)
        if name is None:
            name = str(called(self._client_for(workspace).auth_test).get("team") or "")
            self._names[workspace] = name
        return name


def _is_organization(workspace: str) -> bool:
    """Whether the app is installed for a whole Enterprise Grid organization, which is what the id is of."""
    return workspace.startswith("E")


def _name(found: dict[str, Any]) -> str:
    return str(found.get("real_name") or found.get("name") or "")


def _runs(found: dict[str, Any], workspace: str) -> bool:
    """Whether somebody runs the workspace; where a whole organization is served as one, whether they run that.

    People of another workspace, met in a shared channel, may be admins there.
    """
    roles = (found.get("enterprise_user") or {}) if _is_organization(workspace) else found
    runs = bool(roles.get("is_admin") or roles.get("is_owner"))
    return runs and _standing(found, workspace) is Standing.MEMBER


def _standing(found: dict[str, Any], workspace: str) -> Standing:
    """Who somebody is to the workspace.

    ``is_stranger`` alone does not tell: Slack leaves it out for people of another company who are in a shared channel
    that the bot can see, and gives their own workspace's id. Who cannot be placed is taken for a stranger.
    """
    if found.get("deleted"):
        return Standing.GONE
    if found.get("is_stranger") or not _belongs(found, workspace):
        return Standing.STRANGER
    if found.get("is_bot") or found.get("is_workflow_bot") or found.get("id") == SLACKBOT:
        return Standing.BOT
    is_guest = found.get("is_restricted") or found.get("is_ultra_restricted")
    return Standing.GUEST if is_guest else Standing.MEMBER


def _belongs(found: dict[str, Any], workspace: str) -> bool:
    """Whether somebody is of the workspace, or of the Enterprise Grid organization where that is served as one."""
    grid = found.get("enterprise_user") or {}
    ours = (found.get("team_id"), grid.get("enterprise_id"), found.get("enterprise_id"), *(grid.get("teams") or ()))
    return workspace in ours

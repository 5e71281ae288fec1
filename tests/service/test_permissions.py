"""Who may change things: the person comes back, by whichever way they may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import Asker, Person, Standing
from bot.service.membership import Membership
from bot.service.permissions import Permissions


class Workspace:
    """Ada is an admin, Ben and the group S1 were added, Cyd is in that group; Slack may hide the groups."""

    def __init__(self, *, hidden: bool = False) -> None:
        self._hidden = hidden

    def person(self, who: Asker) -> Person:
        return Person("UTC", admin=who.user == "UADA", standing=Standing.MEMBER, name=who.user)

    def trusted(self, workspace: str) -> Sequence[str]:
        return ["UBEN", "S1"] if workspace == "T1" else []

    def admins(self, workspace: str) -> Mapping[str, str]:
        return {"UADA": "Ada"} if workspace == "T1" else {}

    def members(self, workspace: str, group: str) -> frozenset[str]:
        return frozenset({"UCYD"} if (workspace, group) == ("T1", "S1") else ())

    def handles(self, workspace: str) -> dict[str, str]:
        if self._hidden:
            raise SlackRefused("Slack does not tell.", permanent=True)
        return {"S1": "crm-team"} if workspace == "T1" else {}


def permissions(workspace: Workspace) -> Permissions:
    return Permissions(Membership(workspace), frozenset({"UEVE"}), workspace, workspace)


@pytest.mark.parametrize(
    ("user", "may", "may_add"),
    [("UADA", True, True), ("UEVE", True, True), ("UBEN", True, False), ("UCYD", True, False), ("UDAN", False, False)],
)
def test_whoever_may_is_the_person_that_comes_back(user: str, may: bool, may_add: bool) -> None:
    found = permissions(Workspace())

    for allowed, ask in ((may, found.require), (may_add, found.require_admin)):
        if allowed:
            assert ask(Asker("T1", user), "Doing this").name == user
        else:
            with pytest.raises(AskerError, match="Doing this is for workspace admins"):
                ask(Asker("T1", user), "Doing this")


@pytest.mark.parametrize(("hidden", "named"), [(False, "`@crm-team`"), (True, "`@S1`")])
def test_a_group_has_its_id_where_slack_does_not_tell_its_name(hidden: bool, named: str) -> None:
    assert permissions(Workspace(hidden=hidden)).named("T1", "S1") == named
    assert permissions(Workspace(hidden=hidden)).named("T1", "UBEN") == "UBEN"

"""Whom an installed app lets in: the second call of a check, and what its answers amount to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from simple_salesforce.format import format_soql

from bot.adapters.salesforce.queries import Ask, Denied, Reply, Row, Rows, Unproven, rows
from bot.domain.model import Doubt, Policy

EXTERNAL_PREFIX = "0xI"
NOT_PEOPLE = ["Guest", "AutomatedProcess", "CloudIntegrationUser"]
_POLICIES: Mapping[str | None, Policy] = {
    "AdminApprovedPreAuthorized": Policy.ADMIN_APPROVED,
    "AllSelfAuthorized": Policy.SELF_AUTHORIZE,
}


def grants(*app_ids: str) -> str:
    """Which permission sets let people in; a profile appears through the permission set that it owns."""
    return format_soql(
        "SELECT SetupEntityId, ParentId, Parent.Label, Parent.IsOwnedByProfile, Parent.Profile.Name, "
        "Parent.HasActivationRequired FROM SetupEntityAccess WHERE SetupEntityId IN {}",
        list(app_ids),
    )


def people(app_id: str, *, frozen: bool, that: str = "") -> str:
    """How many active people hold one of those permission sets, with the frozen ones or without.

    A session-based permission set counts only while it is activated, so nobody is counted for holding one. ``that`` is
    what else must be so of the assignment.
    """
    not_frozen = " AND AssigneeId NOT IN (SELECT UserId FROM UserLogin WHERE IsFrozen = true)"
    soql = format_soql(
        "SELECT COUNT_DISTINCT(AssigneeId) people FROM PermissionSetAssignment WHERE Assignee.IsActive = true "
        "AND Assignee.UserType NOT IN {} AND PermissionSet.HasActivationRequired != true "
        "AND PermissionSetId IN (SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId = {}){:literal}{:literal}",
        NOT_PEOPLE,
        app_id,
        "" if frozen else not_frozen,
        also(that),
    )
    return Unproven(soql) if that or not frozen else soql


def also(that: str) -> str:
    """The end of a condition, that something else must be so as well; "" where nothing must."""
    return that and f" AND {that}"


def ended(now: datetime) -> str:
    """That an assignment has ended. Salesforce takes no OR beside a semi-join, so what lasts is asked for in two."""
    return format_soql("ExpirationDate <= {}", now)


def lasting(now: datetime) -> tuple[str, str]:
    """That one has no end, or one to come."""
    return "ExpirationDate = null", format_soql("ExpirationDate > {}", now)


def still(now: datetime) -> str:
    """The same in one, where no semi-join stands beside it."""
    return f"({' OR '.join(lasting(now))})"


def stale_groups(app_ids: Sequence[str]) -> str:
    """Permission set groups that hold a granted permission set and are not up to date: Outdated, Updating, Failed."""
    soql = format_soql(
        "SELECT PermissionSetId, PermissionSetGroup.MasterLabel, PermissionSetGroup.Status "
        "FROM PermissionSetGroupComponent WHERE PermissionSetGroup.Status != 'Updated' "
        "AND PermissionSetId IN (SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId IN {})",
        list(app_ids),
    )
    return Unproven(soql)


def external_policies(app_ids: Sequence[str]) -> str:
    """The Permitted Users setting of external client apps."""
    return format_soql(
        "SELECT ExternalClientApplicationId, PermittedUsersPolicyType FROM ExtlClntAppOauthPlcyCnfg "
        "WHERE ExternalClientApplicationId IN {}",
        list(app_ids),
    )


@dataclass(frozen=True, slots=True)
class Access:
    """Whom one installed app lets in; None is "could not be read"."""

    profiles: tuple[str, ...] | None = None
    permission_sets: tuple[str, ...] | None = None
    users: int | None = None
    frozen: int | None = None
    ended: int | None = None
    policy: Policy | None = None
    stale_groups: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answers:
    """What was answered about one app."""

    grants: Reply
    with_frozen: Reply
    without_frozen: Reply
    with_ended: Reply
    lasting: Sequence[Reply]
    groups: Reply
    policies: Reply


def read_access(ask: Ask, app_ids: Sequence[str], now: datetime) -> tuple[list[Reply], dict[str, Access]]:
    """The second call, for the apps that are installed; none where there are none.

    A third one where an assignment has ended that would let somebody in: whether others of theirs still do.
    """
    if not app_ids:
        return [], {}
    external = [app_id for app_id in app_ids if app_id.startswith(EXTERNAL_PREFIX)]
    asked = [*map(grants, app_ids), *(people(app_id, frozen=True) for app_id in app_ids)]
    asked += [people(app_id, frozen=False) for app_id in app_ids]
    asked += [people(app_id, frozen=True, that=ended(now)) for app_id in app_ids]
    asked += [stale_groups(app_ids), *([external_policies(external)] if external else [])]
    replies = ask(asked)
    count = len(app_ids)
    granted, with_frozen, without_frozen, with_ended = (replies[at : at + count] for at in range(0, 4 * count, count))
    groups, policies = (*replies[4 * count :], Rows(()))[:2]
    still = _lasting(ask, [_count(each) for each in with_ended], app_ids, without_frozen, now)
    access = {
        app_id: _access(
            app_id,
            _Answers(granted[at], with_frozen[at], without_frozen[at], with_ended[at], still[at], groups, policies),
        )
        for at, app_id in enumerate(app_ids)
    }
    # Whether frozen users, ends and groups can be told is no reason to ask for a permission.
    return [*granted, *with_frozen, policies], access


def _lasting(
    ask: Ask, ended: Sequence[int | None], app_ids: Sequence[str], without_frozen: Sequence[Reply], now: datetime
) -> Sequence[Sequence[Reply]]:
    """How many people hold what lasts, for each app; nothing of those of which no assignment has ended."""
    parts = lasting(now)
    asked = [
        people(app_id, frozen=isinstance(thawed, Denied), that=that)
        for app_id, some, thawed in zip(app_ids, ended, without_frozen, strict=True)
        for that in parts
        if some
    ]
    replies = iter(ask(asked) if asked else ())
    return [[next(replies) for _ in parts] if some else () for some in ended]


def _access(app_id: str, answers: _Answers) -> Access:
    parents = [row for row in rows(answers.grants) if row.text("SetupEntityId") in (app_id, None)]
    users, frozen = _counts(answers)
    users, ended = _still(users, answers)
    profiles, permission_sets = _granted(answers.grants, parents)
    return Access(
        profiles,
        permission_sets,
        users,
        frozen,
        ended,
        policy_of(app_id, answers.policies),
        _stale(answers.groups, {row.text("ParentId") for row in parents}),
        tuple(_doubts(app_id, answers, parents, seen=users is not None and frozen is None)),
    )


def policy_of(app_id: str, policies: Reply) -> Policy | None:
    """The Permitted Users setting of an external client app; Salesforce may have others than we know, or none."""
    mine = [row for row in rows(policies) if row.text("ExternalClientApplicationId") == app_id]
    found = {_POLICIES.get(row.text("PermittedUsersPolicyType")) for row in mine}
    return found.pop() if len(found) == 1 else None


def _counts(answers: _Answers) -> tuple[int | None, int | None]:
    """Those who can get in, and the frozen ones beside them."""
    everybody, thawed = _count(answers.with_frozen), _count(answers.without_frozen)
    if thawed is None:
        return everybody, None if everybody else everybody
    return thawed, None if everybody is None else max(0, everybody - thawed)


def _still(users: int | None, answers: _Answers) -> tuple[int | None, int | None]:
    """Those whose assignments have not all ended, and the others. Who has one that ends and one that does not is
    counted twice, so there are no more of them than users."""
    counts = [_count(reply) for reply in answers.lasting]
    if users is None or not answers.lasting:
        return users, _count(answers.with_ended)
    if None in counts:
        return None, None
    still = min(users, sum(count or 0 for count in counts))
    return still, users - still


def _count(reply: Reply) -> int | None:
    return next((row.number("people") for row in rows(reply)), None)


def _granted(grants: Reply, parents: Sequence[Row]) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """The names of the profiles and of the permission sets; an answer that was cut before any proves nothing."""
    if isinstance(grants, Denied) or (not parents and not grants.complete):
        return None, None
    owned = [row.text("Parent.Profile.Name") for row in parents if row.flag("Parent.IsOwnedByProfile")]
    free = [row.text("Parent.Label") for row in parents if row.flag("Parent.IsOwnedByProfile") is False]
    return _names(owned), _names(free)


def _names(names: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))


def _stale(groups: Reply, parents: set[str | None]) -> tuple[str, ...]:
    """``Sales (Outdated)``."""
    found = []
    for row in rows(groups):
        if row.text("PermissionSetId") in parents:
            group = row.text("PermissionSetGroup.MasterLabel") or "a group without a readable name"
            found.append(f"{group} ({row.text('PermissionSetGroup.Status') or 'unknown'})")
    return _names(found)


def _doubts(app_id: str, answers: _Answers, parents: Sequence[Row], *, seen: bool) -> list[Doubt]:
    asked = [answers.grants, answers.with_frozen if isinstance(answers.without_frozen, Denied) else Rows(())]
    asked.append(answers.with_ended)
    asked += [answers.policies] if app_id.startswith(EXTERNAL_PREFIX) else []
    holds = {
        Doubt.GRANT_HIDDEN: any(_is_hidden(row) for row in parents),
        Doubt.GRANTS_CUT: isinstance(answers.grants, Rows) and not answers.grants.complete,
        Doubt.FROZEN_UNSEEN: seen and isinstance(answers.without_frozen, Denied),
        Doubt.SESSION_BASED: any(row.flag("Parent.HasActivationRequired") for row in parents),
        Doubt.QUESTION_REFUSED: any(isinstance(reply, Denied) and not reply.for_lack_of_permission for reply in asked),
    }
    return [doubt for doubt, held in holds.items() if held]


def _is_hidden(row: Row) -> bool:
    """A grant whose holder does not show: this connection may not see that permission set or profile."""
    owned = row.flag("Parent.IsOwnedByProfile")
    return owned is None or not row.text("Parent.Profile.Name" if owned else "Parent.Label")

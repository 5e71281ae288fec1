"""One person in an org: who fits the words, what lets them in through each app, and their latest logins.

Two calls once logged in: the overview of the org with the users that fit, then the one user's grants and logins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from simple_salesforce.format import format_soql

from bot.adapters.salesforce.access import EXTERNAL_PREFIX, external_policies, grants, policy_of
from bot.adapters.salesforce.facts import FoundApp, find_apps
from bot.adapters.salesforce.overview import OVERVIEW, Overview, text
from bot.adapters.salesforce.queries import Ask, Denied, Reply, Row, Unproven, moment, rows
from bot.domain.model import AppState
from bot.domain.orgs.user_access import Grant, LoginAttempt, OrgUser, UserOfApp, UserReading, Way

FITTING_AT_MOST = 20
LOGINS_AT_MOST = 50

_STANDARD = "Standard"


def users(wanted: str) -> str:
    """Who fits: by user name, e-mail address or name; a part of the name or the user name will do."""
    return format_soql(
        "SELECT Id, Name, Username, Email, IsActive, UserType, Profile.Name FROM User "
        "WHERE Username = {0} OR Email = {0} OR Name LIKE '%{0:like}%' OR Username LIKE '{0:like}%' "
        "ORDER BY Username LIMIT {1}",
        wanted,
        FITTING_AT_MOST,
    )


def _frozen(user: str) -> str:
    return format_soql("SELECT IsFrozen, IsPasswordLocked FROM UserLogin WHERE UserId = {}", user)


def _assignments(user: str) -> str:
    return format_soql(
        "SELECT PermissionSetId, PermissionSet.HasActivationRequired, PermissionSetGroupId, "
        "PermissionSetGroup.MasterLabel, PermissionSetGroup.Status FROM PermissionSetAssignment WHERE AssigneeId = {}",
        user,
    )


def _expiring(user: str) -> str:
    soql = format_soql(
        "SELECT PermissionSetId, PermissionSetGroupId, ExpirationDate FROM PermissionSetAssignment "
        "WHERE AssigneeId = {} AND ExpirationDate != null",
        user,
    )
    return Unproven(soql)


def _in_groups(user: str, app_ids: Sequence[str]) -> str:
    """The granted permission sets that this user's groups hold."""
    soql = format_soql(
        "SELECT PermissionSetGroupId, PermissionSetGroup.MasterLabel, PermissionSetGroup.Status, PermissionSetId "
        "FROM PermissionSetGroupComponent WHERE PermissionSetGroupId IN "
        "(SELECT PermissionSetGroupId FROM PermissionSetAssignment WHERE AssigneeId = {}) AND PermissionSetId IN "
        "(SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId IN {})",
        user,
        list(app_ids),
    )
    return Unproven(soql)


def _holding(user: str, permission: str) -> str:
    """The user's permission sets, the profile's among them, with a permission of that name."""
    soql = format_soql(
        "SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = {} AND PermissionSet.{:literal} = true",
        user,
        permission,
    )
    return Unproven(soql)


def _tokens(user: str) -> str:
    return format_soql(
        "SELECT AppName, LastUsedDate FROM OauthToken WHERE UserId = {} AND AppName LIKE '%Flosum%'", user
    )


def _logins(user: str) -> str:
    """Neither the application nor the status can be filtered: what is of interest is sifted here."""
    soql = format_soql(
        "SELECT LoginTime, Application, Status FROM LoginHistory WHERE UserId = {} AND LoginTime = LAST_N_DAYS:30 "
        "ORDER BY LoginTime DESC LIMIT {}",
        user,
        LOGINS_AT_MOST,
    )
    return Unproven(soql)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What was answered about the one user."""

    frozen: Reply
    assignments: Reply
    expiring: Reply
    api: Reply
    approves: Reply
    tokens: Reply
    logins: Reply
    granted: Reply
    in_groups: Reply
    policies: Reply


def read_user(ask: Ask, wanted: str, now: datetime) -> UserReading:
    """The users that fit ``wanted``; of the one that is meant, all that decides about each app."""
    *first, found = ask([*OVERVIEW, users(wanted)])
    overview = Overview(*first)
    fitting = _meant(found, wanted)
    organization = text(overview.organization, "Id")
    if len(fitting) != 1:
        return UserReading(now, organization, tuple(map(_user, fitting)), readable=not isinstance(found, Denied))
    apps = find_apps(overview)
    answers = _asked(ask, str(fitting[0].text("Id")), [app.app_id for app in apps if app.app_id])
    user = _user(fitting[0], answers)
    return UserReading(
        now,
        organization,
        (user,),
        tuple(_of_app(app, answers, now) for app in apps),
        _attempts(answers.logins),
    )


def _asked(ask: Ask, user: str, app_ids: Sequence[str]) -> _Answers:
    nothing = Denied("NOT_ASKED")
    about = [_frozen(user), _assignments(user), _expiring(user), _holding(user, "PermissionsApiEnabled")]
    about += [_holding(user, "PermissionsApproveUninstalledConnectedApps"), _tokens(user), _logins(user)]
    external = [app_id for app_id in app_ids if app_id.startswith(EXTERNAL_PREFIX)]
    more = [grants(*app_ids), _in_groups(user, app_ids)] if app_ids else []
    more += [external_policies(external)] if external else []
    replies = list(ask([*about, *more]))
    return _Answers(*replies, *([nothing] * (10 - len(replies))))


def _meant(found: Reply, wanted: str) -> list[Row]:
    """Those that fit; the one whose user name it is, or the only one whose e-mail address or name it is."""
    every, said = list(rows(found)), wanted.casefold()
    for field in ("Username", "Email", "Name"):
        exact = [row for row in every if (row.text(field) or "").casefold() == said]
        standing = [row for row in exact if row.flag("IsActive")] or exact
        if standing:
            return standing
    return every


def _user(row: Row, answers: _Answers | None = None) -> OrgUser:
    login = next(iter(rows(answers.frozen)), None) if answers else None
    return OrgUser(
        id=row.text("Id") or "",
        username=row.text("Username") or "",
        name=row.text("Name") or "",
        email=row.text("Email"),
        active=row.flag("IsActive"),
        standard=row.text("UserType") in (_STANDARD, None),
        profile=row.text("Profile.Name"),
        frozen=login.flag("IsFrozen") if login else None,
        locked=login.flag("IsPasswordLocked") if login else None,
        api_enabled=_holds(answers.api) if answers else None,
        approves_uninstalled=_holds(answers.approves) if answers else None,
    )


def _holds(reply: Reply) -> bool | None:
    return None if isinstance(reply, Denied) else bool(reply.rows)


def _of_app(app: FoundApp, answers: _Answers, now: datetime) -> UserOfApp:
    tokens = [row for row in rows(answers.tokens) if app.is_called(row.text("AppName") or "")]
    used = filter(None, (moment(row.text("LastUsedDate")) for row in tokens))
    return UserOfApp(
        app=app.name,
        state=app.state,
        policy=app.policy or policy_of(app.app_id or "", answers.policies),
        blocked=None if app.history is None else app.state is AppState.BLOCKED,
        grants=_grants(app, answers, now),
        tokens=None if isinstance(answers.tokens, Denied) else len(tokens),
        last_used=max(used, default=None),
    )


def _grants(app: FoundApp, answers: _Answers, now: datetime) -> tuple[Grant, ...] | None:
    """Through what this user is let in; None where that could not be read."""
    if app.app_id is None or isinstance(answers.granted, Denied) or isinstance(answers.assignments, Denied):
        return None
    if not (answers.granted.complete and answers.assignments.complete):
        return None
    parents = {row.text("ParentId"): row for row in answers.granted.rows if row.text("SetupEntityId") == app.app_id}
    expired = {
        row.text("PermissionSetId")
        for row in rows(answers.expiring)
        if (end := moment(row.text("ExpirationDate"))) is not None and end <= now
    }
    held = list(_held(answers.assignments.rows, parents, expired))
    held += [
        Grant(Way.GROUP, _group(row), row.text("PermissionSetGroup.Status"))
        for row in rows(answers.in_groups)
        if row.text("PermissionSetId") in parents
    ]
    if not held and isinstance(answers.in_groups, Denied):
        return None  # a group of theirs may hold one
    return tuple({(grant.kind, grant.name): grant for grant in held}.values())


def _held(assignments: Sequence[Row], parents: dict[str | None, Row], expired: set[str | None]) -> Iterator[Grant]:
    for row in assignments:
        parent = parents.get(holder := row.text("PermissionSetId"))
        if parent is None:
            continue
        needs_session = bool(parent.flag("Parent.HasActivationRequired"))
        if row.text("PermissionSetGroupId"):
            kind, name = Way.GROUP, _group(row)
        elif parent.flag("Parent.IsOwnedByProfile"):
            kind, name = Way.PROFILE, parent.text("Parent.Profile.Name") or "their profile"
        else:
            kind, name = Way.PERMISSION_SET, parent.text("Parent.Label") or "a permission set without a readable name"
        yield Grant(kind, name, row.text("PermissionSetGroup.Status"), needs_session, holder in expired)


def _group(row: Row) -> str:
    return row.text("PermissionSetGroup.MasterLabel") or "a group without a readable name"


def _attempts(logins: Reply) -> tuple[LoginAttempt, ...] | None:
    if isinstance(logins, Denied):
        return None
    return tuple(
        LoginAttempt(at, row.text("Application") or "", row.text("Status") or "")
        for row in logins.rows
        if (at := moment(row.text("LoginTime"))) is not None
    )

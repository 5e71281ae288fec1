"""One person in an org: who fits the words, what lets them in through each app, and their latest logins.

Three calls once logged in: the overview of the org with the users that fit, then the one user's grants and logins, then
their profile's login hours and IP ranges; and, kept for a while, whether API Access Control is on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from simple_salesforce.format import format_soql

from bot.adapters.salesforce.access import EXTERNAL_PREFIX, external_policies, grants, policy_of
from bot.adapters.salesforce.facts import FoundApp, find_apps, others
from bot.adapters.salesforce.org_settings import Inquiry
from bot.adapters.salesforce.overview import OVERVIEW, flag, overview_of, text
from bot.adapters.salesforce.queries import Ask, Denied, Reply, Row, Rows, Unproven, moment, rows
from bot.domain.model import TWINS, AppState
from bot.domain.orgs.findings import block_untold
from bot.domain.orgs.user_access import UPDATED, Grant, LoginAttempt, OrgUser, UserOfApp, UserReading, Way

FITTING_AT_MOST = 20
LOGINS_AT_MOST = 50

_STANDARD = "Standard"


_USER = "SELECT Id, Name, Username, Email, IsActive, UserType, ProfileId, Profile.Name FROM User "
_IN_A_SANDBOX = ".invalid"
"""What a sandbox puts behind everybody's e-mail address when it is made, so that nobody gets its mail."""


def users(wanted: str) -> str:
    """Who fits: by user name, e-mail address or name; a part of the name or the user name will do."""
    return format_soql(
        "{:literal}WHERE Email IN {} OR Name LIKE '%{:like}%' OR Username LIKE '{:like}%' ORDER BY Username LIMIT {}",
        _USER,
        [wanted, wanted + _IN_A_SANDBOX],
        wanted,
        wanted,
        FITTING_AT_MOST,
    )


def user_named(username: str) -> str:
    """The one of that very user name, whom a list that is cut may lack."""
    return format_soql("{:literal}WHERE Username = {}", _USER, username)


def _frozen(user: str) -> str:
    return format_soql("SELECT IsFrozen, IsPasswordLocked FROM UserLogin WHERE UserId = {}", user)


def _assignments(user: str) -> str:
    return format_soql(
        "SELECT Id, PermissionSetId, PermissionSet.HasActivationRequired, PermissionSetGroupId, "
        "PermissionSetGroup.MasterLabel, PermissionSetGroup.Status FROM PermissionSetAssignment WHERE AssigneeId = {}",
        user,
    )


def _expiring(user: str) -> str:
    soql = format_soql(
        "SELECT Id, ExpirationDate FROM PermissionSetAssignment WHERE AssigneeId = {} AND ExpirationDate != null",
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
        "SELECT Id, PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = {} "
        "AND PermissionSet.{:literal} = true",
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
    any_client: Reply
    tokens: Reply
    logins: Reply
    granted: Reply
    in_groups: Reply
    policies: Reply


def read_user(inquiry: Inquiry, wanted: str, now: datetime) -> UserReading:
    """The users that fit ``wanted``; of the one that is meant, all that decides about each app."""
    *first, named, found = inquiry.ask([*OVERVIEW, user_named(wanted), users(wanted)])
    overview = overview_of(first)
    fitting = list(rows(named)) or _meant(found, wanted)
    organization = text(overview.organization, "Id")
    if len(fitting) != 1:
        return UserReading(now, organization, tuple(map(_user, fitting)), readable=not isinstance(found, Denied))
    apps = find_apps(overview)
    answers = _asked(inquiry.ask, str(fitting[0].text("Id")), [app.app_id for app in apps if app.app_id])
    profile = fitting[0].text("ProfileId")
    controlled = inquiry.access_control()
    if not overview.sees_all_tokens:
        answers = replace(answers, tokens=_HIDDEN)
    if not flag(overview.permissions, "PermissionsViewSetup"):
        answers = replace(answers, assignments=_HIDDEN, api=_HIDDEN, approves=_HIDDEN, any_client=_HIDDEN)
    return UserReading(
        now,
        organization,
        (_user(fitting[0], answers, _expired(answers, now)),),
        tuple(_of_app(app, answers, now, controlled) for app in apps),
        _attempts(answers.logins),
        limits=inquiry.limits(profile) if profile else None,
        access_control=controlled,
        other_apps=others(overview),
    )


_HIDDEN = Denied("NOT_SHOWN")
"""Salesforce shows one's own tokens and assignments to who may not see all, as if there were no others."""


def _asked(ask: Ask, user: str, app_ids: Sequence[str]) -> _Answers:
    nothing = Denied("NOT_ASKED")
    about = [_frozen(user), _assignments(user), _expiring(user), _holding(user, "PermissionsApiEnabled")]
    about.append(_holding(user, "PermissionsApproveUninstalledConnectedApps"))
    about += [_holding(user, "PermissionsUseAnyApiClient"), _tokens(user), _logins(user)]
    external = [app_id for app_id in app_ids if app_id.startswith(EXTERNAL_PREFIX)]
    more = [grants(*app_ids), _in_groups(user, app_ids)] if app_ids else []
    more += [external_policies(external)] if external else []
    replies = list(ask([*about, *more]))
    return _Answers(*replies, *([nothing] * (len(fields(_Answers)) - len(replies))))


def _meant(found: Reply, wanted: str) -> list[Row]:
    """Those that fit, or those of them whose e-mail address or name it is."""
    every, said = list(rows(found)), wanted.casefold()
    for field in ("Email", "Name"):
        exact = [row for row in every if (row.text(field) or "").casefold().removesuffix(_IN_A_SANDBOX) == said]
        standing = [row for row in exact if row.flag("IsActive")] or exact
        if standing:
            return standing
    return every


def _user(row: Row, answers: _Answers | None = None, expired: Collection[str | None] = ()) -> OrgUser:
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
        api_enabled=_holds(answers.api, expired) if answers else None,
        approves_uninstalled=_holds(answers.approves, expired) if answers else None,
        any_client=_holds(answers.any_client, expired) if answers else None,
    )


def _holds(reply: Reply, expired: Collection[str | None]) -> bool | None:
    """Whether an assignment that has not ended holds it."""
    return None if isinstance(reply, Denied) else any(row.text("Id") not in expired for row in reply.rows)


def _of_app(app: FoundApp, answers: _Answers, now: datetime, controlled: bool | None) -> UserOfApp:
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
        controlled=controlled,
        external=(app.app_id or "").startswith(EXTERNAL_PREFIX),
        twin=not TWINS.isdisjoint(app.doubts),
        block_untold=block_untold(app.history, app.connected_users),
    )


def _grants(app: FoundApp, answers: _Answers, now: datetime) -> tuple[Grant, ...] | None:
    """Through what this user is let in; None where that could not be read."""
    if app.app_id is None or isinstance(answers.granted, Denied) or isinstance(answers.assignments, Denied):
        return None
    if not (answers.granted.complete and answers.assignments.complete):
        return None
    parents = {row.text("ParentId"): row for row in answers.granted.rows if row.text("SetupEntityId") == app.app_id}
    expired = _expired(answers, now)
    held = [
        *_held(answers.assignments.rows, parents, expired),
        *_held_by_groups(answers, parents, expired),
    ]
    if held and _ends_unread(answers.expiring):
        held = [grant for grant in held if grant.kind is Way.PROFILE]  # which nobody has until a day
        return tuple(dict.fromkeys(held)) or None
    if not held and not (isinstance(answers.in_groups, Rows) and answers.in_groups.complete):
        return None  # a group of theirs may hold one
    return tuple(dict.fromkeys(held))


def _expired(answers: _Answers, now: datetime) -> set[str | None]:
    """Their assignments that have ended."""
    return {
        row.text("Id")
        for row in rows(answers.expiring)
        if (end := moment(row.text("ExpirationDate"))) is not None and end <= now
    }


def _ends_unread(expiring: Reply) -> bool:
    """Whether an assignment of theirs may have ended for all that can be read; without that field none ends."""
    return not expiring.for_lack_of_permission if isinstance(expiring, Denied) else not expiring.complete


def _held_by_groups(answers: _Answers, parents: Collection[str | None], expired: set[str | None]) -> Iterator[Grant]:
    """What groups of theirs hold; of a group that is assigned twice the assignment that stands counts.

    A group gives what it holds by a permission set of its own, which its assignments name.
    """
    assigned = rows(answers.assignments)
    giving = {row.text("PermissionSetGroupId") for row in assigned if row.text("PermissionSetId") in parents}
    standing = {row.text("PermissionSetGroupId") for row in assigned if row.text("Id") not in expired}
    ended = {row.text("PermissionSetGroupId") for row in assigned if row.text("Id") in expired} - standing
    for row in rows(answers.in_groups):
        if row.text("PermissionSetId") in parents:
            group, status = row.text("PermissionSetGroupId"), row.text("PermissionSetGroup.Status")
            withheld = status == UPDATED and group not in giving
            yield Grant(Way.GROUP, _group(row), status, expired=group in ended, withheld=withheld)


def _held(assignments: Sequence[Row], parents: dict[str | None, Row], expired: set[str | None]) -> Iterator[Grant]:
    for row in assignments:
        parent = parents.get(row.text("PermissionSetId"))
        if parent is None:
            continue
        needs_session = bool(parent.flag("Parent.HasActivationRequired"))
        if row.text("PermissionSetGroupId"):
            kind, name = Way.GROUP, _group(row)
        elif parent.flag("Parent.IsOwnedByProfile"):
            kind, name = Way.PROFILE, parent.text("Parent.Profile.Name") or "their profile"
        else:
            kind, name = Way.PERMISSION_SET, parent.text("Parent.Label") or "a permission set without a readable name"
        yield Grant(kind, name, row.text("PermissionSetGroup.Status"), needs_session, row.text("Id") in expired)


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

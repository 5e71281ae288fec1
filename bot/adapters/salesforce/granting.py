"""What is read before an app is granted, what is written, and whether it is there.

Two calls to read: the overview of the org with the permission sets that fit, then what they hold. A write is one call,
never repeated by itself: it travels over a connection of its own, and what got no answer is for the caller to look up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError
from simple_salesforce.format import format_soql

from bot.adapters.salesforce import failures
from bot.adapters.salesforce.access import also, ended, grants, lasting, still
from bot.adapters.salesforce.facts import FoundApp, find_apps, others
from bot.adapters.salesforce.org_settings import Inquiry
from bot.adapters.salesforce.overview import OVERVIEW, flag, overview_of, text
from bot.adapters.salesforce.queries import (
    Ask,
    Denied,
    Reply,
    Row,
    Rows,
    Unproven,
    code_and_message,
    refused_call,
    rows,
)
from bot.domain.errors import WriteRefused
from bot.domain.model import Policy, short_id
from bot.domain.orgs.granting import NEW_NAME, SET_ID, AppToGrant, GrantReading, Holder
from bot.domain.orgs.org_writes import WriteKind

_SETS_AT_MOST = 2000  # one page of an answer: what is cut off would be said not to be there
_FIELDS = "Id, Name, Label, NamespacePrefix, IsOwnedByProfile, Type, HasActivationRequired"
_RIGHTS = Unproven(
    "SELECT PermissionsManageProfilesPermissionsets, PermissionsAssignPermissionSets FROM UserPermissionAccess"
)
_OBJECTS: Mapping[WriteKind, str] = {
    WriteKind.SET: "PermissionSet",
    WriteKind.ACCESS: "SetupEntityAccess",
    WriteKind.ASSIGNMENT: "PermissionSetAssignment",
}


def permission_sets(wanted: str) -> str:
    """Those that fit: by id, API name, label, or a part of either; all of the org's own where nothing is wanted."""
    if not wanted:
        return format_soql(
            "SELECT {:literal} FROM PermissionSet WHERE IsOwnedByProfile = false AND NamespacePrefix = null "
            "ORDER BY Label LIMIT {}",
            _FIELDS,
            _SETS_AT_MOST,
        )
    if SET_ID.fullmatch(wanted):
        return format_soql("SELECT {:literal} FROM PermissionSet WHERE Id = {}", _FIELDS, wanted)
    name = wanted.rpartition("__")[2] or wanted  # Salesforce keeps the namespace of a package apart
    # Slack and most tables show several blanks as one, so nobody types how many a label has.
    words = "%".join(format_soql("{:like}", word) for word in wanted.split())
    return format_soql(
        "SELECT {0:literal} FROM PermissionSet WHERE IsOwnedByProfile = false AND (Name = {1} OR Label = {2} "
        "OR Name = {3} OR Label LIKE '%{5:literal}%' OR Name LIKE '%{1:like}%') ORDER BY Label LIMIT {4}",
        _FIELDS,
        name,
        wanted,
        NEW_NAME,
        _SETS_AT_MOST,
        words,
    )


def _profiles(wanted: str) -> str:
    return format_soql("SELECT Id, Name FROM Profile WHERE Name = {}", wanted or "-")


def _people(holder: str, that: str = "") -> str:
    soql = format_soql(
        "SELECT COUNT_DISTINCT(AssigneeId) people FROM PermissionSetAssignment WHERE Assignee.IsActive = true "
        "AND PermissionSetId = {}{:literal}",
        holder,
        also(that),
    )
    return Unproven(soql) if that else soql


def _people_in_groups(holder: str, that: str = "") -> str:
    soql = format_soql(
        "SELECT COUNT_DISTINCT(AssigneeId) people FROM PermissionSetAssignment WHERE Assignee.IsActive = true "
        "AND PermissionSetGroupId IN "
        "(SELECT PermissionSetGroupId FROM PermissionSetGroupComponent WHERE PermissionSetId = {}){:literal}",
        holder,
        also(that),
    )
    return Unproven(soql)


def read_grantable(inquiry: Inquiry, wanted: str, now: datetime) -> GrantReading:
    """The apps and whom they are granted to; the permission sets that fit, of the one that is meant with its people."""
    ask = inquiry.ask
    *first, sets, profiles, rights = ask([*OVERVIEW, permission_sets(wanted), _profiles(wanted), _RIGHTS])
    overview = overview_of(first)
    apps = find_apps(overview)
    holders = tuple(map(_holder, rows(sets)))
    granted, holders = _of_apps(ask, apps, holders, wanted, now)
    is_open = any(app.policy is Policy.SELF_AUTHORIZE for app in apps)
    controlled = inquiry.access_control() if is_open else None
    return GrantReading(
        organization_id=text(overview.organization, "Id"),
        apps=tuple(_app(app, granted, controlled=controlled) for app in apps),
        holders=holders,
        profile=text(profiles, "Name"),
        may_grant=flag(rights, "PermissionsManageProfilesPermissionsets"),
        may_assign=flag(rights, "PermissionsAssignPermissionSets"),
        readable=not isinstance(sets, Denied),
        other_apps=others(overview),
    )


def _of_apps(
    ask: Ask, apps: Sequence[FoundApp], holders: tuple[Holder, ...], wanted: str, now: datetime
) -> tuple[Reply, tuple[Holder, ...]]:
    """The second call: whom the apps are granted to, and the people of the permission set that is meant."""
    app_ids = [app.app_id for app in apps if app.app_id]
    meant = GrantReading(None, (), holders).called(wanted) if wanted else ()
    one = meant[0].id if len(meant) == 1 else None
    asked = [grants(*app_ids)] if app_ids else []
    asked += [_people(one), _people_in_groups(one)] if one else []
    # Those of whom no assignment has ended; somebody in two groups may be in both parts.
    asked += [_people(one, still(now)), *(_people_in_groups(one, that) for that in lasting(now))] if one else []
    replies = list(ask(asked)) if asked else []
    granted = replies.pop(0) if app_ids else Rows(())
    if one is None:
        return granted, holders
    direct, by_group, still_direct, *still_by_group = replies
    people, in_groups = _not_ended(direct, [still_direct]), _not_ended(by_group, still_by_group)
    return granted, tuple(
        replace(each, people=people, in_groups=in_groups) if each.id == one else each for each in holders
    )


def _not_ended(everybody: Reply, still_there: Sequence[Reply]) -> int | None:
    """How many there are without those whose assignment has ended; without that field none ends."""
    number, *parts = (next((row.number("people") for row in rows(each)), None) for each in (everybody, *still_there))
    if any(isinstance(each, Denied) and each.for_lack_of_permission for each in still_there):
        return number
    if number is None or None in parts:
        return None
    return min(number, sum(part or 0 for part in parts))


def _holder(row: Row) -> Holder:
    return Holder(
        id=row.text("Id") or "",
        name=row.text("Name") or "",
        label=row.text("Label") or row.text("Name") or "",
        namespace=row.text("NamespacePrefix"),
        kind=row.text("Type") or "",
        by_profile=bool(row.flag("IsOwnedByProfile")),
        needs_session=bool(row.flag("HasActivationRequired")),
    )


def _app(app: FoundApp, granted: Reply, *, controlled: bool | None) -> AppToGrant:
    known = isinstance(granted, Rows) and granted.complete
    mine = [row for row in rows(granted) if short_id(row.text("SetupEntityId")) == short_id(app.app_id)]
    parents = frozenset(parent for row in mine if (parent := row.text("ParentId")))
    return AppToGrant(app.name, app.app_id, app.state, app.policy, app.doubts, parents if known else None, controlled)


# --- whether it is there -----------------------------------------------------------------------------------


def record_of(ask: Ask, org: str, kind: WriteKind, subject: str, holder: str) -> str | None:
    """The id of what was written, None where it is not there. Raises OrgUnreachable where that cannot be read."""
    (found,) = ask([_RECORDS[kind](subject, holder)])
    if isinstance(found, Denied):
        raise failures.odd(org, found.code)
    return next((row.text("Id") for row in found.rows), None)


def has_ended(ask: Ask, assignment: str, now: datetime) -> bool:
    """Whether an assignment has ended; no where that does not show."""
    question = format_soql(
        "SELECT Id FROM PermissionSetAssignment WHERE Id = {} AND {:literal}", assignment, ended(now)
    )
    (found,) = ask([Unproven(question)])
    return bool(rows(found))


_RECORDS: Mapping[WriteKind, Callable[[str, str], str]] = {
    WriteKind.SET: lambda _, name: format_soql(
        "SELECT Id FROM PermissionSet WHERE NamespacePrefix = null AND Name = {}", name
    ),
    WriteKind.ACCESS: lambda app, holder: format_soql(
        "SELECT Id FROM SetupEntityAccess WHERE ParentId = {} AND SetupEntityId = {}", holder, app
    ),
    WriteKind.ASSIGNMENT: lambda user, holder: format_soql(
        "SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = {} AND AssigneeId = {} "
        "AND PermissionSetGroupId = null",
        holder,
        user,
    ),
}


# --- writing -------------------------------------------------------------------------------------------------


def create(client: Salesforce, org: str, kind: WriteKind, values: Mapping[str, str]) -> str:
    """Create one record; its id. Raises WriteRefused, SessionEndedError, and OrgError where that is not known."""
    answer = _called(client, org, f"sobjects/{_OBJECTS[kind]}", "POST", dict(values))
    record_id = answer.get("id") if isinstance(answer, Mapping) and answer.get("success") is not False else None
    if not isinstance(record_id, str):
        raise failures.odd(org, "no id of what was written")
    return record_id


def delete(client: Salesforce, org: str, kind: WriteKind, record_id: str) -> None:
    """Delete one record. Raises as ``create`` does."""
    _called(client, org, f"sobjects/{_OBJECTS[kind]}/{record_id}", "DELETE", None)


def _called(client: Salesforce, org: str, path: str, method: str, values: dict[str, str] | None) -> object:
    try:
        answer: object = client.restful(path, method=method, **({"json": values} if values is not None else {}))
    except SalesforceError as error:
        refusal = _refusal(error, org)
    else:
        return answer
    raise refusal  # out here, where the error that holds the body as it came is no part of it


def _refusal(error: SalesforceError, org: str) -> Exception:
    """A refusal in Salesforce's words is one; whatever else happened, nobody knows whether it was written."""
    code, message = code_and_message(error.content)
    if error.status in (400, 403, 404, 405) and code and code != "REQUEST_LIMIT_EXCEEDED":
        return WriteRefused(code, message)
    return refused_call(error, org)

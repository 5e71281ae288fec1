"""What Setup does with connected apps, and whom an org lets in through them: the rules under the look-alike's pages.

Each press changes the records that the API answers from, and writes its line into the audit trail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.domain.model import FLOSUM_APPS
from bot.sandbox.salesforce.changes import OrgWriter
from bot.sandbox.salesforce.database import OrgRecords, Record
from bot.sandbox.salesforce.orgs import CONNECTION_USER

INSTALL_IDS: Mapping[str, str] = {name: f"0CiKd000000000{at}KAK" for at, name in enumerate(FLOSUM_APPS, start=1)}
"""What a link to an app's own installation page names it by."""

APP_OF: Mapping[str, str] = {install_id: name for name, install_id in INSTALL_IDS.items()}

BLOCKED, TRIED = "(blocked apps)", "(denied attempts)"
"""Tables that no question reaches: Salesforce shows these things on a page, and in no object."""

SELF_AUTHORIZE, ADMIN_APPROVED = "All users may self-authorize", "Admin approved users are pre-authorized"
IP_RELAXATIONS = ("Enforce IP restrictions", "Relax IP restrictions with second factor", "Relax IP restrictions")
UNTIL_REVOKED, IDLE, AT_ONCE = (
    "Refresh token is valid until revoked",
    "Expire refresh token if not used for 30 days",
    "Immediately expire refresh token",
)
REFRESH_PERIODS: Mapping[str, int | None] = {UNTIL_REVOKED: None, IDLE: 30, AT_ONCE: 0}

_AS_IT_COMES: Mapping[str, object] = {
    "OptionsAllowAdminApprovedUsersOnly": False,
    "OptionsHasSessionLevelPolicy": False,
    "OptionsRefreshTokenValidityMetric": True,
    "RefreshTokenValidityPeriod": 30,
}
_TOKENS_TO_A_USER = 5
"""A further one replaces the oldest."""

PERMISSIONS: Mapping[str, str] = {
    "PermissionsCustomizeApplication": "Customize Application",
    "PermissionsViewSetup": "View Setup and Configuration",
}
"""The system permissions that the bot asks for, by their fields."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why somebody does not get in: as a browser is told, as a server is told, and what the login history keeps."""

    browser: tuple[str, str]
    server: tuple[str, str]
    history: str = ""


_INACTIVE = Refused(("inactive_user", "User is inactive"), ("invalid_grant", "inactive user"), "User is Inactive")
_IS_BLOCKED = Refused(("OAUTH_APP_BLOCKED", "this app is blocked by admin"), ("app_blocked", ""))
_NOT_INSTALLED = Refused(
    ("invalid_client", "app must be installed into org"), ("invalid_client", "app must be installed into org")
)
_NOT_APPROVED = Refused(
    ("OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app"),
    ("invalid_app_access", "user is not admin approved to access this app"),
    "User is not admin approved for this app",
)
_EXPIRED = Refused(("invalid_grant", "expired access/refresh token"), ("invalid_grant", "expired access/refresh token"))


# --- what the pages show -------------------------------------------------------------------------------


def installed(records: OrgRecords, name: str) -> Record | None:
    """The app of that name, where it is installed."""
    return next(iter(records.rows("ConnectedApplication", Name=name)), None)


def names(records: OrgRecords) -> list[str]:
    """The apps that Connected Apps OAuth Usage lists: used, installed, blocked, or tried and denied."""
    fields = {"ConnectedApplication": "Name", "OauthToken": "AppName", BLOCKED: "AppName", TRIED: "AppName"}
    return sorted({str(row[field]) for table, field in fields.items() for row in records.rows(table)})


def users(records: OrgRecords, name: str) -> int:
    """How many people hold a token of it."""
    return len({row["UserId"] for row in records.rows("OauthToken", AppName=name)})


def is_blocked(records: OrgRecords, name: str) -> bool:
    """Whether an administrator blocked it."""
    return bool(records.rows(BLOCKED, AppName=name))


def permitted_users(app: Record) -> str:
    """The policy's name."""
    return ADMIN_APPROVED if app.get("OptionsAllowAdminApprovedUsersOnly") else SELF_AUTHORIZE


def refresh_policy(app: Record) -> str:
    """The policy's name."""
    period = app.get("RefreshTokenValidityPeriod")
    return next((name for name, known in REFRESH_PERIODS.items() if known == period), UNTIL_REVOKED)


def holders(records: OrgRecords, *, profiles: bool) -> dict[str, str]:
    """Permission set -> name: the org's own permission sets, or the ones that its profiles own."""
    called = {row["Id"]: str(row["Name"]) for row in records.rows("Profile")}
    return {
        str(row["Id"]): called[row["ProfileId"]] if profiles else str(row["Label"])
        for row in records.rows("PermissionSet", IsOwnedByProfile=profiles)
        if not row.get("NamespacePrefix")  # those of a package cannot be changed
    }


def granted(records: OrgRecords, app_id: object, *, profiles: bool) -> list[str]:
    """The names of the profiles, or of the permission sets, that an app is granted to."""
    given = {row["ParentId"] for row in records.rows("SetupEntityAccess", SetupEntityId=app_id)}
    return sorted(name for holder, name in holders(records, profiles=profiles).items() if holder in given)


# --- what is pressed -----------------------------------------------------------------------------------


def install(org: OrgWriter, name: str) -> None:
    """Install an app that the org knows, and everything that people already hold of it becomes part of it."""
    if installed(org.records, name):
        return
    app_id = org.insert("ConnectedApplication", "0H4", Name=name, CreatedDate=org.at, **_AS_IT_COMES)
    item = org.insert("AppMenuItem", "0DS", ApplicationId=app_id, IsUsingAdminAuthorization=False, Label=name)
    org.update("OauthToken", lambda row: row["AppName"] == name, AppMenuItemId=item)
    org.note("insertConnectedApplication", f"Installed Connected App {name}")


def uninstall(org: OrgWriter, name: str) -> None:
    """Uninstall it: grants and everybody's tokens go with it."""
    app = installed(org.records, name)
    if app is None:
        return
    org.delete("AppMenuItem", ApplicationId=app["Id"])
    org.delete("SetupEntityAccess", SetupEntityId=app["Id"])
    org.delete("ConnectedApplication", Id=app["Id"])
    org.delete("OauthToken", AppName=name)
    _tried(org, name)  # so that it stays listed, and can be installed again
    org.note("deleteConnectedApplication", f"Uninstalled Connected App {name}")


def block(org: OrgWriter, name: str) -> None:
    """End what everybody holds of it, and let nobody in."""
    if is_blocked(org.records, name):
        return
    org.delete("OauthToken", AppName=name)
    org.insert(BLOCKED, "", AppName=name)
    org.note("blockConnectedApplication", f"Blocked Connected App {name}")


def unblock(org: OrgWriter, name: str) -> None:
    """Let people in again; tokens do not come back."""
    if org.delete(BLOCKED, AppName=name):
        _tried(org, name)
        org.note("unblockConnectedApplication", f"Unblocked Connected App {name}")


PRESSES = {"install": install, "uninstall": uninstall, "block": block, "unblock": unblock}


def set_policies(org: OrgWriter, app: Record, permitted: str, ip: str, refresh: str) -> None:
    """Save an app's policies; only what changes is written down."""
    name, strict = app["Name"], permitted == ADMIN_APPROVED
    if permitted != permitted_users(app):
        text = f"Permitted Users setting from {permitted_users(app)} to {permitted}"
        org.note("changeUserRuntimeAccessPolicy", f"Changed connected app {name} {text}")
    was = app.get("IpRelaxation", IP_RELAXATIONS[0])
    if ip != was:
        org.note("changeIpRelaxationPolicy", f"Changed connected app {name} IP Relaxation from {was} to {ip}")
    if refresh != refresh_policy(app):  # what Salesforce calls this action is not known
        org.note("changeRefreshTokenPolicy", f"Changed {name}: {refresh}")
    org.update(
        "ConnectedApplication",
        lambda row: row["Id"] == app["Id"],
        OptionsAllowAdminApprovedUsersOnly=strict,
        OptionsRefreshTokenValidityMetric=refresh == IDLE,
        RefreshTokenValidityPeriod=REFRESH_PERIODS[refresh],
        IpRelaxation=ip,
    )
    org.update("AppMenuItem", lambda row: row["ApplicationId"] == app["Id"], IsUsingAdminAuthorization=strict)


def grant(org: OrgWriter, pairs: Mapping[tuple[str, str], bool]) -> None:
    """Let the holders of permission sets in through apps, or no longer: (permission set, app id) -> whether."""
    known = {row["Id"] for row in org.rows("ConnectedApplication")}
    for (holder, app_id), wanted in pairs.items():
        entity = {"ParentId": holder, "SetupEntityId": app_id}
        if app_id not in known or wanted is bool(org.rows("SetupEntityAccess", **entity)):
            continue
        if wanted:
            org.insert("SetupEntityAccess", "0J0", **entity, SetupEntityType="ConnectedApplication")
        else:
            org.delete("SetupEntityAccess", **entity)
        note_access(org, entity, given=wanted)


def note_access(org: OrgWriter, entity: Record, *, given: bool) -> None:
    """The trail's line about an app that is granted or taken back; what Salesforce calls it is not known either."""
    app = next((row["Name"] for row in org.rows("ConnectedApplication", Id=entity["SetupEntityId"])), "unknown")
    word = "granted to" if given else "taken from"
    org.note("PermSetSetupEntityAccess", f"Connected app {app} {word} {_holder(org, entity['ParentId'])}")


def assign(org: OrgWriter, holder: str, people: Iterable[str]) -> None:
    """Let these people, and nobody else, hold a permission set."""
    wanted = set(people)
    held = {str(row["AssigneeId"]) for row in org.rows("PermissionSetAssignment", PermissionSetId=holder)}
    for person in sorted(wanted ^ held):
        assignment = {"AssigneeId": person, "PermissionSetId": holder}
        if person in wanted:
            org.insert("PermissionSetAssignment", "0Pa", **assignment)
        else:
            org.delete("PermissionSetAssignment", **assignment)
        note_assignment(org, assignment, given=person in wanted)
    _let_connection_see(org)


def note_assignment(org: OrgWriter, assignment: Record, *, given: bool) -> None:
    """The trail's line about a permission set that somebody gets or loses."""
    user = next((row["Username"] for row in org.rows("User", Id=assignment["AssigneeId"])), "unknown")
    action, word = ("PermSetAssign", "assigned to") if given else ("PermSetUnassign", "removed from")
    org.note(action, f"Permission set {_holder(org, assignment['PermissionSetId'])}: {word} user {user}")


def _holder(org: OrgWriter, holder: object) -> str:
    named = {**holders(org.records, profiles=True), **holders(org.records, profiles=False)}
    return named.get(str(holder), "unknown")


def permit(org: OrgWriter, holder: str, fields: Iterable[str]) -> None:
    """Give a permission set these system permissions, and no other."""
    org.update("PermissionSet", lambda row: row["Id"] == holder, **{each: each in fields for each in PERMISSIONS})
    org.note("PermSetChanged", f"Changed system permissions of {holders(org.records, profiles=False)[holder]}")
    _let_connection_see(org)


def _let_connection_see(org: OrgWriter) -> None:
    """What the bot's user is given shows at once. That it is taken away again is not followed."""
    sets = [row for row in org.rows("PermissionSet") if row["Id"] in _held(org.records, CONNECTION_USER)]
    given = {field: True for field in PERMISSIONS if any(row.get(field) for row in sets)}
    org.update("UserPermissionAccess", lambda _: True, **given)
    if len(given) == len(PERMISSIONS):
        org.reveal()


# --- who gets in ---------------------------------------------------------------------------------------


def refusal(records: OrgRecords, name: str, user: str) -> Refused | None:
    """Why the org refuses a person who logs in through an app; None where it lets them in."""
    if not records.rows("User", Id=user, IsActive=True) or records.rows("UserLogin", UserId=user, IsFrozen=True):
        return _INACTIVE
    if is_blocked(records, name):
        return _IS_BLOCKED
    app = installed(records, name)
    if app is None:
        # Who used it before the restriction goes on, and so do those who may approve uninstalled apps.
        was_in = records.rows("OauthToken", AppName=name, UserId=user) or _may_approve(records, user)
        return None if was_in else _NOT_INSTALLED
    given = {row["ParentId"] for row in records.rows("SetupEntityAccess", SetupEntityId=app["Id"])}
    strict = permitted_users(app) == ADMIN_APPROVED
    return _NOT_APPROVED if strict and not given & _held(records, user) else None


def server_refusal(records: OrgRecords, name: str, user: str) -> Refused | None:
    """The same for a program that holds the person's refresh token, or held it."""
    found = refusal(records, name, user)
    if found or not records.rows("OauthToken", AppName=name, UserId=user):
        return found or _EXPIRED
    app = installed(records, name)
    return _EXPIRED if app and refresh_policy(app) == AT_ONCE else None


def log_in(org: OrgWriter, name: str, user: str) -> Refused | None:
    """Somebody logs in through an app; a token is made, or the attempt leaves what it leaves in an org."""
    refused = refusal(org.records, name, user)
    if refused:
        _tried(org, name)
        if refused.history:
            _remember(org, name, user, refused.history)
        return refused
    app = installed(org.records, name)
    items = org.rows("AppMenuItem", ApplicationId=app["Id"]) if app else []
    tokens = org.rows("OauthToken", AppName=name, UserId=user)
    if len(tokens) >= _TOKENS_TO_A_USER:
        org.delete("OauthToken", Id=tokens[0]["Id"])
    org.insert(
        "OauthToken",
        "0CQ",
        AppName=name,
        AppMenuItemId=items[0]["Id"] if items else None,
        UserId=user,
        UseCount=1,
        CreatedDate=org.at,
        LastUsedDate=org.at,
    )
    _remember(org, name, user, "Success")
    return None


def _remember(org: OrgWriter, name: str, user: str, status: str) -> None:
    kind = "Remote Access 2.0"
    org.insert(
        "LoginHistory", "0Ya", UserId=user, LoginTime=org.at, LoginType=kind, Application=name, Status=status
    )  # fmt: skip


def _tried(org: OrgWriter, name: str) -> None:
    if not org.rows(TRIED, AppName=name):
        org.insert(TRIED, "", AppName=name)


def _held(records: OrgRecords, user: str) -> set[object]:
    """The permission sets of a person, the one of their profile among them."""
    return {row["PermissionSetId"] for row in records.rows("PermissionSetAssignment", AssigneeId=user)}


def _may_approve(records: OrgRecords, user: str) -> bool:
    sets = records.rows("PermissionSet", PermissionsApproveUninstalledConnectedApps=True)
    return bool({row["Id"] for row in sets} & _held(records, user))

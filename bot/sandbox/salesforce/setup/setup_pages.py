"""The pages of Setup: the apps and what may be pressed beside them, their policies, and who is granted what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial

from markupsafe import Markup

from bot.domain.orgs.setup_links import NAMES
from bot.sandbox.salesforce.changes import OrgWriter
from bot.sandbox.salesforce.database import Record
from bot.sandbox.salesforce.http import HttpAnswer
from bot.sandbox.salesforce.setup import apps
from bot.sandbox.salesforce.setup.drawing import (
    APP,
    FLOSUM_HOME,
    LOGINS,
    MANAGE,
    NAV,
    PROFILE,
    PROFILES,
    SET,
    SETS,
    TRAIL,
    USAGE,
    USERS,
    Visit,
    macros,
    sent_on,
    setup_page,
)

CONFIRM = "/lightning/setup/ConnectedAppsUsage/page"
INSTALL = "/identity/app/AppInstallApprovalPage.apexp"

Writing = Callable[[str, str], AbstractContextManager[OrgWriter]]
"""Changes the org at a host as a user."""

Options = Sequence[tuple[str, str, bool]]
"""What can be checked: its value, its name, and whether it is."""

_ADDRESS = re.compile(r"/(?P<id>\w+)(?:/(?P<part>[\w-]+))?")
_DONE = {
    "install": "{} is installed. Next: Manage App Policies, then grant it to profiles or permission sets.",
    "uninstall": "{} is uninstalled. The bot sees it when it checks this org again.",
    "block": "{} is blocked. The bot sees it when it checks this org again.",
    "unblock": "{} is unblocked. Next: update its token in Flosum.",
}
_ASKS = {
    "install": ("Install {}?", "People of this org can then log in through it, as its policies say."),
    "uninstall": ("Uninstall {}?", "All that people hold of it, and what was granted, goes with it."),
    "block": ("Block {}?", "Whoever uses it is cut off at once, and nobody gets in until it is unblocked."),
}


class SetupPages:
    """What stands at each path of Setup. Whoever is no System Administrator sees none of it."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing
        self.paths: Mapping[str, Callable[[Visit], HttpAnswer]] = {
            USAGE: self._usage,
            CONFIRM: self._press,
            INSTALL: self._press,
            MANAGE: self._manage,
            APP: self._app,
            SETS: partial(_holders, profiles=False),
            SET: partial(self._holder, profiles=False),
            PROFILES: partial(_holders, profiles=True),
            PROFILE: partial(self._holder, profiles=True),
            USERS: _users,
            LOGINS: _login_history,
            TRAIL: _trail,
        }

    def answer(self, visit: Visit) -> HttpAnswer:
        """The page at the visit's path."""
        profile = visit.records.rows("Profile", Id=visit.person["ProfileId"])
        if not profile or profile[0]["Name"] != "System Administrator":
            words = f"{visit.person['Name']} is no System Administrator of this org. Switch to a user who is, above."
            return setup_page(visit, "Insufficient Privileges", macros().listed("Insufficient Privileges", words), 403)
        return self.paths[visit.path](visit)

    def _writes(self, visit: Visit) -> AbstractContextManager[OrgWriter]:
        return self._writing(visit.org.host, str(visit.person["Id"]))

    # --- apps ---

    def _usage(self, visit: Visit) -> HttpAnswer:
        rows = [_usage_row(visit, name) for name in apps.names(visit.records)]
        done, app = visit.query.get("done", ""), visit.query.get("app", "")
        told = _DONE[done].format(app) if done in _DONE and app in apps.names(visit.records) else ""
        columns = ("Connected App", "Policies", "Users", "Actions")
        shown = macros().table("Apps that people of this org use, or were refused with", columns, rows)
        hint = ""
        if not rows:
            shown = macros().link(f"{FLOSUM_HOME}/organizations", "Connect this org in Flosum")
            hint = "No app is listed yet: one shows once somebody has tried to connect with it."
        return setup_page(visit, NAMES["usage"], macros().listed(NAMES["usage"], shown, told, hint))

    def _press(self, visit: Visit) -> HttpAnswer:
        """Asks once more, and does it."""
        app = visit.query.get("app") or apps.APP_OF.get(visit.query.get("app_id", ""), "")
        verb = visit.query.get("do", "install" if visit.path == INSTALL else "")
        if verb not in apps.PRESSES or (app not in apps.names(visit.records) and app not in apps.INSTALL_IDS):
            return _not_there(visit)
        back = visit.at(USAGE)
        if visit.pressed:
            with self._writes(visit) as org:
                apps.PRESSES[verb](org, app)
            return sent_on(visit.at(USAGE, done=verb, app=app))
        title, words = (text.format(app) for text in _ASKS.get(verb, ("{}", "")))
        if verb == "install" and apps.installed(visit.records, app):
            title, words = f"{app} is installed already", "Nothing needs to be done here."
            go = Markup()
        else:
            address = visit.at(visit.path, do=verb, app=app)
            go = macros().press(address, verb.capitalize(), visit.csrf, {}, main=True)
        return setup_page(visit, title, macros().confirm(title, words, go, back))

    def _manage(self, visit: Visit) -> HttpAnswer:
        found = sorted(visit.records.rows("ConnectedApplication"), key=lambda row: str(row["Name"]))
        rows = [
            (
                macros().link(visit.at(APP, address=f"/{row['Id']}"), row["Name"], button=False),
                apps.permitted_users(row),
                macros().link(visit.at(APP, address=f"/{row['Id']}/e"), "Edit", f"Edit {row['Name']}"),
            )
            for row in found
        ]
        shown = macros().table("Installed apps", ("Master Label", "Permitted Users", "Action"), rows)
        return setup_page(visit, NAMES["manage"], macros().listed(NAMES["manage"], shown))

    def _app(self, visit: Visit) -> HttpAnswer:
        """One app: its page, its policies to edit, its profiles and permission sets to choose."""
        record_id, part = _address(visit)
        found = visit.records.rows("ConnectedApplication", Id=record_id)
        if not found:
            return _not_there(visit)
        app, back = found[0], visit.at(APP, address=f"/{record_id}")
        if part == "e":
            return self._policies(visit, app, back)
        if part in ("profiles", "permission-sets"):
            return self._granting(visit, app, back, profiles=part == "profiles")
        policies = {
            "Permitted Users": apps.permitted_users(app),
            "IP Relaxation": app.get("IpRelaxation") or apps.IP_RELAXATIONS[0],
            "Refresh Token Policy": apps.refresh_policy(app),
        }
        related = [_related(visit, app, back, profiles=profiles) for profiles in (True, False)]
        body = macros().record("Connected App", app["Name"], _saved(visit), policies, f"{back}%2Fe", related)
        return setup_page(visit, str(app["Name"]), body)

    def _policies(self, visit: Visit, app: Record, back: str) -> HttpAnswer:
        warning = "With Admin approved, everybody to whom it is not granted is cut off at once."
        allowed, now = (apps.SELF_AUTHORIZE, apps.ADMIN_APPROVED), apps.permitted_users(app)
        fields = (
            ("permitted", "Permitted Users", allowed, now, warning),
            ("ip", "IP Relaxation", apps.IP_RELAXATIONS, app.get("IpRelaxation"), ""),
            ("refresh", "Refresh Token Policy", tuple(apps.REFRESH_PERIODS), apps.refresh_policy(app), ""),
        )
        given = [visit.form.get(key, "") for key, *_ in fields]
        if visit.pressed and all(value in options for value, (_, _, options, *_) in zip(given, fields, strict=True)):
            with self._writes(visit) as org:
                apps.set_policies(org, app, *given)
            return sent_on(f"{back}&saved=1")
        body = macros().policies(app["Name"], visit.csrf, f"{back}%2Fe", back, fields)
        return setup_page(visit, f"Edit Policies: {app['Name']}", body)

    def _granting(self, visit: Visit, app: Record, back: str, *, profiles: bool) -> HttpAnswer:
        known, app_id = apps.holders(visit.records, profiles=profiles), str(app["Id"])
        given = apps.granted(visit.records, app_id, profiles=profiles)
        kind, part = ("Profiles", "profiles") if profiles else ("Permission Sets", "permission-sets")
        options = [(holder, name, name in given) for holder, name in sorted(known.items(), key=lambda pair: pair[1])]

        def save(org: OrgWriter) -> None:
            apps.grant(org, {(holder, app_id): holder in visit.chosen for holder in known})

        return self._chosen(visit, f"Manage {kind}: {app['Name']}", back, part, options, save)

    def _chosen(
        self, visit: Visit, title: str, back: str, part: str, options: Options, save: Callable[[OrgWriter], None]
    ) -> HttpAnswer:
        """Boxes to check, and what is saved of them."""
        if visit.pressed:
            with self._writes(visit) as org:
                save(org)
            return sent_on(f"{back}&saved=1")
        body = macros().choose(title, visit.csrf, f"{back}%2F{part}", back, options)
        return setup_page(visit, title, body)

    # --- permission sets and profiles ---

    def _holder(self, visit: Visit, *, profiles: bool) -> HttpAnswer:
        """One permission set or profile: its apps and its people."""
        record_id, part = _address(visit)
        name = apps.holders(visit.records, profiles=profiles).get(record_id)
        if name is None:
            return _not_there(visit)
        back = visit.at(visit.path, address=f"/{record_id}")
        held = [row["AssigneeId"] for row in visit.records.rows("PermissionSetAssignment", PermissionSetId=record_id)]
        people = {str(row["Id"]): str(row["Name"]) for row in visit.records.rows("User", IsActive=True)}
        if part == "apps":
            return self._apps_of(visit, record_id, back)
        if part == "system" and not profiles:
            return self._permissions(visit, record_id, back)
        if part == "people" and not profiles:
            options = [(person, called, person in held) for person, called in people.items()]
            chosen = [each for each in visit.chosen if each in people]
            title = f"Manage Assignments: {name}"
            return self._chosen(visit, title, back, part, options, lambda org: apps.assign(org, record_id, chosen))
        given = {row["SetupEntityId"] for row in visit.records.rows("SetupEntityAccess", ParentId=record_id)}
        named = [row["Name"] for row in visit.records.rows("ConnectedApplication") if row["Id"] in given]
        assigned = [called for person, called in people.items() if person in held]
        related = [
            ("Assigned Connected Apps", named, f"{back}%2Fapps", "Edit Assigned Connected Apps", ""),
            ("Assigned Users", assigned, "" if profiles else f"{back}%2Fpeople", "Manage Assignments", ""),
        ]
        if not profiles:
            permitted = [label for _, label, held in _permissions(visit, record_id) if held]
            related.append(("System Permissions", permitted, f"{back}%2Fsystem", "Edit System Permissions", ""))
        over = "Profile" if profiles else "Permission Set"
        body = macros().record(over, name, _saved(visit), {}, "", related)
        return setup_page(visit, name, body)

    def _permissions(self, visit: Visit, holder: str, back: str) -> HttpAnswer:
        def save(org: OrgWriter) -> None:
            apps.permit(org, holder, visit.chosen)

        options = _permissions(visit, holder)
        return self._chosen(visit, "Edit System Permissions", back, "system", options, save)

    def _apps_of(self, visit: Visit, holder: str, back: str) -> HttpAnswer:
        known = {str(row["Id"]): str(row["Name"]) for row in visit.records.rows("ConnectedApplication")}
        given = {row["SetupEntityId"] for row in visit.records.rows("SetupEntityAccess", ParentId=holder)}
        options = [(app_id, name, app_id in given) for app_id, name in known.items()]

        def save(org: OrgWriter) -> None:
            apps.grant(org, {(holder, app_id): app_id in visit.chosen for app_id in known})

        return self._chosen(visit, "Edit Assigned Connected Apps", back, "apps", options, save)


def _permissions(visit: Visit, holder: str) -> Options:
    row = visit.records.rows("PermissionSet", Id=holder)[0]
    return [(field, label, bool(row.get(field))) for field, label in apps.PERMISSIONS.items()]


def _saved(visit: Visit) -> str:
    return "Saved. The bot sees it when it checks this org again." if "saved" in visit.query else ""


def _usage_row(visit: Visit, name: str) -> tuple[Markup | str, ...]:
    """As the article has it: what is pressed next stands in the Actions column."""
    app, m = apps.installed(visit.records, name), macros()
    policies: Markup | str = ""
    if app:
        label = f"Manage App Policies of {name}"
        policies = m.link(visit.at(APP, address=f"/{app['Id']}"), "Manage App Policies", label)
    actions = list(_actions(visit, name, is_installed=app is not None))
    return name, policies, str(apps.users(visit.records, name)), m.row(actions)


def _actions(visit: Visit, name: str, *, is_installed: bool) -> Iterator[Markup]:
    if is_installed:
        yield macros().link(visit.at(CONFIRM, do="uninstall", app=name), "Uninstall", f"Uninstall {name}")
    else:
        asked = {"app_id": apps.INSTALL_IDS[name]} if name in apps.INSTALL_IDS else {"app": name}
        asked["app_org_id"] = visit.org.organization_id
        yield macros().link(visit.at(INSTALL, **asked), "Install", f"Install {name}", main=True)
    if apps.is_blocked(visit.records, name):
        address = visit.at(CONFIRM, do="unblock", app=name)
        yield macros().press(address, "Unblock", visit.csrf, {}, f"Unblock {name}")
    else:
        yield macros().link(visit.at(CONFIRM, do="block", app=name), "Block", f"Block {name}")


def _related(visit: Visit, app: Record, back: str, *, profiles: bool) -> tuple[object, ...]:
    title, part = ("Profiles", "profiles") if profiles else ("Permission Sets", "permission-sets")
    open_to_all = apps.permitted_users(app) == apps.SELF_AUTHORIZE
    hint = f"They count once Permitted Users is “{apps.ADMIN_APPROVED}”." if open_to_all else ""
    return title, apps.granted(visit.records, app["Id"], profiles=profiles), f"{back}%2F{part}", f"Manage {title}", hint


def _address(visit: Visit) -> tuple[str, str]:
    """The record that the page is about, and which part of it."""
    found = _ADDRESS.fullmatch(visit.query.get("address", ""))
    return (found["id"], found["part"] or "") if found else ("", "")


def _not_there(visit: Visit) -> HttpAnswer:
    words = "It may have been uninstalled or renamed meanwhile. Go on from the list of pages."
    return setup_page(visit, "Data Not Available", macros().listed("Data Not Available", words), 404)


def _list(visit: Visit, caption: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> HttpAnswer:
    title = dict(NAV)[visit.path]
    return setup_page(visit, title, macros().listed(title, macros().table(caption, columns, rows)))


def _holders(visit: Visit, *, profiles: bool) -> HttpAnswer:
    path, found = PROFILE if profiles else SET, apps.holders(visit.records, profiles=profiles)
    rows: list[tuple[object, ...]] = []
    for holder, name in sorted(found.items(), key=lambda pair: pair[1]):
        people = len(visit.records.rows("PermissionSetAssignment", PermissionSetId=holder))
        rows.append((macros().link(visit.at(path, address=f"/{holder}"), name, button=False), str(people)))
    return _list(visit, "Open one to see its apps and people", ("Name", "Users"), rows)


def _users(visit: Visit) -> HttpAnswer:
    called = {row["Id"]: row["Name"] for row in visit.records.rows("Profile")}
    sets = apps.holders(visit.records, profiles=False)
    rows: list[tuple[object, ...]] = []
    for row in visit.records.rows("User"):
        held = visit.records.rows("PermissionSetAssignment", AssigneeId=row["Id"])
        named = ", ".join(
            sorted(sets[str(each["PermissionSetId"])] for each in held if each["PermissionSetId"] in sets)
        )
        active = "Active" if row["IsActive"] else "Inactive"
        rows.append((row["Name"], row["Username"], called.get(row["ProfileId"], ""), named or "none", active))
    return _list(visit, "Everybody in this org", ("Name", "Username", "Profile", "Permission Sets", "State"), rows)


def _login_history(visit: Visit) -> HttpAnswer:
    called = {row["Id"]: row["Username"] for row in visit.records.rows("User")}
    found = sorted(visit.records.rows("LoginHistory"), key=lambda row: str(row["LoginTime"]), reverse=True)
    rows = [(_when(row["LoginTime"]), called.get(row["UserId"]), row["Application"], row["Status"]) for row in found]
    return _list(visit, "The newest first", ("Login Time", "Username", "Application", "Status"), rows)


def _trail(visit: Visit) -> HttpAnswer:
    called = {row["Id"]: row["Name"] for row in visit.records.rows("User")}
    found = visit.records.rows("SetupAuditTrail")
    rows = [(_when(row["CreatedDate"]), called.get(row["CreatedById"]), row["Display"]) for row in found]
    return _list(visit, "The newest first", ("Date", "User", "Action"), rows)


def _when(written: object) -> str:
    return f"{str(written)[:10]} {str(written)[11:16]} UTC"

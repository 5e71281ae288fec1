"""Flosum's side of the story, and the login to Salesforce between: Organizations, Update Token, what an org answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from bot.domain.model import BACKUP_APP, DEVOPS_APP
from bot.sandbox.salesforce.http import HttpAnswer
from bot.sandbox.salesforce.orgs import BuiltInOrg
from bot.sandbox.salesforce.setup import apps
from bot.sandbox.salesforce.setup.drawing import FLOSUM_HOME, USAGE, Visit, macros, page, sent_on
from bot.sandbox.salesforce.setup.setup_pages import Writing

AUTHORIZE, ERROR = "/services/oauth2/authorize", "/setup/secur/RemoteAccessErrorPage.apexp"
ORGANIZATIONS = "/organizations"
PRODUCTS = {BACKUP_APP: "Backup & Archive", DEVOPS_APP: "DevOps"}
_GENERIC = "An unexpected error has occured during authentication. Please try again."


class FlosumPages:
    """Flosum's list of orgs, with whom each is connected as, and the pages on the way to a new token."""

    def __init__(self, orgs: Mapping[str, BuiltInOrg], writing: Writing) -> None:
        self._orgs = orgs
        self._writing = writing
        self._connected: dict[tuple[str, str], str] = {}
        for org in orgs.values():
            for token in reversed(org.database.rows("OauthToken")):
                self._connected[org.name, str(token["AppName"])] = str(token["UserId"])

    # --- at Flosum ---

    def organizations(self, query: Mapping[str, str], form: Mapping[str, str], csrf: str) -> HttpAnswer:
        """Global Settings → Organizations; ``form`` is a connection that is to be tried out."""
        told, failed, log = self._tried(form) if form else self._came_back(query)
        columns = ("Organization", "Product", "Connected as", "Token", "Menu")
        rows = [self._row(org, app, csrf) for org in self._orgs.values() for app in PRODUCTS]
        shown = macros().table("Each org, by product", columns, rows)
        return page("Organizations", macros().organizations(shown, told, failed, log), "Flosum", wide=True)

    def _row(self, org: BuiltInOrg, app: str, csrf: str) -> tuple[object, ...]:
        user, about = self._connected.get((org.name, app)), f"of {org.name} for {PRODUCTS[app]}"
        refused = apps.server_refusal(org.database, app, user) if user else None
        words = ("Token Expired" if refused else "Token Valid") if user else "Not connected"
        address = f"/~{org.host}{AUTHORIZE}?{urlencode({'client_id': apps.INSTALL_IDS[app]})}"
        update = ("Update Token", f"Update Token {about}") if user else ("Connect", f"Connect {about[3:]}")
        inside = [macros().link(address, *update, main=True)]
        if user:
            asked = {"org": org.name, "app": app}
            inside.append(
                macros().press(f"{FLOSUM_HOME}{ORGANIZATIONS}", "Run a job", csrf, asked, f"Run a job {about}")
            )
        state = macros().state(words, user is not None and refused is None)
        menu = macros().menu(f"Menu {about}", inside)
        name = macros().link(f"/~{org.host}{USAGE}", org.name, f"Setup of {org.name}", button=False)
        return name, PRODUCTS[app], _called(org, user), state, menu

    def _tried(self, form: Mapping[str, str]) -> tuple[str, bool, str]:
        name, app = form.get("org", ""), form.get("app", "")
        org = next((each for each in self._orgs.values() if each.name == name), None)
        user = self._connected.get((name, app))
        if org is None or user is None:
            return "That org is not connected.", True, ""
        refused = apps.server_refusal(org.database, app, user)
        if refused is None:
            return f"The job ran: {name}, {PRODUCTS[app]}, Token Valid.", False, ""
        error, description = refused.server
        body = {"error": error} | ({"error_description": description} if description else {})
        return (
            f"The job of {name} for {PRODUCTS[app]} failed: Salesforce refused the connection.",
            True,
            json.dumps(body),
        )

    def _came_back(self, query: Mapping[str, str]) -> tuple[str, bool, str]:
        """From Salesforce's login, with a token or without."""
        org, app = self._orgs.get(query.get("host", "")), apps.APP_OF.get(query.get("app_id", ""))
        if org is None or app is None:
            return "", False, ""
        if "error" in query:
            log = urlencode({"error": "access_denied", "error_description": "end-user denied authorization"})
            return f"{org.name} was not connected: the request was denied in Salesforce.", True, log
        return f"{org.name} is connected for {PRODUCTS[app]}: Token Valid.", False, ""

    # --- at Salesforce ---

    def authorize(self, visit: Visit) -> HttpAnswer:
        """Log in, allow it where nobody did so for all, and go back to Flosum; or read why not."""
        app = apps.APP_OF[visit.query["client_id"]]
        user = visit.form.get("user", "")
        if not (visit.pressed and visit.records.rows("User", Id=user)):
            words = f"{app} asks for access to {visit.org.name} ({visit.org.host})."
            return log_in_as(visit, words, visit.at(AUTHORIZE, client_id=visit.query["client_id"]))
        back = {"host": visit.org.host, "app_id": visit.query["client_id"]}
        answer = visit.form.get("answer", "")
        if answer == "deny":
            return sent_on(f"{FLOSUM_HOME}{ORGANIZATIONS}?{urlencode({**back, 'error': 'access_denied'})}")
        if answer != "allow" and _must_consent(visit, app, user):
            return _consent(visit, app, user)
        with self._writing(visit.org.host, user) as org:
            refused = apps.log_in(org, app, user)
        if refused:
            error, description = refused.browser
            return sent_on(visit.at(ERROR, error=error, error_description=description))
        self._connected[visit.org.name, app] = user
        return sent_on(f"{FLOSUM_HOME}{ORGANIZATIONS}?{urlencode(back)}")

    def error(self, visit: Visit) -> HttpAnswer:
        """The page that Salesforce shows instead of a consent; its address says more than its words."""
        error, description = (visit.query.get(key, "")[:200] for key in ("error", "error_description"))
        shown = (
            f"{error} : {description}" if error.startswith("OAUTH") else f"OAUTH_APPROVAL_ERROR_GENERIC : {_GENERIC}"
        )
        words = (shown, "For more information, contact your Salesforce administrator.")
        paste = f"https://{visit.org.host}{ERROR}?{urlencode({'error': error, 'error_description': description})}"
        back = macros().row(
            (
                macros().link(visit.at(USAGE), "Setup: Connected Apps OAuth Usage"),
                macros().link(f"{FLOSUM_HOME}{ORGANIZATIONS}", "Back to Flosum"),
            )
        )
        title = "We can’t authorize you because of an OAuth error"
        return page(title, macros().error(title, words, paste, back), f"Salesforce · {visit.org.name}")


def _called(org: BuiltInOrg, user: str | None) -> str:
    found = org.database.rows("User", Id=user) if user else []
    return str(found[0]["Username"]) if found else "nobody"


def log_in_as(visit: Visit, words: str, address: str) -> HttpAnswer:
    """Salesforce's login: nobody has a password here, one says who one is."""
    called = {row["Id"]: row["Name"] for row in visit.records.rows("Profile")}
    people = [
        (row["Id"], row["Name"], f"{called.get(row['ProfileId'], '')}{'' if row['IsActive'] else ', inactive'}")
        for row in visit.records.rows("User")
    ]
    body = macros().login(words, visit.csrf, address, people)
    return page("Log in to Salesforce", body, f"Salesforce · {visit.org.name}")


def _must_consent(visit: Visit, app: str, user: str) -> bool:
    """Where everybody may authorize themselves, each does so once."""
    known = apps.installed(visit.records, app)
    strict = known is not None and apps.permitted_users(known) == apps.ADMIN_APPROVED
    has_one = visit.records.rows("OauthToken", AppName=app, UserId=user)
    return not (strict or has_one or apps.refusal(visit.records, app, user))


def _consent(visit: Visit, app: str, user: str) -> HttpAnswer:
    words = f"{app} asks to use the API as {_called(visit.org, user)}, and to stay connected."
    address = visit.at(AUTHORIZE, client_id=visit.query["client_id"])
    choices = [
        macros().press(address, label, visit.csrf, {"user": user, "answer": label.lower()}, main=label == "Allow")
        for label in ("Allow", "Deny")
    ]
    body = macros().listed("Allow Access?", macros().row(choices), hint=words, above="Salesforce")
    return page("Allow Access?", body, f"Salesforce · {visit.org.name}")

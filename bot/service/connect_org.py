"""Connecting an org from Slack: which ways there are, and what is kept when one of them has worked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from bot.domain.answers import Answer, Button, Form
from bot.domain.command import Command
from bot.domain.errors import AskerError, LoginStopped, OrgRefused, Why
from bot.domain.model import Asker, Change, Credentials, Login, Org, OrgFacts, Person
from bot.domain.orgs import connection, identity, own_app
from bot.domain.orgs.identity import Identity
from bot.domain.orgs.logins import JWT_FORM
from bot.domain.orgs.my_domain import is_sandbox_host, my_domain_host
from bot.domain.orgs.status_report import status
from bot.ports import Clock, Connections, Governance, Orgs, Store
from bot.service.org_checks import OrgChecks
from bot.service.permissions import Permissions

DOING = "Connecting an org"


class Kept(Store, Connections, Governance, Protocol):
    """Everything that the store keeps of orgs."""


class ConnectedOrgs:
    """Saves an org that has let the bot in, and says so."""

    def __init__(
        self,
        store: Kept,
        checks: OrgChecks,
        clock: Clock,
        new_name: Callable[[str, str], str] = lambda _workspace, _name: "",
    ) -> None:
        """``new_name`` is what the org is called now that had a name before; "" for none."""
        self._new_name = new_name
        self._store = store
        self._checks = checks
        self._clock = clock

    def refuse_other(self, workspace: str, name: str, host: str, organization_id: str | None) -> None:
        """Raise LoginStopped when ``name`` stands for another Salesforce org already."""
        known = self._store.org(workspace, name)
        if known is None:
            return
        found = identity.compared(known, host, organization_id)
        if found is Identity.REPLACED:
            raise LoginStopped(Why.WRONG_ORG, identity.replaced(known))
        if found is Identity.OTHER:
            raise LoginStopped(Why.WRONG_ORG, connection.wrong_org(known, host))

    def keep(self, who: Asker, org: Org, credentials: Credentials) -> Org:
        """Add the org, or give the one of that name its new login. Raises LoginStopped and AskerError.

        A login that began before its org was renamed is that org's, by the name of today.
        """
        org = replace(org, name=self._name_of_today(org))
        self.refuse_other(org.workspace, org.name, org.host, org.organization_id)
        known = self._store.org(org.workspace, org.name)
        org = connection.logged_in_anew(known or replace(org, added_at=self._clock()), org, who.user)
        if known is None:
            self._store.add_org(org, credentials)
        else:
            if identity.compared(known, org.host, org.organization_id) is Identity.REFRESHED:
                org = replace(org, organization_id=known.organization_id)  # by which the first reading notices
            with self._store.refreshing(org):  # what is renewed of the old login must not overwrite the new one
                self._store.save_credentials(org, credentials)
                self._store.save_org(org)
        action = "connected again" if known else "connected"
        self._store.record(Change(who.workspace, self._clock(), who.user, action, f"{org.name} ({org.host})"))
        return org

    def _name_of_today(self, org: Org) -> str:
        if self._store.org(org.workspace, org.name) is not None:
            return org.name
        now = self._new_name(org.workspace, org.name)
        known = self._store.org(org.workspace, now) if now else None
        is_it = known and identity.compared(known, org.host, org.organization_id) is not Identity.OTHER
        return known.name if known and is_it else org.name

    def first_status(self, org: Org, facts: OrgFacts | None = None) -> Answer:
        """The answer to a new connection: the first reading of the org, made now unless ``facts`` are it."""
        found = self._checks.as_read(org, facts) if facts else self._checks.one(org)
        return connection.connected(found.org, status(found, self._clock()), self._store.orgs(org.workspace))


class Invites(Protocol):
    """What makes a link for a login in the browser: ``bot.service.browser_login.BrowserLoginFlow``."""

    def link(self, who: Asker, person: Person, name: str, host: str | None) -> str:
        """A link for ``who`` alone; "" where that way is not set up."""
        ...


class ConnectOrg:
    """``/flosum connect <org> [my-domain]``, and the login with the operator's key."""

    doing = "Logging in to Salesforce"

    def __init__(
        self,
        *,
        store: Kept,
        connected_orgs: ConnectedOrgs,
        orgs: Orgs,
        permissions: Permissions,
        invites: Invites,
        jwt: Credentials | None,
        writes: bool = False,
    ) -> None:
        """``jwt`` is the operator's consumer key and private key, None where that way is not set up.

        ``writes``: the operator lets the assistant write to orgs whose administrators allow it.
        """
        self._writes = writes
        self._store = store
        self._connected_orgs = connected_orgs
        self._orgs = orgs
        self._permissions = permissions
        self._invites = invites
        self._jwt = jwt

    def command(self, who: Asker, command: Command) -> Answer:
        """The ways that are set up, as buttons; without a name, a form that asks for it."""
        if not command.rest:
            self._permissions.require(who, DOING)
            raise AskerError(connection.WHICH_NAME, (connection.CONNECT_AN_ORG,))
        name, host = connection.name_and_host(command.rest, partial(self.is_known, who))
        person = self._permissions.require(who, DOING)
        known = self._store.org(who.workspace, name)
        name = known.name if known else name
        link = self._invites.link(who, person, name, host or (known.host if known else None))
        set_up = {Login.BROWSER: link} if link else {}
        if self._jwt is not None:
            set_up[Login.JWT] = ""
        answer = connection.ways(name, known, set_up)
        is_doubtful = known is None and host is not None and not {".", ":"} & set(command.words[-1])
        return connection.with_doubt(answer, *command.words) if is_doubtful else answer

    def ask_name(self, who: Asker) -> Form:
        """The form that asks what a new org is called. Raises NotAllowed for those who may not connect one."""
        self._permissions.require(who, DOING)
        return connection.new_org_form()

    def is_known(self, who: Asker, name: str) -> bool:
        """Whether the workspace has an org of that name."""
        return self._store.org(who.workspace, name) is not None

    # --- with the operator's key -----------------------------------------------------------------------

    def form(self, who: Asker, name: str) -> Form:
        """The lines to fill in. Raises AskerError for those who may not."""
        self._permissions.require(who, DOING)
        self._key()
        known = self._store.org(who.workspace, name)
        return connection.jwt_form(connection.org_name(name), known, asks_for_grants=self._writes)

    def faults(self, _: Asker, values: dict[str, str]) -> dict[str, str]:
        """What is wrong with the lines, by line; looked at before anything is asked of anybody."""
        found = {}
        if "@" not in values.get("username", "").strip()[1:]:
            found["username"] = "A Salesforce user name looks like an e-mail address."
        try:
            my_domain_host(values.get("host", ""))
        except AskerError as error:
            found["host"] = error.text.replace("`", "")
        return found

    def submit(self, who: Asker, name: str, values: dict[str, str]) -> Answer:
        """Log in as the named user; keep the org if that works, and say what was found."""
        self._permissions.require(who, DOING)
        key, name = self._key(), connection.org_name(name)
        host, username = my_domain_host(values["host"]), values["username"].strip()
        org = Org(who.workspace, name, host, Login.JWT, username, sandbox=is_sandbox_host(host) or None)
        org = replace(org, grants_allowed=self._writes and values.get("grants") == "yes")
        try:
            facts = self._orgs.facts(org, key)
        except OrgRefused as refusal:
            meaning = own_app.guidance(refusal.code, refusal.description, org.login)
            again = Button("Change what I typed", command=name, form=JWT_FORM, primary=True)
            return connection.refused(name, refusal.text, meaning, again)
        org = replace(org, host=facts.host or host, organization_id=facts.organization_id, sandbox=facts.sandbox)
        org = self._connected_orgs.keep(who, org, key)
        facts = identity.noted(org, facts, None)
        self._store.save_facts(org, facts)
        return self._connected_orgs.first_status(org, facts)

    def _key(self) -> Credentials:
        """The operator's key. Raises AskerError where it is not for this: a form can come from anywhere."""
        if self._jwt is None:
            raise AskerError("Logging in with the bot's key is not offered here. `/flosum connect` shows what is.")
        return self._jwt


class NewOrg:
    """The form that asks what a new org is called; its answer are the ways to connect it."""

    doing = "Looking up the ways to connect it"

    def __init__(self, connect_org: ConnectOrg) -> None:
        self._connect_org = connect_org

    def form(self, who: Asker, _: str) -> Form:
        """The one line to fill in. Raises NotAllowed."""
        return self._connect_org.ask_name(who)

    def faults(self, who: Asker, values: dict[str, str]) -> dict[str, str]:
        """What is wrong with the name."""
        return connection.name_faults(values, partial(self._connect_org.is_known, who))

    def submit(self, who: Asker, _: str, values: dict[str, str]) -> Answer:
        """The ways that are set up."""
        return self._connect_org.command(who, Command("connect", values["org"].strip()))

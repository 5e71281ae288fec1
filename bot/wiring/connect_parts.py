"""Connecting orgs, wired: the verbs, the form and the pages over one set of parts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bot.adapters.settings import Settings, reveal
from bot.adapters.slack.directory import SlackPeople
from bot.adapters.store import SqlStore
from bot.domain.digest.escalation import OWNER_FORM
from bot.domain.model import Credentials
from bot.domain.orgs.connection import NEW_ORG_FORM
from bot.domain.orgs.logins import JWT_FORM
from bot.domain.recognition.entries import Entry
from bot.entrypoints.pages import ConnectPages
from bot.jobs import Jobs
from bot.ports import Clock, FormHandler, Orgs, OrgUsers, Outbox
from bot.service.browser_login import BrowserLoginFlow
from bot.service.check_error import CheckError
from bot.service.connect_org import ConnectedOrgs, ConnectOrg, NewOrg
from bot.service.manage_orgs import ManageOrgs
from bot.service.org_checks import OrgChecks
from bot.service.owner_form import OwnerForm
from bot.service.permissions import Permissions
from bot.service.slash_verbs import Runner
from bot.service.user_access import UserAccess

if TYPE_CHECKING:
    from bot.adapters.salesforce.web_server_flow import WebServerFlow

Route = Callable[[str], str]


class ConnectParts:
    """What the running bot registers. ``public_url`` is None where no browser reaches the bot; ``entry`` gives an entry
    of the guidance, ``new_name`` what the org is called now that had a name before."""

    def __init__(
        self,
        settings: Settings,
        store: SqlStore,
        checks: OrgChecks,
        orgs: Orgs,
        logins: WebServerFlow,
        *,
        users: OrgUsers,
        people: SlackPeople,
        permissions: Permissions,
        outbox: Outbox,
        jobs: Jobs,
        public_url: Callable[[], str | None],
        clock: Clock,
        entry: Callable[[str], Entry | None],
        new_name: Callable[[str, str], str],
        read_elsewhere: Callable[[str, str], bool],
    ) -> None:
        connected_orgs = ConnectedOrgs(store, checks, clock, new_name)
        login_flow = BrowserLoginFlow(
            store=store,
            connected_orgs=connected_orgs,
            logins=logins,
            permissions=permissions,
            outbox=outbox,
            later=jobs.later,
            public_url=lambda: public_url() if settings.salesforce_client_id else None,
            workspace_name=people.workspace_name,
            clock=clock,
            random=partial(secrets.token_urlsafe, 32),
            writes=settings.flosum_org_writes,
        )
        self._connect_org = ConnectOrg(
            store=store,
            connected_orgs=connected_orgs,
            orgs=orgs,
            permissions=permissions,
            invites=login_flow,
            jwt=_operators_key(settings),
            writes=settings.flosum_org_writes,
        )
        self._user_access = UserAccess(
            store=store,
            users=users,
            people=people,
            permissions=permissions,
            clock=clock,
            writes=settings.flosum_org_writes,
        )
        self._check_error = CheckError(store, checks, entry, self._user_access.own_reading, clock)
        self._manage_orgs = ManageOrgs(
            store=store, logins=logins, permissions=permissions, clock=clock, read_elsewhere=read_elsewhere
        )
        self._owner_form = OwnerForm(self._manage_orgs, permissions)
        self.pages = ConnectPages(login_flow, lambda: (public_url() or "").startswith("https://"))

    @property
    def forms(self) -> dict[str, FormHandler]:
        """What stands behind its forms."""
        return {JWT_FORM: self._connect_org, NEW_ORG_FORM: NewOrg(self._connect_org), OWNER_FORM: self._owner_form}

    @property
    def runners(self) -> dict[str, Runner]:
        """What runs their verbs."""
        return {
            "connect": self._connect_org.command,
            "disconnect": self._manage_orgs.disconnect,
            "rename": self._manage_orgs.rename,
            "apps": self._manage_orgs.apps,
            "owner": self._manage_orgs.owner,
            "access": self._user_access.command,
            "cause": self._check_error.command,
            "tag": self._manage_orgs.tag,
        }


def browser_login(
    settings: Settings, public_url: Callable[[], str | None], route: Route | None, browse: Route | None
) -> WebServerFlow:
    """The web server flow of the operator's app."""
    from bot.adapters.salesforce.web_server_flow import WebServerFlow

    return WebServerFlow(
        settings.salesforce_client_id,
        reveal(settings.salesforce_client_secret),
        public_url,
        route=route,
        browse=browse,
        ca_bundle=settings.ca_bundle,
    )


def _operators_key(settings: Settings) -> Credentials | None:
    """Consumer key and private key of the JWT bearer login, if both are set and there is one workspace.

    An org belongs to the workspace that proved a login by one of its people. This key proves none of theirs: with it
    the admins of one workspace could read the org of another, by naming its host and user.
    """
    if settings.many_workspaces:
        return None
    key, pem = reveal(settings.salesforce_jwt_client_id), settings.jwt_key
    return Credentials(key, private_key=pem) if key and pem else None

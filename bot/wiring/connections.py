"""Connecting orgs, wired: the verbs, the form and the pages over one set of parts."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

from bot.adapters.salesforce.browser import BrowserLogin
from bot.adapters.settings import Settings, reveal
from bot.adapters.store import SqlStore
from bot.domain.model import Credentials
from bot.domain.orgs.connection import JWT_FORM
from bot.entrypoints.connect_pages import ConnectPages
from bot.entrypoints.slack.forms import FormListeners
from bot.jobs import Jobs
from bot.ports import Clock, Orgs, Outbox
from bot.service.assistant import Verb
from bot.service.browsing import Browsing
from bot.service.checks import Checks
from bot.service.connecting import Connecting, Explain, Register
from bot.service.rights import Rights
from bot.service.tending import Tending

Route = Callable[[str], str]


class ConnectionParts:
    """What the running bot registers. ``public_url`` is None where no browser reaches the bot."""

    def __init__(
        self,
        settings: Settings,
        store: SqlStore,
        checks: Checks,
        orgs: Orgs,
        logins: BrowserLogin,
        *,
        rights: Rights,
        outbox: Outbox,
        jobs: Jobs,
        explain: Explain,
        public_url: Callable[[], str | None],
        workspace_name: Callable[[str], str],
        clock: Clock,
    ) -> None:
        register = Register(store, checks, clock)
        browsing = Browsing(
            store=store,
            register=register,
            logins=logins,
            rights=rights,
            outbox=outbox,
            explain=explain,
            later=jobs.submit,
            public_url=lambda: public_url() if settings.salesforce_client_id else None,
            workspace_name=workspace_name,
            clock=clock,
            random=partial(secrets.token_urlsafe, 32),
        )
        self._connecting = Connecting(
            store=store,
            register=register,
            orgs=orgs,
            rights=rights,
            invites=browsing,
            jwt=_operators_key(settings),
            explain=explain,
        )
        self._tending = Tending(store=store, logins=logins, rights=rights, clock=clock)
        self.forms = FormListeners({JWT_FORM: self._connecting}, jobs)
        self.pages = ConnectPages(browsing, lambda: (public_url() or "").startswith("https://"))

    @property
    def verbs(self) -> dict[str, Verb]:
        """Their commands."""
        return {
            "connect": self._connecting.command,
            "disconnect": self._tending.disconnect,
            "rename": self._tending.rename,
            "apps": self._tending.apps,
            "owner": self._tending.owner,
        }


def browser_login(
    settings: Settings, public_url: Callable[[], str | None], route: Route | None, browse: Route | None
) -> BrowserLogin:
    """The web server flow of the operator's app."""
    return BrowserLogin(
        settings.salesforce_client_id,
        reveal(settings.salesforce_client_secret),
        public_url,
        route=route,
        browse=browse,
        ca_bundle=settings.ca_bundle,
    )


def _operators_key(settings: Settings) -> Credentials | None:
    """Consumer key and private key of the JWT bearer login, if both are set."""
    key, pem = reveal(settings.salesforce_jwt_client_id), settings.jwt_key
    return Credentials(key, private_key=pem) if key and pem else None

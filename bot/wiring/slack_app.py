"""How Slack reaches the bot and the bot Slack: in the one workspace whose token is a setting, or in many."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Protocol

import structlog
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import Installation

from bot.adapters.settings import Settings, reveal
from bot.adapters.slack import web_api
from bot.adapters.slack.installation_store import GONE, SealedInstallationStore
from bot.adapters.store import SqlStore
from bot.domain.errors import NotInstalled, OperatorError, SlackRefused
from bot.domain.model import LOCAL, Change
from bot.domain.program import to_type
from bot.entrypoints.slack.install.authorize import InstallationAuthorize, StateStore
from bot.entrypoints.slack.install.oauth_flow import oauth_flow
from bot.entrypoints.slack.listeners.uninstall import SignsOfLife, UninstallListeners
from bot.ports import Clock
from bot.service.departures import Departures
from bot.service.uninstall import Uninstalls

log = structlog.get_logger("assistant")

BOLT_LOG = logging.getLogger("slack_bolt")
"""Handed over, because loggers that Bolt makes itself have a level of their own, whatever ``logs`` says."""

NAME = "flosum"
"""Without one Bolt looks for a file's name through all modules that are loaded, which takes it longer than the rest."""

_NO_WAY_IN = (
    "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing; set one of them. "
    f"Without any account: {to_type('demo')}"
)
_NO_TOKEN = "SLACK_BOT_TOKEN is missing; it stands under OAuth & Permissions in the Slack app's settings."  # noqa: S105


Greet = Callable[[str, str], None]


class SlackConnection(Protocol):
    """One of the two ways."""

    def client_for(self, workspace: str) -> WebClient:
        """The Web API client of a workspace. Raises SlackRefused where the bot is not installed."""
        ...

    def app(self, greet: Greet, listen: Callable[[App], None]) -> App:
        """The Bolt app. ``greet`` is told of a workspace and of who added the bot there; ``listen`` registers what
        comes more often than an uninstallation: Bolt asks one listener after the other.
        """
        ...

    def open(self) -> None:
        """Make sure that Slack knows us. Raises OperatorError."""
        ...

    def default_workspace(self) -> str:
        """The workspace that the terminal's commands are about. Raises OperatorError."""
        ...


def slack_connection(
    settings: Settings,
    slack: web_api.WatchedClient,
    store: SqlStore,
    uninstalls: Uninstalls,
    departures: Departures,
    clock: Clock,
) -> SlackConnection:
    """The way that the settings choose."""
    if settings.many_workspaces:
        return ManyWorkspaces(settings, slack, store, uninstalls, clock)
    return OneWorkspace(settings, slack, store, departures)


def token_works(client_for: Callable[[str], WebClient], workspace: str) -> bool | None:
    """Whether Slack takes our token, and it is that very workspace's; None where Slack did not say."""
    try:
        me = web_api.called(lambda: client_for(workspace).auth_test())
    except SlackRefused as refusal:
        return False if refusal.permanent else None
    return bool(me["team_id"] == workspace)


def refuse_unready(settings: Settings) -> None:
    """Raise OperatorError, with a sentence for each setting that is missing or does not go with another."""
    if lacking := list(missing(settings)):
        raise OperatorError("\n".join(lacking))


def missing(settings: Settings) -> Iterator[str]:
    """The same sentences."""
    if settings.many_workspaces:
        yield from _missing_for_many(settings)
        return
    if settings.slack_client_id or settings.slack_client_secret:
        lacking = "SLACK_CLIENT_SECRET" if settings.slack_client_id else "SLACK_CLIENT_ID"
        yield f"{lacking} is missing; Add to Slack needs SLACK_CLIENT_ID and SLACK_CLIENT_SECRET."
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        yield _NO_WAY_IN
    if settings.slack_bot_token is None:
        yield _NO_TOKEN


def _missing_for_many(settings: Settings) -> Iterator[str]:
    if settings.slack_app_token is not None:
        yield (
            "SLACK_APP_TOKEN (Socket Mode) does not go with Add to Slack, which needs HTTP: "
            "take it out, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET."
        )
    if settings.slack_signing_secret is None:
        yield "SLACK_SIGNING_SECRET is missing; Add to Slack needs HTTP, and this tells Slack's requests from others."
    if settings.flosum_public_url is None:
        yield "FLOSUM_PUBLIC_URL is missing; Add to Slack sends browsers back to it."


def _where_to_add(settings: Settings) -> str:
    """For a workspace without the bot: a workspace that never had it, or one of an organization that was left out."""
    url = (settings.flosum_public_url or "").rstrip("/")
    return f"<{url}/slack/install|Add Flosum>" if url else ""


_AS_NEEDED: Mapping[str, Any] = {
    "ignoring_self_events_enabled": False,  # that an answer of ours was deleted is such an event
    "request_verification_enabled": False,  # the door does that, before anything is parsed
    # Our listeners only hand over, so they run where the request came in: no pool to wait for, no polling.
    "process_before_response": True,
    # Ways to answer, and a token for steps of workflows, that Bolt would make for each event and nobody here uses.
    "attaching_conversation_kwargs_enabled": False,
    "attaching_function_token_enabled": False,
}
"""What a Bolt app does with each request."""


class OneWorkspace:
    """The workspace of SLACK_BOT_TOKEN."""

    def __init__(self, settings: Settings, slack: WebClient, store: SqlStore, departures: Departures) -> None:
        self._settings = settings
        self._slack = slack
        self._store = store
        self._departures = departures
        self._ours: set[str] = set()

    def client_for(self, workspace: str) -> WebClient:
        """The one client. Raises SlackRefused for another workspace, once it is known which is ours.

        A button that somebody of another company presses in a shared channel may come under the id of their workspace,
        where they can be an admin; of them the token would tell all the same.
        """
        if self._ours and workspace not in self._ours:
            raise NotInstalled("The bot serves another workspace.")
        return self._slack

    def open(self) -> None:
        """Log in, and take over orgs that were added before."""
        self.connect()

    def connect(self) -> str:
        """Log in to Slack and take over orgs that were added before; the workspace's id.

        Raises OperatorError when Slack does not take the token.
        """
        try:
            me = web_api.called(self._slack.auth_test, in_full=True)
        except SlackRefused as refusal:
            said = "SLACK_BOT_TOKEN was not accepted." if refusal.permanent else "The workspace could not be asked for."
            raise OperatorError(f"{said} {refusal.text}") from None
        workspace = str(me["team_id"])
        self._departures.came(workspace)
        self._ours = {workspace, str(me.get("enterprise_id") or workspace)}
        adopted = self._store.adopt(LOCAL, workspace)
        log.info("connected to Slack", workspace=workspace, adopted_orgs=adopted)
        return workspace

    def default_workspace(self) -> str:
        """The one workspace; without a token, where orgs wait for it."""
        return self.connect() if self._settings.slack_bot_token else LOCAL

    def app(self, greet: Greet, listen: Callable[[App], None]) -> App:
        """The Bolt app."""
        del greet  # who made the token is not known
        app = App(
            name=NAME,
            logger=BOLT_LOG,
            client=self._slack,
            **_AS_NEEDED,
        )
        SignsOfLife(self._departures.seen).register(app)
        listen(app)
        UninstallListeners(self._departures.left).register(app)
        return app


class ManyWorkspaces:
    """Whoever adds the app by "Add to Slack"; each workspace has a token of its own."""

    def __init__(
        self,
        settings: Settings,
        slack: web_api.WatchedClient,
        store: SqlStore,
        uninstalls: Uninstalls,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._slack = slack
        self._clients = web_api.Clients(slack)
        self._store = store
        self._uninstalls = uninstalls
        self._clock = clock
        self._client_secret = reveal(settings.slack_client_secret) or ""
        self.installations = SealedInstallationStore(
            store, clock, slack, settings.slack_client_id or "", self._client_secret
        )

    def client_for(self, workspace: str) -> WebClient:
        """A client with the workspace's token, refreshed if need be. Raises SlackRefused where not installed."""
        return self._clients.with_token(self.installations.token(workspace))

    def open(self) -> None:
        """Say how many there are; each is asked for when its turn comes."""
        if self._settings.slack_bot_token is not None:
            log.warning("SLACK_BOT_TOKEN is not used: workspaces add the bot themselves")
        if self._settings.jwt_key is not None:
            log.warning("SALESFORCE_JWT_KEY is offered to no workspace: it would open any org to all of them")
        log.info("serving installed workspaces", installed=len(self._store.installations()))

    def default_workspace(self) -> str:
        """The workspace that is installed, if there is just one."""
        found = self._store.installations()
        if len(found) > 1:
            raise OperatorError(
                "Several workspaces have added the bot, so the terminal cannot tell whose orgs are meant. "
                "Connect and look in Slack: /flosum connect, /flosum orgs."
            )
        return next((team or enterprise or LOCAL for enterprise, team in found), LOCAL)

    def app(self, greet: Greet, listen: Callable[[App], None]) -> App:
        """The Bolt app. Everything is passed, because Bolt would read what is not from the environment."""
        from bot.wiring.manifest import bot_scopes  # reads YAML

        flow = oauth_flow(
            self._slack,
            self.installations,
            StateStore(self._store, self._clock),
            client_id=self._settings.slack_client_id or "",
            client_secret=self._client_secret,
            scopes=bot_scopes(),
            public_url=self._settings.flosum_public_url or "",
            installed=partial(self._installed, greet),
            call=web_api.called,
        )
        app = App(
            name=NAME,
            logger=BOLT_LOG,
            client=self._slack,
            **_AS_NEEDED,
            authorize=InstallationAuthorize(self.installations),  # type: ignore[arg-type]  # None is how an Authorize says no
            oauth_flow=flow,
            oauth_settings=flow.settings,
            installation_store=self.installations,
            user_facing_authorize_error_message=f"{GONE} {_where_to_add(self._settings)}".strip(),
        )
        listen(app)
        UninstallListeners(lambda workspace, _: self._uninstalls.left(workspace), self.installations).register(app)
        return app

    def _installed(self, greet: Greet, installation: Installation) -> None:
        enterprise, team = installation.enterprise_id, installation.team_id
        workspace = (enterprise if installation.is_enterprise_install else team) or ""
        self._uninstalls.came(workspace)
        self._store.record(Change(workspace, self._clock(), installation.user_id, "added Flosum to Slack"))
        log.info("installed", workspace=workspace)
        if not installation.is_enterprise_install:  # there it is in no workspace yet
            greet(workspace, installation.user_id)

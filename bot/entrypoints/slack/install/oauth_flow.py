"""“Add to Slack”: the pages and the exchange behind ``/slack/install`` and ``/slack/oauth_redirect``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from logging import getLogger
from typing import Any
from urllib.parse import urljoin

import structlog
from markupsafe import Markup
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.oauth import InstallationStore, OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation

from bot.domain.errors import AssistantError, SlackRefused
from bot.entrypoints.slack.install.authorize import STATE_LIVES, StateStore
from bot.entrypoints.slack.surfaces import Call
from bot.web_page import HEADERS, page

log = structlog.get_logger("assistant")

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
_CODE = re.compile(r"[a-z0-9_]{1,60}")  # how Slack's errors are spelt; the address may hold anything
_NO_REASON = "Slack refused, and gave no reason that can be read."
_REASONS = {
    "access_denied": "Nothing was installed: the request was cancelled in Slack.",
    "invalid_browser": "This link belongs to another browser, or it was opened without beginning here.",
    "invalid_state": "This link was used already, or it is older than ten minutes.",
    "missing_code": "Slack sent no code along.",
    "invalid_code": "Slack did not confirm the installation.",
    "storage_error": "Slack confirmed the installation, and it could not be kept. Whoever runs the bot can help.",
}


def oauth_flow(
    client: WebClient,
    installations: InstallationStore,
    states: StateStore,
    *,
    client_id: str,
    client_secret: str,
    scopes: Sequence[str],
    public_url: str,
    installed: Callable[[Installation], None],
    call: Call,
) -> OAuthFlow:
    """Bolt's flow on our stores and with our pages. ``installed`` is told of each new installation."""
    settings = OAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=list(scopes),
        user_scopes=[],
        redirect_uri=public_url.rstrip("/") + REDIRECT,
        install_path=INSTALL,
        install_page_rendering_enabled=False,
        redirect_uri_path=REDIRECT,
        callback_options=CallbackOptions(success=_added, failure=_not_added),
        authorization_url=urljoin(client.base_url, "/oauth/v2/authorize"),
        installation_store=installations,
        installation_store_bot_only=True,
        state_store=states,
        state_expiration_seconds=int(STATE_LIVES.total_seconds()),
    )
    settings.state_utils = _StateCookie(expiration_seconds=settings.state_expiration_seconds)
    return _Flow(client, settings, installed, call)


class _StateCookie(OAuthStateUtils):
    """The cookie that binds an installation to a browser; Lax, because the way back begins at Slack."""

    def build_set_cookie_for_new_state(self, state: str) -> str:
        """When it begins."""
        return f"{super().build_set_cookie_for_new_state(state)}; SameSite=Lax"

    def build_set_cookie_for_deletion(self) -> str:
        """When it ends."""
        return f"{super().build_set_cookie_for_deletion()}; SameSite=Lax"


class _Flow(OAuthFlow):
    """Bolt's flow, except that codes stay out of the log and that what goes wrong is told in our words."""

    def __init__(
        self, client: WebClient, settings: OAuthSettings, installed: Callable[[Installation], None], call: Call
    ) -> None:
        super().__init__(client=client, logger=getLogger("slack_bolt"), settings=settings)
        self._installed = installed
        self._call = call

    def run_installation(self, code: str) -> Installation | None:
        """Exchange the code; None if Slack refuses it."""
        try:
            given = self._call(
                lambda: self.client.oauth_v2_access(
                    client_id=self.settings.client_id,
                    client_secret=self.settings.client_secret,
                    code=code,
                    redirect_uri=self.settings.redirect_uri,
                )
            )
            me = self._call(lambda: self.client.auth_test(token=given["access_token"]))
        except SlackRefused as refusal:
            log.warning("installation refused", reason=refusal.text)
            return None
        return _installation(given, me)

    def store_installation(self, request: BoltRequest, installation: Installation) -> None:
        """Keep it, and tell. Raises BoltError when that fails, which Bolt makes a page of."""
        del request
        try:
            self.settings.installation_store.save(installation)
            self._installed(installation)
        except AssistantError as error:
            log.warning("installation not kept", reason=error.text)
            raise BoltError(error.text) from None


def _installation(given: Any, me: Any) -> Installation:
    enterprise, team = given.get("enterprise") or {}, given.get("team") or {}
    return Installation(
        app_id=given.get("app_id"),
        enterprise_id=enterprise.get("id"),
        enterprise_name=enterprise.get("name"),
        enterprise_url=me.get("url"),
        team_id=team.get("id"),
        team_name=team.get("name"),
        bot_token=given["access_token"],
        bot_id=me.get("bot_id"),
        bot_user_id=given.get("bot_user_id"),
        bot_scopes=given.get("scope") or "",
        bot_refresh_token=given.get("refresh_token"),
        bot_token_expires_in=given.get("expires_in"),
        user_id=(given.get("authed_user") or {}).get("id", ""),
        is_enterprise_install=bool(given.get("is_enterprise_install")),
        token_type=given.get("token_type"),
    )


# --- pages ---------------------------------------------------------------------------------------------


def _added(args: SuccessArgs) -> BoltResponse:
    installation = args.installation
    if installation.is_enterprise_install:
        where, app = installation.enterprise_name or "the organization", installation.app_id
        link = f"{installation.enterprise_url or 'https://app.slack.com/'}manage/organization/apps/profile/{app}/workspaces/add"
        body = Markup('<p>Next: <a href="{}">choose the workspaces</a> that may use it.</p>').format(link)
    else:
        where = installation.team_name or "the workspace"
        link = f"slack://app?team={installation.team_id}&id={installation.app_id}"
        body = Markup(
            '<p>Next: <a href="{}">open it in Slack</a>, and type <code>/flosum connect</code> there to connect a '
            "Salesforce org.</p>"
        ).format(link)
    return _page(200, f"Flosum is in {where} now", body, args)


def _not_added(args: FailureArgs) -> BoltResponse:
    unknown = f"Slack refused: {args.reason}." if _CODE.fullmatch(args.reason) else _NO_REASON
    told = _REASONS.get(args.reason, unknown)
    body = Markup('<p>{}</p><p>Next: <a href="{}">begin again</a>.</p>').format(told, INSTALL.rpartition("/")[2])
    return _page(args.suggested_status_code, "Flosum was not added to Slack", body, args)


def _page(status: int, title: str, body: Markup, args: SuccessArgs | FailureArgs) -> BoltResponse:
    cookie = args.settings.state_utils.build_set_cookie_for_deletion()
    shown = page(title, Markup("<h1>{}</h1>\n{}").format(title, body))
    return BoltResponse(status=status, headers={**HEADERS, "Set-Cookie": cookie}, body=shown)

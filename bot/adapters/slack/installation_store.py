"""Installations in many workspaces: kept sealed, their tokens always fresh, gone at once when the app is removed.

Slack's SDK brings stores of its own, but those keep tokens in clear text and in columns that rotated ones outgrow.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from logging import Logger, getLogger

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth import InstallationStore
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.token_rotation import TokenRotator

from bot.adapters.slack.web_api import called
from bot.domain.errors import NotInstalled, SlackRefused
from bot.ports import Clock, Installations

log = structlog.get_logger("assistant")

ROTATE_BEFORE = timedelta(minutes=120)  # as Bolt does: a token lives 12 hours
USABLE_UNTIL = timedelta(minutes=1)  # a token that ends sooner may end under a call
TRY_AGAIN_AFTER = 60.0  # seconds between two refreshes that failed, while the old token still works
_NOT_KEPT = ("enterprise_url", "user_token", "user_scopes", "user_refresh_token", "user_token_expires_at")

Key = tuple[str | None, str | None]
"""(enterprise, team); the team is None where the app is installed for a whole Enterprise Grid organization."""

GONE = "Flosum is not installed in this workspace any more. An admin of the workspace can add it again."


class SealedInstallationStore(InstallationStore):
    """Slack's installation store over ours. What it gives out never needs a refresh by the caller."""

    def __init__(
        self, store: Installations, clock: Clock, client: WebClient, client_id: str, client_secret: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._rotator = TokenRotator(client_id=client_id, client_secret=client_secret, client=client)
        self._failed: dict[Key, float] = {}
        self._keys: dict[str, Key] = {}

    @property
    def logger(self) -> Logger:
        """Where Slack's SDK writes, if it does."""
        return getLogger("slack_bolt")

    # --- for Bolt --------------------------------------------------------------------------------------

    def save(self, installation: Installation) -> None:
        """Keep a new installation, or replace the one of the same workspace."""
        # The times as the SDK reads them again: it writes them as another type.
        times = {"installed_at": installation.installed_at, "bot_token_expires_at": installation.bot_token_expires_at}
        values = installation.to_dict_for_copying() | times
        kept = {name: value for name, value in values.items() if value is not None and name not in _NOT_KEPT}
        team = None if installation.is_enterprise_install else installation.team_id
        self._store.save_installation(installation.enterprise_id, team, json.dumps(kept))

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Who the bot is in a workspace, with a token that lasts; Bolt is not told how to refresh it.

        One that ended and cannot be refreshed is given out all the same: a command is answered without it.
        """
        key = self._found(enterprise_id, None if is_enterprise_install else team_id)
        if key is None:
            return None
        try:
            installation = self.fresh(key)
        except SlackRefused as refusal:
            log.warning("token ended", team=key[1], enterprise=key[0], reason=refusal.text)
            installation = self.read(key)
        if installation is None:
            return None
        bot = installation.to_bot()
        bot.bot_refresh_token = bot.bot_token_expires_at = None
        return bot

    # --- for jobs --------------------------------------------------------------------------------------

    def token(self, workspace: str) -> str:
        """The token of a workspace (or of a whole enterprise). Raises SlackRefused when the app is not installed."""
        for find in (self._keys.get, self._looked_up):
            key = find(workspace)
            installation = self.fresh(key) if key else None
            if installation is not None and installation.bot_token:
                return installation.bot_token
        raise NotInstalled(GONE)

    def fresh(self, key: Key) -> Installation | None:
        """The installation, its token refreshed if it ends soon. Raises SlackRefused if that is refused."""
        found = self.read(key)
        if found is None or not self._ends_within(found, ROTATE_BEFORE) or self._has_just_failed(key, found):
            return found
        with self._store.rotating(*key):
            found = self.read(key)
            if found is None or not self._ends_within(found, ROTATE_BEFORE):
                return found
            return self._rotated(key, found)

    def _rotated(self, key: Key, found: Installation) -> Installation:
        try:
            bot = called(lambda: self._refresh(found))
        except SlackRefused as refusal:
            if self._ends_within(found, USABLE_UNTIL):
                raise
            self._failed[key] = time.monotonic()
            log.warning("token not refreshed", team=found.team_id, enterprise=found.enterprise_id, reason=refusal.text)
            return found
        found.bot_token, found.bot_refresh_token = bot.bot_token, bot.bot_refresh_token
        found.bot_token_expires_at = bot.bot_token_expires_at
        self.save(found)  # before anybody uses it: the refresh token that led here is spent
        self._failed.pop(key, None)
        return found

    def _refresh(self, found: Installation) -> Bot:
        # Whether it is time was decided above, by our clock.
        try:
            bot = self._rotator.perform_bot_token_rotation(bot=found.to_bot(), minutes_before_expiration=10**6)
        except SlackTokenRotationError as error:
            raise error.api_error from None
        if bot is None:
            raise SlackRefused("Slack did not give a new token for the old one.", permanent=False)
        return bot

    def _ends_within(self, found: Installation, span: timedelta) -> bool:
        ends = found.bot_token_expires_at
        return bool(found.bot_refresh_token) and ends is not None and ends <= (self._clock() + span).timestamp()

    def _has_just_failed(self, key: Key, found: Installation) -> bool:
        recently = time.monotonic() - self._failed.get(key, float("-inf")) < TRY_AGAIN_AFTER
        return recently and not self._ends_within(found, USABLE_UNTIL)

    # --- coming and going ------------------------------------------------------------------------------

    def read(self, key: Key) -> Installation | None:
        """The installation as it is kept."""
        payload = self._store.installation(*key)
        return Installation(**json.loads(payload)) if payload else None

    def workspaces(self) -> Iterator[str]:
        """The workspaces, or enterprises, in which the app is installed."""
        return (team or enterprise or "" for enterprise, team in self._store.installations())

    def leaving(self, enterprise: str | None, team: str | None, at: float) -> Key | None:
        """Which installation an uninstallation ``at`` (seconds since 1970) is about; None if a newer one is there.

        ``team`` is None for a whole organization. Slack repeats events, and someone may have installed anew since.
        """
        key = self._found(enterprise, team)
        installation = self.read(key) if key else None
        if key is None or installation is None or int(installation.installed_at) > at:
            return None
        return key

    def drop(self, key: Key) -> None:
        """Forget an installation."""
        self._store.drop_installation(*key)
        self._keys = {workspace: known for workspace, known in self._keys.items() if known != key}

    def _found(self, enterprise: str | None, team: str | None) -> Key | None:
        """The key under which it lies: a workspace that joined an organization later has kept its old one."""
        for key in ((enterprise, team), (None, team)):
            if any(key) and self._store.installation(*key) is not None:
                return key
        return None

    def _looked_up(self, workspace: str) -> Key | None:
        self._keys = {team or enterprise or "": (enterprise, team) for enterprise, team in self._store.installations()}
        return self._keys.get(workspace)

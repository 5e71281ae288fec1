"""Who may come in: browsers with a state that we gave them, and requests from workspaces that have the bot."""

from __future__ import annotations

import secrets
from datetime import timedelta
from logging import Logger, getLogger
from typing import Any

from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk.oauth import InstallationStore, OAuthStateStore

from bot.ports import Clock, Connections

STATE_LIVES = timedelta(minutes=10)
_STATE = "slack-install"


class StateStore(OAuthStateStore):
    """The state of installations under way: random, good once, for minutes."""

    def __init__(self, store: Connections, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @property
    def logger(self) -> Logger:
        """Where Slack's SDK writes, if it does."""
        return getLogger("slack_bolt")

    def issue(self, *_: Any, **__: Any) -> str:
        """A new state; the browser keeps it in a cookie beside."""
        state = secrets.token_urlsafe(32)
        self._store.put_ticket(_STATE, state, "", self._clock() + STATE_LIVES)
        return state

    def consume(self, state: str) -> bool:
        """Spend a state, in one atomic statement; False if it is used, unknown or too old."""
        return self._store.take_ticket(_STATE, state, self._clock()) is not None


class InstallationAuthorize(Authorize):
    """Who the bot is in the workspace that a request comes from, as kept since its installation: no call of Slack's.

    Bolt's own asks auth.test for each request, or keeps the answer for ever; and it takes a database that does not
    answer for an app that is not installed. Here that fails the request, so that Slack sends an event again.
    """

    def __init__(self, installations: InstallationStore) -> None:
        self._installations = installations

    def __call__(
        self,
        *,
        context: BoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        """The bot's identity and token there; None where the app is not installed."""
        del user_id, actor_enterprise_id, actor_team_id, actor_user_id  # the bot acts in its own name alone
        bot = self._installations.find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=context.is_enterprise_install
        )
        if bot is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
            bot_scopes=bot.bot_scopes,
        )

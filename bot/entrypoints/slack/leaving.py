"""The app is removed from a workspace, or its token is revoked: both events come, in any order, maybe repeatedly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import App, BoltContext

from bot.entrypoints.slack.heard import workspace_of
from bot.entrypoints.slack.installs import Installs

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Leaving:
    """Deletes at once, where the request came in: the event counts as taken only when that is done.

    ``installs`` is None where the one workspace's token is a setting.
    """

    left: Callable[[str], None]
    installs: Installs | None = None

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.event("app_uninstalled")(self.on_uninstalled)
        app.event("tokens_revoked")(self.on_revoked)

    def on_uninstalled(self, body: Event, context: BoltContext) -> None:
        """An admin removed the app."""
        self._leave(body, context)

    def on_revoked(self, body: Event, event: Event, context: BoltContext) -> None:
        """Tokens ended. The app acts as its bot alone, so those of people are none of ours."""
        if (event.get("tokens") or {}).get("bot"):
            self._leave(body, context)

    def _leave(self, body: Event, context: BoltContext) -> None:
        if self.installs is None:
            self.left(workspace_of(context))
            return
        team = None if context.is_enterprise_install else context.team_id
        key = self.installs.leaving(context.enterprise_id, team, float(body.get("event_time") or 0))
        if key is not None:
            # The installation goes last: if deleting fails, Slack's next event still finds whom it is about.
            self.left(key[1] or key[0] or "")
            self.installs.drop(key)

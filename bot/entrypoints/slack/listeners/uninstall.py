"""The app is removed from a workspace, or its token is revoked: both events come, in any order, maybe repeatedly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from bot.entrypoints.slack.kept_form import KEPT
from bot.entrypoints.slack.message_events import workspace_of

Event = dict[str, Any]
LEAVING = ("app_uninstalled", "tokens_revoked")
Key = tuple[str | None, str | None]
"""(enterprise, team) of an installation."""


class InstallationsToForget(Protocol):
    """Where installations lie: ``bot.adapters.slack.installation_store``."""

    def leaving(self, enterprise: str | None, team: str | None, at: float) -> Key | None:
        """Which installation an uninstallation ``at`` (seconds since 1970) is about; None if a newer one is there."""
        ...

    def drop(self, key: Key) -> None:
        """Forget an installation."""
        ...


@dataclass(frozen=True, slots=True)
class UninstallListeners:
    """Deletes or marks at once, where the request came in: the event counts as taken only when that is done.

    ``left`` gets the workspace, and when it left in seconds since 1970. ``installations`` is None where the one
    workspace's token is a setting.
    """

    left: Callable[[str, float], None]
    installations: InstallationsToForget | None = None

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.event("app_uninstalled")(self.on_uninstalled)
        app.event("tokens_revoked")(self.on_revoked)

    def on_revoked(self, body: Event, event: Event, context: BoltContext) -> None:
        """Tokens ended. The app acts as its bot alone, so those of people are none of ours."""
        if (event.get("tokens") or {}).get("bot"):
            self.on_uninstalled(body, context)

    def on_uninstalled(self, body: Event, context: BoltContext) -> None:
        """An admin removed the app."""
        at = float(body.get("event_time") or 0)
        if self.installations is None:
            self.left(workspace_of(context), at)
            return
        team = None if context.is_enterprise_install else context.team_id
        key = self.installations.leaving(context.enterprise_id, team, at)
        if key is not None:
            # The installation goes last: if deleting fails, Slack's next event still finds whom it is about.
            self.left(key[1] or key[0] or "", at)
            self.installations.drop(key)


class SignsOfLife(Middleware):
    """Whatever else Slack sends of a workspace says that the app is there; ``seen`` gets an event's time, too."""

    def __init__(self, seen: Callable[[str, float | None], None]) -> None:
        self._seen = seen

    def register(self, app: App) -> None:
        """Attach to the Bolt app, before its listeners."""
        app.use(self)

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,
        next: Callable[[], BoltResponse],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """Look at what came, and let it go on."""
        body: Event = req.body
        is_event = body.get("type") == "event_callback"
        is_kept = KEPT in body  # it came a while ago
        if not is_kept and not (is_event and body["event"].get("type") in LEAVING):
            self._seen(workspace_of(req.context), body.get("event_time") if is_event else None)
        next()
        return resp

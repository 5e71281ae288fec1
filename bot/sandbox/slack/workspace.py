"""The built-in Slack workspace: what ``demo`` and the tests put where Slack stands.

    workspace (this module)
    ├── webapi      the bot's WebClient calls it: SLACK_API_URL = workspace.api_url
    ├── person      people write, press and type: signed requests to the bot's /slack/events
    └── state       what is there, and the log of what became visible

Nothing is short-circuited: both directions are HTTP on loopback.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Self

from werkzeug.wrappers import Request, Response

from bot.sandbox.slack.faults import Faults, WebApiFault
from bot.sandbox.slack.loopback import LoopbackServer
from bot.sandbox.slack.method_context import MethodContext
from bot.sandbox.slack.records import Call, Json, Shown, SlackMessage, Team
from bot.sandbox.slack.response_urls import show_answer
from bot.sandbox.slack.scopes import ALL, may_hear
from bot.sandbox.slack.state import Clock, WorkspaceState, utc_now
from bot.sandbox.slack.tokens import Tokens
from bot.sandbox.slack.user import SlackUser
from bot.sandbox.slack.webapi import WebApi

EVENTS = frozenset(
    {"message.channels", "message.groups", "message.im", "app_mention", "app_home_opened"},
)


UNSEEN = 0.15
"""Seconds without anything new after which a bot that cannot be asked counts as at rest."""

POLL = 0.01
"""Seconds between two looks at a bot that can be asked."""


class Workspace:
    """One workspace with one installed bot. Use as a context manager, or start and stop.

    ``events`` and ``scopes`` are what the app's manifest asks for: nothing else is sent or allowed.
    ``escapes_commands`` is the ``should_escape`` of its slash command. ``clock`` dates messages and ends
    response_urls; signatures carry the real time, which the bot checks them against.
    """

    def __init__(
        self,
        *,
        clock: Clock = utc_now,
        events: Iterable[str] = EVENTS,
        scopes: Iterable[str] = ALL,
        escapes_commands: bool = True,
        port: int = 0,
        team: Team | None = None,
    ) -> None:
        self.signing_secret = secrets.token_hex(16)
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.app_token = f"xapp-{secrets.token_hex(12)}"
        self.escapes_commands = escapes_commands
        self._events = frozenset(events)
        self.bot_url = ""
        self.state = WorkspaceState(clock, team)
        self.tokens = Tokens(self.state.team, self.bot_token, scopes)
        self.method_context = MethodContext(self.state, lambda: self.tokens.scopes)
        self._faults = Faults()
        self._api = WebApi(self.method_context, self._faults, self.tokens, self.app_token)
        self._server = LoopbackServer(self._api, port)
        self._idle: Callable[[], bool] = _always

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self._server.url}/api/"

    @property
    def log(self) -> Sequence[Shown]:
        """Everything that became visible so far, oldest first."""
        with self.state.changed:
            return tuple(self.state.log)

    @property
    def calls(self) -> Sequence[Call]:
        """The bot's calls of the Web API so far, refused ones too; ``response_url`` among them."""
        with self.state.changed:
            return tuple(self.state.calls)

    def start(self) -> Self:
        """Serve the Web API."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving; hanging calls end."""
        self._faults.release()
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def connect(self, bot_url: str, idle: Callable[[], bool] | None = None) -> None:
        """Say where the bot listens (``http://…/slack/events``), and how to know that it is at rest."""
        self.bot_url = bot_url
        self._idle = idle or _always

    def sends(self, subscription: str) -> bool:
        """Whether the bot is sent this event (``message.channels``, ``app_mention`` …)."""
        return subscription in self._events and may_hear(subscription, self.tokens.scopes)

    def person(self, name: str = "ada") -> SlackUser:
        """Somebody's hands: ``ada`` is an admin, ``ben`` is not. Raises LookupError for strangers."""
        member = self.state.member_named(name)
        if member is None or member.bot:
            raise LookupError(f"nobody here is called {name}")
        return SlackUser(self, member)

    def fail(self, method: str, fault: WebApiFault, times: int = 1) -> None:
        """Let the next calls of a Web API method go wrong (``*``: any; ``response_url``: those)."""
        self._faults.add(method, fault, times)

    def use_socket(self, url: str | None) -> None:
        """What ``apps.connections.open`` answers; None refuses."""
        self._api.socket_url = url

    def answer(self, request: Request) -> Response:
        """Answer a call of the Web API that came in at an address shared with other workspaces."""
        return self._api.respond(request)

    def hook_url(self, key: str) -> str:
        """A response_url's address."""
        return f"{self._server.url}/hooks/{key}"

    def show_ack(self, hook: str, body: str) -> SlackMessage:
        """Show the message that the bot put into the ack itself."""
        return show_answer(self.method_context, self.method_context.use_hook(hook), _message(body))

    def wait(self, ready: Callable[[Sequence[Shown]], bool], timeout: float = 30) -> Sequence[Shown]:
        """Wait until the log satisfies ``ready`` and return it. Raises TimeoutError."""
        with self.state.changed:
            if not self.state.changed.wait_for(lambda: ready(self.state.log), timeout):
                raise TimeoutError(f"not shown within {timeout} s; the log holds {len(self.state.log)} lines")
            return tuple(self.state.log)

    def settle(self, quiet: float | None = None, timeout: float = 60) -> bool:
        """Wait until the bot is idle and nothing changed for ``quiet`` seconds; False if that never came.

        A bot that says itself when it is at rest need not be watched: it has taken up the work by the time that it
        acknowledges, and what it did is visible before the work counts as done.
        """
        knows, end = self._idle is not _always, time.monotonic() + timeout
        pause = quiet or (POLL if knows else UNSEEN)
        while time.monotonic() < end:
            if knows and quiet is None and self._idle():
                return True
            with self.state.changed:
                news = self.state.changed.wait(pause)
            if not news and self._idle():
                return True
        return False


def _always() -> bool:
    return True


def _message(body: str) -> Json:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {"text": body}
    return parsed if isinstance(parsed, dict) else {"text": body}

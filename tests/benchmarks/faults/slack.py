"""The built-in workspace with many people, and with troubles that are switched on by rule and off again."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from bot.sandbox.slack.loopback import LoopbackServer
from bot.sandbox.slack.records import BOT_USER, Channel, ChannelKind, Member
from bot.sandbox.slack.user import SlackUser
from bot.sandbox.slack.webapi import arguments
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.manifest import bot_events, bot_scopes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

RESPONSE_URL = "response_url"
POSTS = frozenset({"chat.postMessage"})
SAYS = frozenset({"chat.postMessage", "chat.postEphemeral", "chat.update", RESPONSE_URL})
PAGE = b"<html><body>Slack is being looked after</body></html>"
CHANNELS = 100


class Kind(StrEnum):
    """What goes wrong with a call.

    ``DELAY``: it is done when half of the time is over, unless the caller has hung up by then, and answered after the
    other half. ``DROP``: it is done, and then the line breaks.
    """

    DELAY = "delay"
    RATE_LIMIT = "rate-limit"
    SERVER_ERROR = "server-error"
    PAGE = "page"
    REFUSE = "refuse"
    DROP = "drop"


@dataclass(frozen=True)
class Trouble:
    """A rule: every ``every``-th call of ``methods`` (empty: any) about ``channel`` (empty: any) goes wrong.

    ``seconds`` is how long it is delayed, or Retry-After.
    """

    kind: Kind
    seconds: float = 0
    methods: frozenset[str] = frozenset()
    channel: str = ""
    every: int = 1
    error: str = "internal_error"
    calls: Iterator[int] = field(default_factory=lambda: count(1), compare=False)

    def hits(self, method: str, channel: str) -> bool:
        """Whether this very call goes wrong."""
        fits = (not self.methods or method in self.methods) and self.channel in ("", channel)
        return fits and next(self.calls) % self.every == 0


class FaultySlack(Workspace):
    """The workspace behind a server of its own, at which the troubles act."""

    def __init__(self) -> None:
        super().__init__(events=bot_events(), scopes=bot_scopes())
        self._front = LoopbackServer(self._answer)
        self._guard = threading.Lock()
        self._troubles: list[Trouble] = []
        self._closed = threading.Event()
        self._numbers = count(1)
        self._calls = Counter[str]()
        self._fill()

    def _fill(self) -> None:
        for number in range(CHANNELS):
            channel = Channel(f"C0F{number:05}", f"faults-{number}", ChannelKind.PUBLIC, frozenset({BOT_USER}))
            self.state.channels[channel.id] = channel

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self._front.url}/api/"

    def hook_url(self, key: str) -> str:
        """A response_url's address."""
        return f"{self._front.url}/hooks/{key}"

    def start(self) -> FaultySlack:
        """Serve."""
        super().start()
        self._front.start()
        return self

    def stop(self) -> None:
        """Stop serving; calls that are delayed go on."""
        self._closed.set()
        self._front.stop()
        super().stop()

    def __enter__(self) -> FaultySlack:
        return self.start()

    def newcomer(self, now: Callable[[], float], *, admin: bool = False, channel: str = "") -> SlackUser:
        """Somebody new, in ``channel`` or one of the many (``home_of``), and in direct messages with the bot.

        ``now`` dates the signatures under what they do.
        """
        with self._guard:
            number = next(self._numbers)
            member = Member(f"U0F{number:05}", f"person-{number}", f"Person {number}", admin=admin)
            home = self.state.channels[channel or self.home_of(member)]
            direct = Channel(f"D0F{number:05}", "", ChannelKind.DIRECT, frozenset({member.id, BOT_USER}))
            known = replace(home, members=home.members | {member.id})
            # New mappings, because other threads look through the old ones.
            self.state.members = {**self.state.members, member.id: member}
            self.state.channels = {**self.state.channels, known.id: known, direct.id: direct}
        return SlackUser(self, member, now)

    def home_of(self, member: Member) -> str:
        """The id of the channel that somebody is in."""
        return f"C0F{int(member.id[3:]) % CHANNELS:05}"

    @contextmanager
    def trouble(self, *troubles: Trouble) -> Iterator[None]:
        """Let calls go wrong meanwhile; the first rule that fits counts."""
        with self._guard:
            self._troubles = [*troubles, *self._troubles]
        try:
            yield
        finally:
            with self._guard:
                self._troubles = [each for each in self._troubles if not any(each is mine for mine in troubles)]

    def calls_of(self, method: str) -> int:
        """How often a method was called, whatever became of it."""
        with self._guard:
            return self._calls[method]

    def told_in(self, channels: Collection[str]) -> list[str]:
        """The channel of each message of the bot in one of these."""
        found = [shown.message for shown in self.log if shown.message is not None and shown.message.by_bot]
        return [message.channel for message in found if message.channel in channels]

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        _, kind, rest = (*request.path.split("/", 2), "")[:3]
        method = RESPONSE_URL if kind == "hooks" else rest
        trouble = self._met(method, str(arguments(request).get("channel") or ""))
        return self._suffering(request, trouble)(environ, start_response)

    def _met(self, method: str, channel: str) -> Trouble | None:
        with self._guard:
            self._calls[method] += 1
            return next((trouble for trouble in self._troubles if trouble.hits(method, channel)), None)

    def _suffering(self, request: Request, trouble: Trouble | None) -> Response:
        if trouble is None:
            return self.answer(request)
        if trouble.kind is Kind.DELAY:
            return self._delayed(request, trouble.seconds / 2)
        if trouble.kind is Kind.DROP:
            self.answer(request)
            _connection(request).shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        return _refusal(trouble)

    def _delayed(self, request: Request, half: float) -> Response:
        self._closed.wait(half)
        if _has_hung_up(_connection(request)):
            raise ConnectionAbortedError
        answer = self.answer(request)
        self._closed.wait(half)
        return answer


def _connection(request: Request) -> socket.socket:
    found = request.environ["werkzeug.socket"]
    assert isinstance(found, socket.socket)
    return found


def _has_hung_up(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _refusal(trouble: Trouble) -> Response:
    if trouble.kind is Kind.RATE_LIMIT:
        waits = {"Retry-After": str(max(1, round(trouble.seconds)))}
        return Response('{"ok": false, "error": "ratelimited"}', 429, waits, content_type="application/json")
    if trouble.kind is Kind.REFUSE:
        return Response(f'{{"ok": false, "error": "{trouble.error}"}}', 200, content_type="application/json")
    return Response(PAGE, 500 if trouble.kind is Kind.SERVER_ERROR else 200, content_type="text/html")

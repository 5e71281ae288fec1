"""What the Web API's methods share: the state, one-time handles, and the ways to refuse."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.slack.limits import message_problems, view_problems
from bot.sandbox.slack.records import BOT_USER, Channel, ChannelKind, Json, Member, SlackMessage
from bot.sandbox.slack.state import WorkspaceState

HOOK_USES = 5
HOOK_LIFE = timedelta(minutes=30)
TRIGGER_LIFE = timedelta(seconds=3)
POST_CHARACTERS = 40_000


class ApiError(Exception):
    """``{"ok": false, "error": code}``; ``details`` are the lines of ``response_metadata.messages``."""

    def __init__(self, code: str, details: Sequence[str] = (), extra: Json | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.details = tuple(details)
        self.extra = extra or {}

    def as_json(self) -> Json:
        """The answer's body."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.details:
            body["errors"] = list(self.details)
            body["response_metadata"] = {"messages": [f"[ERROR] {detail}" for detail in self.details]}
        return body


@dataclass(frozen=True, slots=True)
class Hook:
    """A response_url: where it answers to, for whom, and the message its button stood on, if any."""

    channel: str
    user: str
    made_at: datetime
    source: SlackMessage | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger_id: who may be shown a modal, once, within 3 seconds."""

    user: str
    made_at: datetime


class MethodContext:
    """The state, and the handles that Slack gives away with each request to the bot."""

    def __init__(self, state: WorkspaceState, scopes: Callable[[], Collection[str]] = frozenset) -> None:
        """``scopes``: what the app was granted."""
        self.scopes = scopes
        self.state = state
        self._lock = threading.Lock()
        self._hooks: dict[str, Hook] = {}
        self._uses: dict[str, int] = {}
        self._triggers: dict[str, Trigger] = {}

    def new_hook(self, channel: str, user: str, source: SlackMessage | None = None) -> str:
        """The key of a fresh response_url."""
        key = self.state.next_id("H")
        with self._lock:
            self._hooks[key] = Hook(channel, user, self.state.clock(), source)
            self._uses[key] = 0
        return key

    def use_hook(self, key: str) -> Hook:
        """Spend one use. Raises ApiError ``used_url``, ``expired_url`` or ``no_service``."""
        with self._lock:
            hook = self._hooks.get(key)
            if hook is None:
                raise ApiError("no_service")
            if self.state.clock() - hook.made_at > HOOK_LIFE:
                raise ApiError("expired_url")
            if self._uses[key] >= HOOK_USES:
                raise ApiError("used_url")
            self._uses[key] += 1
        return hook

    def new_trigger(self, user: str) -> str:
        """A fresh trigger_id."""
        key = self.state.next_id("9000.7000.")
        with self._lock:
            self._triggers[key] = Trigger(user, self.state.clock())
        return key

    def use_trigger(self, key: str) -> str:
        """Spend a trigger_id; the person it belongs to. Raises ApiError as Slack names it."""
        with self._lock:
            trigger = self._triggers.get(key)
            if trigger is None:
                raise ApiError("invalid_trigger_id" if not key.startswith("9000.") else "exchanged_trigger_id")
            if self.state.clock() - trigger.made_at > TRIGGER_LIFE:
                raise ApiError("expired_trigger_id")
            del self._triggers[key]
        return trigger.user

    def channel(self, args: Json) -> Channel:
        """The channel that ``args`` name, the bot being in it or not."""
        wanted = needed(args, "channel")
        found = self.state.channel_named(wanted) or self.state.direct_channel(wanted)
        hidden = found is not None and found.kind is not ChannelKind.PUBLIC and BOT_USER not in found.members
        if found is None or hidden:
            raise ApiError("channel_not_found")
        return found

    def open_channel(self, args: Json) -> Channel:
        """The channel that ``args`` name, if the bot may write there."""
        found = self.channel(args)
        if BOT_USER not in found.members:
            raise ApiError("not_in_channel")
        if found.archived:
            raise ApiError("is_archived")
        return found

    def member(self, user: str) -> Member:
        """Somebody by id. Raises ApiError ``user_not_found``."""
        found = self.state.members.get(user)
        if found is None:
            raise ApiError("user_not_found")
        return found

    def message(self, channel: Channel, ts: str) -> SlackMessage:
        """A message that everybody in the channel can see. Raises ApiError ``message_not_found``."""
        found = self.state.messages.get((channel.id, ts))
        if found is None or found.audience is not None:
            raise ApiError("message_not_found")
        return found

    def own_message(self, args: Json, refusal: str) -> SlackMessage:
        """A message of the bot's own, or the named refusal."""
        found = self.message(self.open_channel(args), needed(args, "ts"))
        if not found.by_bot:
            raise ApiError(refusal)
        return found


def needed(args: Json, name: str) -> str:
    """A required argument. Raises ApiError ``invalid_arguments``."""
    value = args.get(name)
    if not value:
        raise ApiError("invalid_arguments", [f"missing required field: {name}"])
    return str(value)


def checked_content(args: Json, most: int = POST_CHARACTERS) -> tuple[str, tuple[Json, ...]]:
    """The text and blocks of a message, refused where Slack refuses.

    Slack cuts a posted text at 40,000 characters; here it is ``msg_too_long``, so that no demo hides a loss.
    """
    text, blocks = str(args.get("text") or ""), args.get("blocks") or []
    problems = message_problems(blocks)
    if problems:
        raise ApiError("invalid_blocks", problems)
    if not text and not blocks:
        raise ApiError("no_text")
    if len(text) > most:
        raise ApiError("msg_too_long")
    return text, tuple(blocks)


def checked_metadata(args: Json) -> Json | None:
    """Message metadata, refused where it has not Slack's two parts."""
    metadata = args.get("metadata")
    if metadata is None:
        return None
    parts = isinstance(metadata, dict) and metadata.get("event_type") and "event_payload" in metadata
    if not parts or not isinstance(metadata["event_payload"], dict):
        raise ApiError("invalid_metadata_format")
    return dict(metadata)


def checked_view(args: Json) -> Json:
    """The view of ``args``, refused where Slack refuses."""
    view = args.get("view")
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments", ["missing required field: view"])
    problems = view_problems(view)
    if problems:
        raise ApiError("invalid_arguments", problems)
    return view

"""Which OAuth scopes the Web API and the Events API ask for, as their pages on docs.slack.dev name them.

The workspace refuses what an app was not granted, which shows whether a manifest asks for enough.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.sandbox.slack.method_context import ApiError, MethodContext
from bot.sandbox.slack.records import ChannelKind, Json

_NEEDED = {
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "team.info": "team:read",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
}
_NEEDED_BY_KIND = {
    "conversations.history": "history",
    "conversations.info": "read",
    "conversations.replies": "history",
}
_KINDS = {ChannelKind.PUBLIC: "channels", ChannelKind.PRIVATE: "groups", ChannelKind.DIRECT: "im"}
_EVENTS = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "member_joined_channel": "channels:read",
}
ALL = frozenset(
    (
        *_NEEDED.values(),
        *_EVENTS.values(),
        *(f"{kind}:read" for kind in _KINDS.values()),
        "commands",
        "users:read.email",
    )
)


def check_scope(method_context: MethodContext, method: str, args: Json, granted: Collection[str]) -> None:
    """Raise ApiError ``missing_scope`` when ``method`` asks for a scope that was not granted."""
    right = _NEEDED_BY_KIND.get(method)
    needed = f"{_KINDS[method_context.channel(args).kind]}:{right}" if right else _NEEDED.get(method)
    if needed is not None and needed not in granted:
        raise ApiError("missing_scope", extra={"needed": needed, "provided": ",".join(sorted(granted))})


def may_hear(subscription: str, granted: Collection[str]) -> bool:
    """Whether an app with these scopes is sent this event."""
    return _EVENTS.get(subscription) in (None, *granted)

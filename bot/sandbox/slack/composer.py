"""What Slack's composer makes of typed text before a bot gets to see it."""

from __future__ import annotations

import re

from bot.domain.encodings import readable
from bot.sandbox.slack.state import WorkspaceState

_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}']")
_NAME = re.compile(r"(?<![\w@#/.])([@#])([a-z0-9_-]+)", re.IGNORECASE)


def escape(text: str) -> str:
    """``&``, ``<`` and ``>`` as entities, which is all that Slack escapes. Nobody can send half a character."""
    return readable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def composed(state: WorkspaceState, typed: str, *, named: bool = False) -> str:
    """A typed message as events carry it: entities, ``<https://…>``, ids for ``@name`` and ``#name``.

    ``named`` puts a person's name beside the id, as slash commands with ``should_escape`` have it.
    """
    parts, end = [], 0
    for match in _URL.finditer(typed):
        parts += [_linked(state, typed[end : match.start()], named), f"<{escape(match[0])}>"]
        end = match.end()
    return "".join((*parts, _linked(state, typed[end:], named)))


def _linked(state: WorkspaceState, text: str, named: bool) -> str:
    return _NAME.sub(lambda match: _reference(state, match, named), escape(text))


def _reference(state: WorkspaceState, match: re.Match[str], named: bool) -> str:
    sign, name = match[1], match[2].lower()
    if sign == "@":
        if name in ("channel", "here", "everyone"):
            return f"<!{name}>"
        group = next((group for group in state.groups.values() if group.handle == name), None)
        if group:
            return f"<!subteam^{group.id}|@{group.handle}>"
        member = state.member_named(name)
        label = f"|{member.name}" if member and named else ""
        return f"<@{member.id}{label}>" if member else match[0]
    channel = state.channel_named(name)
    return f"<#{channel.id}|{channel.name}>" if channel else match[0]

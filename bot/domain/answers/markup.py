"""The light markup of our texts, read into spans that each face renders its own way.

``**bold**``, code in single backticks, ``[words](https://…)``, and three things that Slack shows its own way:
``{time:1763888400}`` (seconds since 1970, UTC), ``{user:U123}``, ``{channel:C123}``.
A backslash before one of these signs makes it a plain character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one style: plain, bold, code, link (with ``url``), time, user or channel."""

    style: str
    text: str
    url: str = ""


_SPAN = re.compile(
    r"\\(?P<escaped>[\\*`\[\]{}])"
    r"|\*\*(?P<bold>[^*\n]+)\*\*"
    r"|`(?P<code>[^`\n]+)`"
    r"|\[(?P<words>[^\[\]\n]+)\]\((?P<url>https?://[^\s()]+)\)"
    r"|\{(?P<kind>time|user|channel):(?P<id>[A-Z0-9]{1,20})\}"
)


def spans(text: str) -> Iterator[Span]:
    """The text's spans in order; joining their texts gives what a person reads."""
    position = 0
    for found in _SPAN.finditer(text):
        if found.start() > position:
            yield Span("plain", text[position : found.start()])
        yield _span(found)
        position = found.end()
    if position < len(text):
        yield Span("plain", text[position:])


def _span(found: re.Match[str]) -> Span:
    if found["escaped"]:
        return Span("plain", found["escaped"])
    if found["bold"]:
        return Span("bold", found["bold"])
    if found["code"]:
        return Span("code", found["code"])
    if found["url"]:
        return Span("link", found["words"], found["url"])
    return Span(found["kind"], found["id"])


def plain(text: str) -> str:
    """The text as a terminal or a notification shows it, without any style."""
    return "".join(_plain(span) for span in spans(text))


def read(text: str) -> str:
    """What people read of it where links are links: no address stands there."""
    return "".join(span.text if span.style == "link" else _plain(span) for span in spans(text))


def _plain(span: Span) -> str:
    if span.style == "time":
        return utc_words(span.text)
    if span.style == "link":
        return f"{span.text} ({span.url})"
    return {"user": "@", "channel": "#"}.get(span.style, "") + span.text


def user(user_id: str) -> str:
    """Markup that names a person of the workspace; shown in a channel, it notifies them."""
    return f"{{user:{user_id}}}"


def channel(channel_id: str) -> str:
    """Markup that links to a channel."""
    return f"{{channel:{channel_id}}}"


def owner_words(owner: str) -> str:
    """An org's owner, a person or a channel by id."""
    return channel(owner) if owner.startswith(("C", "G")) else user(owner)


def utc_words(seconds: str) -> str:
    """An instant (seconds since 1970) for readers whose zone we do not know."""
    if not seconds.isdecimal() or len(seconds) > 11:
        return seconds
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M UTC")


def time(instant: datetime) -> str:
    """Markup for an instant, which Slack shows in the reader's own zone."""
    return f"{{time:{int(instant.timestamp())}}}"


_REFERENCE = re.compile(r"<(?:(?P<sign>[@#])[A-Z0-9]+|!subteam\^[A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>")
"""A person, a channel or a user group as Slack sends one."""


MENTION = re.compile(r"<@(?P<id>[UW][A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>")
"""A person alone, with the name that Slack may have put beside the id."""


def as_typed(text: str) -> str:
    """Somebody's words as they stood there: people, channels and groups by name, and never by id."""
    return _REFERENCE.sub(_named, text) if "<" in text else text


def _named(found: re.Match[str]) -> str:
    sign, name = found["sign"] or "@", (found["name"] or "…").lstrip("@#")
    return f"{sign}{name}"


def code(text: str) -> str:
    """Somebody else's name in code font; a backtick inside would end it, so it becomes an apostrophe."""
    name = " ".join(as_typed(text).replace("`", "'").split())
    return f"`{name or ' '}`"


def literal(text: str) -> str:
    """Somebody else's words, shown as they are: none of our signs work in them."""
    return re.sub(r"([\\*`\[\]{}])", r"\\\1", as_typed(text))

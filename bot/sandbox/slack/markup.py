"""Slack's mrkdwn, read once for every face: into paragraphs of spans, which a terminal and a page show in their ways.

What people and orgs wrote stands in it as plain characters: none of it steers a terminal or reorders its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.emoji import Emoji

_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls, but not tab and newline
    r"\u061c\u202a-\u202e\u2066-\u2069"  # direction overrides: they reorder what stands around them
    r"\u2028\u2029\ud800-\udfff]"  # other line ends; halves of characters, which no terminal can print
)
_FENCE = re.compile(r"\n?```(.+?)```\n?", re.DOTALL)
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_TOKEN = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<ref>[^<>\n]+)>"
    r"|(?<![A-Za-z0-9*])\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*(?![A-Za-z0-9*])"
    r"|(?<![A-Za-z0-9_])_(?=\S)(?P<italic>[^_\n]+)(?<=\S)_(?![A-Za-z0-9_])"
    r"|(?<![A-Za-z0-9~])~(?=\S)(?P<strike>[^~\n]+)(?<=\S)~(?![A-Za-z0-9~])"
)
_DATE_PART = re.compile(r"\{(\w+)\}")
_DATE_FORMATS = {  # %-d is the day without a zero, which not every system's strftime knows
    "date_num": "%Y-%m-%d",
    "date_slash": "%d/%m/%Y",
    "date": "%-d %B %Y",
    "date_short": "%-d %b %Y",
    "date_long": "%A, %-d %B %Y",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
}

Styles = frozenset[str]
"""Of a span: ``bold``, ``italic``, ``strike``, ``code``, and ``name`` for a person, channel or group."""

NONE: Styles = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style; ``url`` is where they lead."""

    text: str
    styles: Styles = NONE
    url: str = ""


class Kind(StrEnum):
    """What a paragraph is."""

    TEXT = "text"
    QUOTE = "quote"
    FENCE = "fence"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of one kind. ``marker`` stands in front of an item of a list, which is ``indent`` lists deep."""

    spans: tuple[Span, ...]
    kind: Kind = Kind.TEXT
    marker: str = ""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class NameLookup:
    """What the reader's Slack knows: names behind ids, and the reader's zone and time."""

    users: Mapping[str, str]
    channels: Mapping[str, str]
    zone: ZoneInfo
    now: datetime
    leads_to: Callable[[str], str] = str
    """Where an address leads from where the reader is."""


def safe(text: str) -> str:
    """The text with everything shown that would steer a terminal or reorder its line."""
    return _UNSAFE.sub(_visible, text)


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return " " if code in (0x2028, 0x2029) else "\ufffd"


def unescape(text: str) -> str:
    """Slack's three entities as the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def plain_words(source: str) -> str:
    """A ``plain_text`` object's text: emoji codes become emoji, nothing else is markup."""
    return safe(unescape(Emoji.replace(source)))


def read_mrkdwn(source: str, names: NameLookup) -> list[Paragraph]:
    """One mrkdwn text."""
    found: list[Paragraph] = []
    for number, part in enumerate(_FENCE.split(source)):
        if number % 2:
            found.append(Paragraph((Span(safe(unescape(part)).strip("\n")),), Kind.FENCE))
        elif part:
            found += _lines(part, names)
    return found


def read_markdown(source: str, names: NameLookup) -> list[Paragraph]:
    """A markdown block's text: headings, bold and links; the rest as it stands."""
    text = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"^#{1,6} +(.+)$", r"*\1*", text, flags=re.MULTILINE)
    text = re.sub(r"\*\*([^*\n]+)\*\*", r"*\1*", text)
    text = re.sub(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)", r"<\2|\1>", text)
    return read_mrkdwn(re.sub(r"^[-*] ", "• ", text, flags=re.MULTILINE), names)


def _lines(source: str, names: NameLookup) -> Iterator[Paragraph]:
    """Quoted lines, and those that are not, together as they stand."""
    for quoted, lines in groupby(source.split("\n"), lambda line: _QUOTE.match(line) is not None):
        text = "\n".join(_QUOTE.sub("", line, count=1) if quoted else line for line in lines)
        yield Paragraph(tuple(_spans(text, names, NONE)), Kind.QUOTE if quoted else Kind.TEXT)


def _spans(source: str, names: NameLookup, styles: Styles) -> Iterator[Span]:
    end = 0
    for match in _TOKEN.finditer(source):
        if match.start() > end:
            yield Span(plain_words(source[end : match.start()]), styles)
        yield from _token(match, names, styles)
        end = match.end()
    if end < len(source):
        yield Span(plain_words(source[end:]), styles)


def _token(match: re.Match[str], names: NameLookup, styles: Styles) -> Iterator[Span]:
    kind, inner = match.lastgroup or "", match[match.lastgroup or 0]
    if kind == "code":
        yield Span(safe(unescape(inner)), styles | {"code"})
    elif kind == "ref":
        yield _reference(inner, names, styles)
    else:
        yield from _spans(inner, names, styles | {kind})


def _reference(inner: str, names: NameLookup, styles: Styles) -> Span:
    target, _, label = inner.partition("|")
    if target.startswith("!date^"):
        return Span(safe(_date(target, label, names)), styles)
    show = _REFERENCES.get(target[:1])
    if show is not None:
        return Span(safe(show(target[1:], label, names)), styles | {"name"})
    url = names.leads_to(safe(unescape(target)))
    return Span(safe(unescape(label or target.removeprefix("mailto:"))), styles, url)


_REFERENCES: dict[str, Callable[[str, str, NameLookup], str]] = {
    "@": lambda user, label, names: f"@{names.users.get(user) or label or user}",
    "#": lambda channel, label, names: f"#{names.channels.get(channel) or label or channel}",
    "!": lambda special, label, _names: label or f"@{special.partition('^')[0]}",
}


def _date(target: str, fallback: str, names: NameLookup) -> str:
    """``!date^1392734382^{date} at {time}^link`` in the reader's zone, or the fallback."""
    parts = target.split("^")
    if len(parts) < 3 or not parts[1].isdigit() or len(parts[1]) > 11:
        return unescape(fallback)
    when = datetime.fromtimestamp(int(parts[1]), UTC).astimezone(names.zone)
    return _DATE_PART.sub(lambda match: _date_part(match[1], when, names), unescape(parts[2]))


def _date_part(name: str, when: datetime, names: NameLookup) -> str:
    if name == "ago":
        return ago(names.now - when)
    form, pretty = name.removesuffix("_pretty"), name.endswith("_pretty")
    days = (when.date() - names.now.astimezone(names.zone).date()).days
    if pretty and days in (-1, 0, 1):
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    pattern = _DATE_FORMATS.get(form)
    return when.strftime(pattern.replace("%-d", str(when.day))) if pattern else f"{{{name}}}"


def ago(passed: timedelta) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = int(passed.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if abs(seconds) >= size:
            count = abs(seconds) // size
            amount = f"{count} {name}{'s' if count > 1 else ''}"
            return f"{amount} ago" if seconds > 0 else f"in {amount}"
    return "just now"

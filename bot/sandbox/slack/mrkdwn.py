"""Slack's mrkdwn as styled text for a terminal. What people and orgs wrote cannot steer the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.emoji import Emoji
from rich.style import Style
from rich.text import Text

BOLD = Style(bold=True)
ITALIC = Style(italic=True)
STRIKE = Style(strike=True)
CODE = Style(color="red", bold=False)
LINK = Style(color="blue", underline=True)
NAME = Style(color="cyan")
DIM = Style(dim=True)

_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls, but not tab and newline
    r"\u061c\u202a-\u202e\u2066-\u2069"  # direction overrides: they reorder what stands around them
    r"\u2028\u2029\ud800-\udfff]"  # other line ends; halves of characters, which no terminal can print
)
_TOKEN = re.compile(
    r"```(?P<fence>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<ref>[^<>\n]+)>"
    r"|(?<![A-Za-z0-9*])\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*(?![A-Za-z0-9*])"
    r"|(?<![A-Za-z0-9_])_(?=\S)(?P<italic>[^_\n]+)(?<=\S)_(?![A-Za-z0-9_])"
    r"|(?<![A-Za-z0-9~])~(?=\S)(?P<strike>[^~\n]+)(?<=\S)~(?![A-Za-z0-9~])",
    re.DOTALL,
)
_QUOTE = re.compile(r"^(?:&gt;|>) ?", re.MULTILINE)
_DATE_PART = re.compile(r"\{(\w+)\}")
_STYLES = {"bold": BOLD, "italic": ITALIC, "strike": STRIKE}
_DATE_FORMATS = {  # %-d is the day without a zero, which not every system's strftime knows
    "date_num": "%Y-%m-%d",
    "date_slash": "%d/%m/%Y",
    "date": "%-d %B %Y",
    "date_short": "%-d %b %Y",
    "date_long": "%A, %-d %B %Y",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
}


@dataclass(frozen=True, slots=True)
class NameLookup:
    """What the reader's Slack knows: names behind ids, and the reader's zone and time."""

    users: Mapping[str, str]
    channels: Mapping[str, str]
    zone: ZoneInfo
    now: datetime


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


def mrkdwn(source: str, names: NameLookup, style: Style | None = None) -> Text:
    """One mrkdwn text, styled."""
    return _styled(_QUOTE.sub("▏ ", source), names, style or Style())


def plain(source: str, style: Style | None = None) -> Text:
    """A ``plain_text`` object's text: emoji codes become emoji, nothing else is markup."""
    return Text(safe(unescape(Emoji.replace(source))), style or Style())


def markdown(source: str, names: NameLookup) -> Text:
    """A markdown block's text: headings, bold and links; the rest as it stands."""
    text = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"^#{1,6} +(.+)$", r"*\1*", text, flags=re.MULTILINE)
    text = re.sub(r"\*\*([^*\n]+)\*\*", r"*\1*", text)
    text = re.sub(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)", r"<\2|\1>", text)
    return mrkdwn(re.sub(r"^[-*] ", "• ", text, flags=re.MULTILINE), names)


def linked(label: str, url: str, style: Style | None = None) -> Text:
    """A link: its label, and its address in parentheses so that any terminal shows where it goes."""
    address, shown = safe(unescape(url)), safe(label)
    target = LINK + Style(link=address) if address.startswith(("https://", "http://")) else LINK
    text = Text().append(shown, (style or Style()) + target)
    return text if shown == address else text.append(f" ({address})", DIM)


def _styled(source: str, names: NameLookup, style: Style) -> Text:
    text, end = Text(), 0
    for match in _TOKEN.finditer(source):
        text.append_text(plain(source[end : match.start()], style))
        text.append_text(_token(match, names, style))
        end = match.end()
    return text.append_text(plain(source[end:], style))


def _token(match: re.Match[str], names: NameLookup, style: Style) -> Text:
    kind, inner = match.lastgroup or "", match[match.lastgroup or 0]
    if kind == "fence":
        return Text("\n".join(f"    {line}" for line in safe(unescape(inner)).strip("\n").split("\n")), CODE)
    if kind == "code":
        return Text(safe(unescape(inner)), style + CODE)
    if kind == "ref":
        return _reference(inner, names, style)
    return _styled(inner, names, style + _STYLES[kind])


def _reference(inner: str, names: NameLookup, style: Style) -> Text:
    target, _, label = inner.partition("|")
    if target.startswith("!date^"):
        return Text(safe(_date(target, label, names)), style)
    show = _REFERENCES.get(target[:1])
    if show is not None:
        return Text(safe(show(target[1:], label, names)), style + NAME)
    return linked(unescape(label or target.removeprefix("mailto:")), target, style)


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

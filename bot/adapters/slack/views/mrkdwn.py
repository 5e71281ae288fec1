"""Slack's own escaping, undone on the way in and done on the way out."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from itertools import groupby

from bot.domain.answers.markup import Span, spans, utc_words

# Slack escapes every < that is no markup, so none stands inside; without that a text full of them takes minutes.
_LINK = re.compile(r"<(?P<url>(?:https?|mailto|tel|ftp):[^|<>\s]+)(?:\|(?P<label>[^<>]*))?>")
_BEFORE_TYPED = re.compile(r"(?:http://|mailto:|tel:)")
"""What Slack puts in front of a host, an address or a number to make a link of it."""
_SENTENCE_END = re.compile(r"[.?](?=\s)")
_BOLD_WORDS = re.compile(r"([^\w*\n]*)(\w(?:[^*\n]*[^*\s])?)(\s*)")
RENDERED = 512
"""Texts whose markup is remembered: most of what is said is said again."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What gives letters another direction, up to the end of a line of ours, if a name or a reason holds it."""

_SPECIAL = re.compile(r"<!(?!subteam\^)(?P<name>[a-z^]+)[^<>|]*(?:\|(?P<label>[^<>]*))?>")


def incoming(text: str) -> str:
    """What the person wrote, from what Slack sent: links bare, entities as characters.

    Where Slack itself made a link of a host or a mail address, that is the host or the address as it was typed.

    Channels, people and user groups stay as Slack names them (``<#C1|name>``, ``<@U1>``, ``<!subteam^S1>``): commands
    read those.
    """
    text = _LINK.sub(_typed, text)
    text = _SPECIAL.sub(lambda found: found["label"] or f"@{found['name']}", text)
    return html.unescape(text) if "&" in text else text


def _typed(link: re.Match[str]) -> str:
    url, label = link["url"], link["label"]
    return label if label and _BEFORE_TYPED.sub("", url, count=1) == label else url


def without_mention(text: str, bot_user: str) -> str:
    """The text of a mention without the bot's own name in front or inside."""
    return re.sub(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>", " ", text).strip()


def escaped(text: str) -> str:
    """Characters that Slack would read as markup or as a ping, made harmless, and those that turn what follows."""
    if not text.isascii():
        text = _TURNING.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(RENDERED)
def mrkdwn(text: str) -> str:
    """Our light markup as Slack's; nothing in it can ping a group or forge a link."""
    return "".join(map(_mrkdwn, spans(text)))


@lru_cache(RENDERED)
def headline(text: str) -> str:
    """The same of a finding, its first sentence bold, so that it weighs more than what follows.

    Slack's bold cannot hold code or links: names in code stand between the bold words.
    """
    first, rest = _first_sentence(list(spans(text)))
    words = groupby(first, lambda span: span.style in ("plain", "bold"))
    shown = (
        _bold("".join(span.text for span in run)) if is_words else "".join(map(_mrkdwn, run)) for is_words, run in words
    )
    return "".join((*shown, *map(_mrkdwn, rest)))


def _first_sentence(found: list[Span]) -> tuple[list[Span], list[Span]]:
    """The spans up to the end of a sentence that another one follows, and the others."""
    for number, span in enumerate(found):
        if span.style == "plain" and (end := _SENTENCE_END.search(span.text)):
            head, tail = span.text[: end.end()], span.text[end.end() :]
            return [*found[:number], Span("plain", head)], [Span("plain", tail), *found[number + 1 :]]
    return found, []


def _bold(text: str) -> str:
    """Words in bold, without the space and the marks that stand between them and a name."""
    parts = _BOLD_WORDS.fullmatch(text)
    if parts is None:  # nothing but marks; or a star or line end, which Slack's bold cannot hold either
        return escaped(text)
    return f"{escaped(parts[1])}*{escaped(parts[2])}*{parts[3]}"


def _mrkdwn(span: Span) -> str:
    safe = escaped(span.text)
    if span.style == "plain":
        return safe
    if span.style == "bold":
        return f"*{safe}*"
    if span.style == "code":
        return f"`{safe}`"
    if span.style == "link":
        return f"<{escaped(span.url)}|{safe}>"
    return _reference(span)


def _reference(span: Span) -> str:
    if span.style == "user":
        return f"<@{span.text}>"
    if span.style == "channel":
        return f"<#{span.text}>"
    words = utc_words(span.text)
    return f"<!date^{span.text}^{{date_short_pretty}} {{time}}|{words}>" if span.text.isdecimal() else words


@lru_cache(RENDERED)
def notification(text: str) -> str:
    """The text for notifications and screen readers: no styles and addresses, and people and channels by name.

    Slack puts the names there, as in the message itself; nothing else in it can ping.
    """
    return "".join(map(_spoken, spans(text)))


def _spoken(span: Span) -> str:
    if span.style in ("user", "channel"):
        return _reference(span)
    return escaped(utc_words(span.text) if span.style == "time" else span.text)


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, with an ellipsis where something was left out; never inside an entity."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    broken = kept.rfind("&", limit - 8)
    return (kept[:broken] if broken != -1 and ";" not in kept[broken:] else kept) + "…"

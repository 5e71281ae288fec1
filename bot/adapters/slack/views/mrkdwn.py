"""Slack's own escaping, undone on the way in and done on the way out."""

from __future__ import annotations

import html
import re

from bot.domain.answers.markup import Span, spans, utc_words

# Slack escapes every < that is no markup, so none stands inside; without that a text full of them takes minutes.
_LINK = re.compile(r"<(?P<url>(?:https?|mailto|tel|ftp):[^|<>\s]+)(?:\|[^<>]*)?>")
_SPECIAL = re.compile(r"<!(?!subteam\^)(?P<name>[a-z^]+)[^<>|]*(?:\|(?P<label>[^<>]*))?>")


def incoming(text: str) -> str:
    """What the person wrote, from what Slack sent: links bare, entities as characters.

    Channels, people and user groups stay as Slack names them (``<#C1|name>``, ``<@U1>``, ``<!subteam^S1>``): commands
    read those.
    """
    text = _LINK.sub(lambda found: found["url"], text)
    text = _SPECIAL.sub(lambda found: found["label"] or f"@{found['name']}", text)
    return html.unescape(text) if "&" in text else text


def without_mention(text: str, bot_user: str) -> str:
    """The text of a mention without the bot's own name in front or inside."""
    return re.sub(rf"<@{re.escape(bot_user)}(?:\|[^<>]*)?>", " ", text).strip()


def escaped(text: str) -> str:
    """Characters that Slack would read as markup or as a ping, made harmless."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn(text: str) -> str:
    """Our light markup as Slack's; nothing in it can ping a group or forge a link."""
    return "".join(map(_mrkdwn, spans(text)))


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

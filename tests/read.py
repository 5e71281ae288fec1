"""A message as people read it: what its blocks say, in the place of the two lines that the notification has."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.sandbox.slack.records import SlackMessage

_STYLE = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])|`([^`\n]+)`")
_LINK = re.compile(r"<(https?://[^>|]+)\|([^>]*)>")
_REFERENCE = re.compile(r"<([@#])([^>|]+)(?:\|[^>]*)?>|<![^>|]*\|([^>]*)>")


def read(message: SlackMessage) -> SlackMessage:
    """The message with all that its sections say as its text; people and channels by id."""
    texts = [block["text"]["text"] for block in message.blocks if block.get("type") == "section" and "text" in block]
    return replace(message, text="\n".join(map(_words, texts))) if texts else message


def _words(text: str) -> str:
    text = _STYLE.sub(lambda found: found[1] or found[2], text)
    text = _LINK.sub(lambda found: f"{found[2]} ({found[1]})", text)
    return _REFERENCE.sub(lambda found: found[3] or f"{found[1]}{found[2]}", text)

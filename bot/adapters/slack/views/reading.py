"""The words of a message, wherever Slack has put them: in its text, blocks, attachments and files.

Blocks, attachments and files are anybody's: what is not of Slack's form has no words, and is no mistake of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from bot.adapters.slack.views.mrkdwn import escaped, incoming

Json = dict[str, Any]

LONGEST = 40_000
"""Characters read beside the text; Slack itself cuts a text there."""

MOST = 500
"""Blocks and parts of attachments read in one message; Slack allows some hundreds."""

_DEEPEST = 12  # Slack nests rich text in table cells in containers, which is half of that
_PARTS = ("pretext", "title", "text")
_FIELDS = ("title", "value")
_WITH_WORDS = (
    *("title", "subtitle", "text", "description", "body", "details", "output", "label", "fields", "elements"),
    *("rows", "cells", "columns", "blocks", "children", "content", "tasks", "alt_text"),
)
"""Where a block of any kind, those that are still to come too, may hold words, in the order in which they are read."""

_CONTROLS = {"actions", "context_actions", "divider", "input", "button", "overflow", "workflow_button"}
_TEXTS = {"plain_text", "mrkdwn", "raw_text", "raw_number"}
_LABELLED = re.compile(r"<(?P<url>https?:[^|<>\s]+)\|(?P<label>[^<>]+)>")
_NO_WORD = re.compile(r"[\W_]+")


def readable(message: Json, *, whole: bool = False, own: str | None = None) -> str:
    """The words of a message with those of messages forwarded in it, the bot's ``own`` left out.

    ``whole``: with the words of every attachment, and of links, as alerts have them.
    """
    said = _clean(message.get("text"))
    beside = _labelled(_beside(message, said, own, whole=whole)) if whole else _beside(message, said, own, whole=whole)
    return _each_once(_links_read(said) if whole else said, beside)


def is_cut(message: Json) -> bool:
    """Whether Slack shows only the beginning of a file in it."""
    return any(_is_cut(file) for file in _records(message.get("files")))


def has_unread(message: Json) -> bool:
    """Whether a file came with it that has no words for us: a picture, a recording, a document."""
    forwarded = [
        file for attachment in _records(message.get("attachments")) for file in _records(attachment.get("files"))
    ]
    return any(not _file(file).strip() for file in (*_records(message.get("files")), *forwarded))


def _beside(message: Json, said: str, own: str | None, *, whole: bool) -> Iterator[str]:
    blocks = _records(message.get("blocks"))
    if said and not is_apps(message):  # the composer writes the text from the rich text, which need not be read again
        blocks = [block for block in blocks if block.get("type") != "rich_text"]
    yield from map(_block, blocks)
    for attachment in _records(message.get("attachments")):
        if whole or _is_forwarded(attachment, message, own):
            yield from _attachment(attachment)
    yield from map(_file, _records(message.get("files")))


def is_apps(message: Json) -> bool:
    """Whether an app wrote a message, or wrote it for a person."""
    return bool(message.get("bot_id") or message.get("app_id") or message.get("bot_profile"))


def _is_forwarded(attachment: Json, message: Json, own: str | None) -> bool:
    # Forwards are there from the beginning. Previews of linked messages carry the same mark but come later.
    mark = "is_share" if "edited" in message else "is_msg_unfurl"
    is_message = attachment.get("is_share") or attachment.get(mark)
    return bool(is_message) and not attachment.get("bot_id") and attachment.get("author_id") != (own or "")


# --- one of each ---------------------------------------------------------------------------------------


def _attachment(attachment: Json) -> Iterator[str]:
    parts = [_clean(attachment.get(name)) for name in _PARTS]
    parts += map(_block, _records(attachment.get("blocks")))
    for forwarded in _records(attachment.get("message_blocks")):
        message = forwarded.get("message")
        parts += map(_block, _records(message.get("blocks") if isinstance(message, dict) else None))
    parts += [": ".join(_clean(field.get(name)) for name in _FIELDS) for field in _records(attachment.get("fields"))]
    parts += map(_file, _records(attachment.get("files")))
    found = [part for part in parts if part.strip(": ")]
    yield from found or [_clean(attachment.get("fallback"))]


def _file(file: Json) -> str:
    """A snippet's beginning; a mail's subject and text."""
    texts = (file.get("subject"), file.get("plain_text") or file.get("preview_plain_text") or file.get("preview"))
    return escaped("\n".join(filter(None, map(_clean, texts))))


def _is_cut(file: Json) -> bool:
    more = file.get("lines_more")
    has_more = file.get("preview_is_truncated") is True or (isinstance(more, int) and more > 0)
    return has_more and not file.get("plain_text")


def _block(block: Json) -> str:
    return "\n".join(line for line in _lines(block, 0) if line.strip())


def _lines(value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield _clean(value)
    elif isinstance(value, list):
        for each in value:
            yield from _row(each, depth) if isinstance(each, list) else _lines(each, depth + 1)
    elif isinstance(value, dict):
        yield from _of_a_kind(value, depth)


def _of_a_kind(value: Json, depth: int) -> Iterator[str]:
    kind = str(value.get("type"))
    if kind in _CONTROLS or kind.endswith("_select"):
        return
    if kind in _TEXTS:
        yield _clean(value.get("text"))
    elif kind.startswith("rich_text_") and kind != "rich_text_list":
        yield "".join(map(_inline, _records(value.get("elements"))))
    else:
        for name in _WITH_WORDS:
            yield from _lines(value.get(name), depth + 1)


def _row(cells: Iterable[Any], depth: int) -> Iterator[str]:
    """A row of a table, as one line."""
    yield " | ".join(" ".join(_lines(cell, depth + 2)) for cell in cells)


def _inline(element: Json) -> str:
    """A piece of rich text, as the text of a message has it."""
    match element.get("type"):
        case "text":
            return escaped(_clean(element.get("text")))
        case "link":
            url, label = _clean(element.get("url")), _clean(element.get("text"))
            return f"<{escaped(url)}|{escaped(label)}>" if label else f"<{escaped(url)}>"
        case "user":
            return f"<@{_clean(element.get('user_id'))}>"
        case "usergroup":
            return f"<!subteam^{_clean(element.get('usergroup_id'))}>"
        case "channel":
            return f"<#{_clean(element.get('channel_id'))}>"
        case "broadcast":
            return f"<!{_clean(element.get('range'))}>"
        case "emoji":
            return f":{_clean(element.get('name'))}:"
        case _:  # a date, a colour
            return escaped(_clean(element.get("fallback") or element.get("value")))


# --- all together --------------------------------------------------------------------------------------


def _each_once(said: str, parts: Iterable[str]) -> str:
    """The text and what stands beside it, without what is said twice: apps put the same into text and blocks."""
    parts = [part for part in islice(parts, MOST) if part.strip()]
    if not parts:  # as nearly all chat
        return said
    kept, known, left = list[str](), _key(said), LONGEST
    for part in parts:
        part = part[:left]
        if (key := _key(part)) in known:
            continue
        kept.append(part)
        known, left = known + key, left - len(part)
    if _key(said) in _key("\n".join(kept)):
        return "\n".join(kept)
    return "\n".join(line for line in (said, *kept) if line)


def _key(part: str) -> str:
    """The words alone, each between spaces."""
    return f" {_NO_WORD.sub(' ', incoming(part)).strip().casefold()} "


def _labelled(parts: Iterable[str]) -> Iterator[str]:
    return map(_links_read, parts)


def _links_read(part: str) -> str:
    """A link's words in front of its address: an alert's may be the only ones that name the error."""
    return _LABELLED.sub(lambda found: f"{found['label']} <{found['url']}>", part)


def _records(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _clean(value: Any) -> str:
    """A text, without the halves of characters that JSON can spell; nothing for what is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)[:LONGEST] if abs(value) < 10**300 else ""
    return value.encode(errors="ignore").decode() if isinstance(value, str) else ""

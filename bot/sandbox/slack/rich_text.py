"""``rich_text`` blocks, read into the paragraphs of ``markup``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.sandbox.slack.markup import Kind, NameLookup, Paragraph, Span, plain_words, safe
from bot.sandbox.slack.records import Json

_STYLES = ("bold", "italic", "strike", "code")
_KINDS = {"rich_text_preformatted": Kind.FENCE, "rich_text_quote": Kind.QUOTE}


def read_rich_text(block: Json, names: NameLookup) -> list[Paragraph]:
    """The paragraphs of one block."""
    return [part for element in block.get("elements", ()) for part in _part(element, names)]


def _part(element: Json, names: NameLookup) -> Iterator[Paragraph]:
    kind = str(element.get("type"))
    if kind == "rich_text_list":
        yield from _list(element, names)
    else:
        yield Paragraph(_spans(element, names), _KINDS.get(kind, Kind.TEXT))


def _list(element: Json, names: NameLookup) -> Iterator[Paragraph]:
    indent, ordered = int(element.get("indent", 0)), element.get("style") == "ordered"
    for number, item in enumerate(element.get("elements", ()), int(element.get("offset", 0)) + 1):
        yield Paragraph(_spans(item, names), Kind.ITEM, f"{number}. " if ordered else "• ", indent)


def _spans(section: Json, names: NameLookup) -> tuple[Span, ...]:
    return tuple(_inline(element, names) for element in section.get("elements", ()))


def _inline(element: Json, names: NameLookup) -> Span:
    wanted = element.get("style") or {}
    styles = frozenset(name for name in _STYLES if wanted.get(name))
    match element.get("type"):
        case "link":
            url = str(element.get("url", ""))
            return Span(safe(str(element.get("text") or url)), styles, names.leads_to(safe(url)))
        case "user":
            return Span(safe(f"@{names.users.get(element['user_id'], element['user_id'])}"), styles | {"name"})
        case "channel":
            return Span(safe(f"#{names.channels.get(element['channel_id'], element['channel_id'])}"), styles | {"name"})
        case "broadcast":
            return Span(safe(f"@{element['range']}"), styles | {"name"})
        case "emoji":
            return Span(plain_words(f":{element['name']}:"), styles)
        case "date":
            when = datetime.fromtimestamp(int(element["timestamp"]), UTC).astimezone(names.zone)
            return Span(when.strftime("%Y-%m-%d %H:%M"), styles)
        case _:
            return Span(safe(str(element.get("text", ""))), styles)

"""``rich_text`` blocks as styled text."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.style import Style
from rich.text import Text

from bot.sandbox.slack.mrkdwn import BOLD, CODE, ITALIC, NAME, STRIKE, NameLookup, linked, plain, safe
from bot.sandbox.slack.records import Json

_STYLES = {"bold": BOLD, "italic": ITALIC, "strike": STRIKE, "code": CODE}


def rich_text(block: Json, names: NameLookup) -> list[Text]:
    """The lines of one block."""
    lines: list[Text] = []
    for element in block.get("elements", ()):
        lines += _part(element, names)
    return lines


def _part(element: Json, names: NameLookup) -> list[Text]:
    kind = element.get("type")
    if kind == "rich_text_list":
        return _list(element, names)
    text = _section(element, names)
    if kind == "rich_text_preformatted":
        return [Text("    ").append_text(line) for line in text.split("\n")]
    if kind == "rich_text_quote":
        return [Text("▏ ").append_text(line) for line in text.split("\n")]
    return list(text.split("\n"))


def _list(element: Json, names: NameLookup) -> list[Text]:
    indent, ordered = "  " * int(element.get("indent", 0)), element.get("style") == "ordered"
    first = int(element.get("offset", 0)) + 1
    return [
        Text(f"{indent}{number}. " if ordered else f"{indent}• ").append_text(_section(item, names))
        for number, item in enumerate(element.get("elements", ()), first)
    ]


def _section(section: Json, names: NameLookup) -> Text:
    text = Text()
    for element in section.get("elements", ()):
        text.append_text(_inline(element, names))
    return text


def _inline(element: Json, names: NameLookup) -> Text:
    wanted = element.get("style") or {}
    style = sum((style for name, style in _STYLES.items() if wanted.get(name)), Style())
    match element.get("type"):
        case "link":
            return linked(element.get("text") or element.get("url", ""), element.get("url", ""), style)
        case "user":
            return Text(safe(f"@{names.users.get(element['user_id'], element['user_id'])}"), NAME)
        case "channel":
            return Text(safe(f"#{names.channels.get(element['channel_id'], element['channel_id'])}"), NAME)
        case "broadcast":
            return Text(safe(f"@{element['range']}"), NAME)
        case "emoji":
            return plain(f":{element['name']}:")
        case "date":
            when = datetime.fromtimestamp(int(element["timestamp"]), UTC).astimezone(names.zone)
            return Text(when.strftime("%Y-%m-%d %H:%M"), style)
        case _:
            return Text(safe(str(element.get("text", ""))), style)

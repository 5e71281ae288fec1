"""A message's or a view's blocks as a phone shows them: 44 letters a line. Pure; a renderer may use it as well.

What Slack's apps do, as near as lines of letters come to it: sections and headers wrap between words; a button beside
a section stands below it, and so does each row of buttons, as many in a row as fit; context is small, so more letters
of it fit in a line; fields stand below each other. Names, channels and times take the room of what people read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from unicodedata import combining, east_asian_width

Json = Mapping[str, Any]

WIDTH = 44
SMALL = 52
"""Letters in a line of context: its type is about 13 points where text has 15 to 16."""

_FRAME = 4  # letters' worth of a button's frame and of the gap behind it
_REFERENCE = re.compile(r"<(?P<kind>[@#!]?)(?P<id>[^>|]*)(?:\|(?P<words>[^>]*))?>")
_STYLE = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])|`([^`\n]+)`")
_NAME = "Ada Lindt"  # as long as names are


def height(blocks: Sequence[Json]) -> int:
    """How many lines of a phone the blocks take."""
    return len(lines(blocks))


def lines(blocks: Sequence[Json]) -> list[str]:
    """The lines themselves, with buttons in brackets."""
    return [line for block in blocks for line in _SHOWN.get(str(block.get("type")), _unknown)(block)]


def buttons(blocks: Sequence[Json]) -> list[Json]:
    """Every button, in the order in which they stand."""
    found = []
    for block in blocks:
        elements = [*block.get("elements", ()), block.get("accessory") or {}]
        found += [element for element in elements if element.get("type") == "button"]
    return found


def words(text: str) -> str:
    """What people read of a mrkdwn text."""
    return html.unescape(_STYLE.sub(lambda found: found[1] or found[2], _REFERENCE.sub(_reference, text)))


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, broken between words; a longer word is broken wherever the line ends."""
    return [line for paragraph in text.split("\n") for line in _wrapped(paragraph, width)]


def _wrapped(paragraph: str, width: int) -> Iterator[str]:
    line = ""
    for word in paragraph.split():
        joined = f"{line} {word}" if line else word
        if _cells(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        while _cells(word) > width:
            yield word[:width]
            word = word[width:]
        line = word
    yield line


def _cells(text: str) -> int:
    return sum(0 if combining(sign) or sign == "\ufe0f" else 1 + (east_asian_width(sign) in "WF") for sign in text)


def _reference(found: re.Match[str]) -> str:
    if found["words"]:
        return f"#{found['words']}" if found["kind"] == "#" else found["words"]
    return {"@": f"@{_NAME}", "#": "#salesforce"}.get(found["kind"], found["id"])


def _text(value: Json | None) -> str:
    value = value or {}
    text = str(value.get("text", ""))
    return words(text) if value.get("type") == "mrkdwn" else text


def _section(block: Json) -> Iterator[str]:
    for value in (block.get("text"), *block.get("fields", ())):
        yield from wrapped(_text(value), WIDTH) if value else ()
    yield from _rows([block["accessory"]]) if block.get("accessory") else ()


def _rows(elements: Sequence[Json]) -> Iterator[str]:
    row, room = "", 0
    for element in elements:
        chosen = (element.get("initial_option") or {}).get("text")
        label = f"[{_text(element.get('text') or chosen or element.get('placeholder')) or '⋯'}]"
        taken = _cells(label) - 2 + _FRAME
        if row and taken > room:
            yield row
            row, room = "", 0
        row, room = (f"{row} {label}", room - taken) if row else (label, WIDTH - taken)
    if row:
        yield row


def _input(block: Json) -> Iterator[str]:
    yield from wrapped(_text(block.get("label")), WIDTH)
    yield "[" + _text((block.get("element") or {}).get("placeholder")) + "]"
    yield from wrapped(_text(block["hint"]), SMALL) if block.get("hint") else ()


def _unknown(block: Json) -> Iterator[str]:
    raise ValueError(f"nothing is known of how high a {block.get('type')} block is")


_SHOWN: Mapping[str, Callable[[Json], Iterator[str]]] = {
    "section": _section,
    "header": lambda block: iter(wrapped(_text(block.get("text")), WIDTH - 8)),  # big and bold
    "context": lambda block: iter(wrapped("  ".join(map(_text, block.get("elements", ()))), SMALL)),
    "actions": lambda block: _rows(block.get("elements", ())),
    "divider": lambda _: iter(("─" * WIDTH,)),
    "input": _input,
}

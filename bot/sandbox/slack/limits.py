"""What Slack's server refuses in blocks and views, in its own words.

The numbers are those of docs.slack.dev/reference/block-kit. Sentences end in a JSON pointer, as in Slack's
``response_metadata.messages``: ``no more than 25 items allowed [json-pointer:/blocks/1/elements]``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bot.sandbox.slack import block_limits as rules
from bot.sandbox.slack.records import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_CHARACTERS = 12_000
CHARTS, CHART_TITLE, CHART_LABEL, CHART_POINTS = 2, 50, 20, 20

Problems = Iterator[str]


def message_problems(blocks: object) -> list[str]:
    """Why Slack would answer ``invalid_blocks`` to these blocks of a message; empty when it would not."""
    return list(_blocks(blocks, "message", MESSAGE_BLOCKS, "/blocks"))


def view_problems(view: Json) -> list[str]:
    """Why Slack would refuse a modal or a Home tab; empty when it would not."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [_at("unsupported type: " + str(kind), "/view/type")]
    found = list(_blocks(view.get("blocks"), kind, VIEW_BLOCKS, "/view/blocks"))
    found += _fields({**view, "type": "view", "blocks": []}, "/view")
    if kind == "modal" and "title" not in view:
        found.append(_at("missing required field: title", "/view"))
    inputs = any(block.get("type") == "input" for block in view.get("blocks") or () if isinstance(block, dict))
    if kind == "modal" and inputs and "submit" not in view:
        found.append(_at("missing required field: submit", "/view"))
    return found


def _at(text: str, pointer: str) -> str:
    return f"{text} [json-pointer:{pointer}]"


def _blocks(blocks: object, surface: str, most: int, pointer: str) -> Problems:
    if not isinstance(blocks, list):
        yield _at("must be an array", pointer)
        return
    if len(blocks) > most:
        yield _at(f"no more than {most} items allowed", pointer)
    for index, block in enumerate(blocks):
        yield from _block(block, surface, f"{pointer}/{index}")
    yield from _repeats((b.get("block_id") for b in blocks if isinstance(b, dict)), "block_id", pointer)
    if sum(len(str(b.get("text", ""))) for b in _of_type(blocks, "markdown")) > MARKDOWN_CHARACTERS:
        yield _at(f"must be less than {MARKDOWN_CHARACTERS + 1} characters", pointer)
    if len(list(_of_type(blocks, "table"))) > 1:
        yield _at("only one table is allowed", pointer)
    yield from _charts(blocks, pointer)


def _charts(blocks: Sequence[object], pointer: str) -> Problems:
    """Charts of lines, bars and areas: each point has one of the axis' labels, and each label one point."""
    if len(list(_of_type(blocks, "data_visualization"))) > CHARTS:
        yield _at(f"only {CHARTS} charts are allowed", pointer)
    for block in _of_type(blocks, "data_visualization"):
        chart = block.get("chart") or {}
        labels = (chart.get("axis_config") or {}).get("categories") or []
        texts = [(block.get("title"), CHART_TITLE), *((label, CHART_LABEL) for label in labels)]
        if any(not isinstance(text, str) or not 0 < len(text) <= most for text, most in texts):
            yield _at("must be a string that fits", f"{pointer}/chart")
        series = chart.get("series") or []
        wrong = [one for one in series if [point.get("label") for point in one.get("data", ())] != labels]
        if not series or wrong or len(set(labels)) != len(labels) or len(labels) > CHART_POINTS:
            yield _at("labels must match the categories", f"{pointer}/chart")


def _of_type(blocks: Sequence[object], kind: str) -> Iterator[Json]:
    return (block for block in blocks if isinstance(block, dict) and block.get("type") == kind)


def _block(block: object, surface: str, pointer: str) -> Problems:
    if not isinstance(block, dict):
        yield _at("must be an object", pointer)
        return
    kind = block.get("type")
    if str(kind) not in rules.BY_SURFACE[surface]:
        yield _at(f"unsupported type: {kind}", f"{pointer}/type")
        return
    if kind == "section" and not block.get("text") and not block.get("fields"):
        yield _at("missing required field: text", pointer)
    found = list(_fields(block, pointer))
    yield from found or _repeats(_action_ids(block), "action_id", pointer)


def _fields(thing: Json, pointer: str) -> Problems:
    """Check one object by the tables above and go down into what it holds."""
    kind = str(thing.get("type", "option" if "value" in thing else ""))
    for name in rules.REQUIRED.get(kind, ()):
        if name not in thing:
            yield _at(f"missing required field: {name}", pointer)
    for name, value in thing.items():
        yield from _field(kind, name, value, f"{pointer}/{name}")


def _shape(kind: str, name: str, value: object) -> str | None:
    """What a value should have been, if it is not."""
    if name in rules.LISTS and not isinstance(value, list):
        return "must be an array"
    is_object = name in rules.OBJECTS or (name == "text" and kind in rules.TEXT_OBJECTS)
    if is_object and not isinstance(value, dict):
        return "must be an object"
    if name in rules.STRING_LIMITS and not isinstance(value, str):
        return "must be a string"
    return None


def _field(kind: str, name: str, value: Any, pointer: str) -> Problems:
    wrong = _shape(kind, name, value)
    if wrong is not None:
        yield _at(wrong, pointer)
    elif isinstance(value, str):
        yield from _length(value, rules.STRING_LIMITS.get(name), pointer)
    elif isinstance(value, list):
        yield from _items(kind, name, value, pointer)
    elif isinstance(value, dict) and value.get("type") in ("plain_text", "mrkdwn"):
        yield from _text(kind, name, value, pointer)
    elif isinstance(value, dict) and name == "confirm":
        yield from _fields({**value, "type": "confirm"}, pointer)
    elif isinstance(value, dict) and name not in ("metadata", "state", "chart"):
        yield from _fields(value, pointer)


def _items(kind: str, name: str, items: list[Any], pointer: str) -> Problems:
    most = rules.COUNT_LIMITS.get((kind, name), rules.DEFAULT_COUNTS.get(name))
    if most is not None and len(items) > most:
        yield _at(f"no more than {most} items allowed", pointer)
    if not items and (kind, name) in rules.COUNT_LIMITS:
        yield _at("no fewer than 1 items allowed", pointer)
    for index, item in enumerate(items):
        yield from _item(item, kind, name, f"{pointer}/{index}")


def _item(item: object, kind: str, name: str, pointer: str) -> Problems:
    known = rules.ELEMENTS.get((kind, name))
    if name == "rows" and isinstance(item, list):
        yield from _items("row", "cells", item, pointer)
    elif name == "include":
        yield from [] if item in rules.INCLUDED else [_at(f"unsupported type: {item}", pointer)]
    elif name == "rows" or not isinstance(item, dict):
        yield _at("must be an array" if name == "rows" else "must be an object", pointer)
    elif known is not None and str(item.get("type")) not in known:
        yield _at(f"unsupported type: {item.get('type')}", f"{pointer}/type")
    elif item.get("type") in ("plain_text", "mrkdwn"):
        yield from _text(kind, name, item, pointer)
    else:
        yield from _fields(item, pointer)


def _text(kind: str, name: str, value: Json, pointer: str) -> Problems:
    if value["type"] == "mrkdwn" and (kind, name) in rules.PLAIN_ONLY:
        yield _at("unsupported type: mrkdwn", f"{pointer}/type")
    text = value.get("text")
    if not isinstance(text, str) or not text:
        yield _at("must be more than 0 characters", f"{pointer}/text")
        return
    yield from _length(text, rules.TEXT_LIMITS.get((kind, name), 3000), f"{pointer}/text")


def _length(text: str, most: int | None, pointer: str) -> Problems:
    if most is not None and len(text) > most:
        yield _at(f"must be less than {most + 1} characters", pointer)


def _action_ids(block: Json) -> Iterator[object]:
    for element in (*(block.get("elements") or ()), block.get("accessory"), block.get("element")):
        if isinstance(element, dict):
            yield element.get("action_id")


def _repeats(ids: Iterator[object], name: str, pointer: str) -> Problems:
    for found, times in Counter(i for i in ids if isinstance(i, str)).items():
        if times > 1:
            yield _at(f"`{name}` {found} already exists", pointer)

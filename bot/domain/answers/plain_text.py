"""An answer's parts as single lines, for every face that shows text: the sign of a state stands beside its word."""

from __future__ import annotations

import re

from bot.domain.answers import Buttons, Chart, Item, Menu, Part, State, Steps, Text

SIGNS = {State.READY: "✅", State.NEEDS_STEP: "⚠️", State.MISSING: "⛔", State.UNKNOWN: "❔"}


def marked(state: State | None, text: str) -> str:
    """``text`` behind the sign of its state, if it has one."""
    return f"{SIGNS[state]} {text}" if state else text


def item_line(item: Item) -> str:
    """One thing of a list: its state, what it is, what is known of it."""
    return marked(item.state, f"{item.name} · {item.detail}" if item.detail else item.name)


def part_lines(part: Part, number_width: int = 1) -> list[str]:
    """A part's lines; steps carry numbers, set to ``number_width`` places."""
    if isinstance(part, Text):
        return [part.text]
    if isinstance(part, Buttons | Menu | Chart):
        return []
    if isinstance(part, Steps):
        return [f"{number:{number_width}}. {step}" for number, step in enumerate(part.items, part.first)]
    return [item_line(item) for item in part.items]


ORDERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal takes for an order: to colour, to erase, to turn around what follows. A new line is none."""


def disarmed(text: str) -> str:
    """What others typed, as it may stand in a terminal."""
    return ORDERS.sub("\ufffd", text)

"""An answer's parts as single lines, for every face that shows text: the sign of a state stands beside its word."""

from __future__ import annotations

from bot.domain.answers import Buttons, Item, Menu, Part, State, Steps, Text

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
    if isinstance(part, Buttons | Menu):
        return []
    if isinstance(part, Steps):
        return [f"{number:{number_width}}. {step}" for number, step in enumerate(part.items, part.first)]
    return [item_line(item) for item in part.items]

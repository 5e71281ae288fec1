"""An answer for one person alone: without the buttons that would only refuse whoever presses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.domain.answers import Answer, Button, Buttons, Choice, Items, Menu, Part, Text

Allows = Callable[[Button], bool]
"""Whether somebody may press a button."""

_WHO = "Whoever may change things here"


def for_others(does: str) -> str:
    """Who can, for somebody who may not; ``does`` is what they do: "names one"."""
    return f"{_WHO} {does}: `/flosum settings` names them."


NOT_YOURS = for_others("does that")
"""In place of the one thing to press, which is not theirs who read this."""


def buttons_of(answer: Answer) -> Iterator[Button]:
    """Everything in it that can be pressed or chosen."""
    for part in answer.parts:
        if isinstance(part, Items):
            yield from (button for item in part.items for button in item.buttons)
        elif isinstance(part, Buttons):
            yield from part.buttons
        elif isinstance(part, Menu):
            yield from map(_pressed, part.choices)
    yield from answer.buttons


def offered(answer: Answer, allows: Allows) -> Answer:
    """The answer with what somebody is allowed, or with what stands for it otherwise.

    Where the main thing to press goes and nothing takes its place, it is said who can.
    """
    if all(map(allows, buttons_of(answer))):
        return answer
    parts = [part for each in answer.parts if (part := _offered(each, allows))]
    is_said = _WHO in answer.lead or Text(NOT_YOURS) in parts
    parts += [Text(NOT_YOURS)] if _lacks(answer.buttons, allows) and not is_said else []
    return replace(answer, parts=tuple(parts), buttons=_allowed(answer.buttons, allows))


def _offered(part: Part, allows: Allows) -> Part | None:
    """The same of a part; None where nothing of it is left."""
    if isinstance(part, Items):
        return Items(tuple(replace(item, buttons=_allowed(item.buttons, allows)) for item in part.items))
    if isinstance(part, Buttons):
        left = _allowed(part.buttons, allows)
        return Text(NOT_YOURS) if _lacks(part.buttons, allows) and not left else Buttons(left) if left else None
    if isinstance(part, Menu):
        choices = tuple(choice for choice in part.choices if allows(_pressed(choice)))
        return replace(part, choices=choices) if choices else None
    return part


def _allowed(buttons: Sequence[Button], allows: Allows) -> tuple[Button, ...]:
    shown = (button if allows(button) else button.otherwise for button in buttons)
    first: dict[Button, Button] = {}
    for button in filter(None, shown):
        first.setdefault(replace(button, primary=False), button)  # what stands for another one may be there already
    return tuple(first.values())


def _lacks(buttons: Sequence[Button], allows: Allows) -> bool:
    """Whether the main one is not allowed, and nothing stands for it."""
    return any(button.primary and button.otherwise is None and not allows(button) for button in buttons)


def _pressed(choice: Choice) -> Button:
    return Button(choice.label, choice.command)

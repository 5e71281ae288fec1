"""An answer's parts as lines."""

from __future__ import annotations

import pytest

from bot.domain.answers import Item, Items, Part, State, Steps, Text
from bot.domain.answers.plain_text import part_lines


@pytest.mark.parametrize(
    ("part", "lines"),
    [
        (Text("words"), ["words"]),
        (Steps(("Open it.", "Press it.")), ["1. Open it.", "2. Press it."]),
        (
            Items((Item("`prod`", "ready", State.READY), Item("`uat`", ""), Item("", "", State.UNKNOWN))),
            ["✅ `prod` · ready", "`uat`", "❔ "],
        ),
    ],
)
def test_a_part_is_its_lines(part: Part, lines: list[str]) -> None:
    assert part_lines(part) == lines


def test_steps_stand_in_line_where_there_are_more_than_nine() -> None:
    assert part_lines(Steps(("Open it.",)), 2) == [" 1. Open it."]

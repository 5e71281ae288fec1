"""How many lines a text takes on a phone, for answers that are to fit one."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import lru_cache

from bot.domain.answers.markup import read

WIDTH, SMALL = 44, 52
"""Letters in a line of a phone, and of the small print. A letter more or less a line differs from phone to phone."""


@lru_cache(1024)  # the same guidance is told again and again
def height(text: str, width: int = WIDTH) -> int:
    """The lines of a text in our light markup; none for an empty one."""
    return (
        sum(len(textwrap.wrap(line, width, break_on_hyphens=False)) or 1 for line in read(text).split("\n"))
        if text
        else 0
    )


def fitting(texts: Sequence[str], room: int) -> Sequence[str]:
    """As many of the steps, from the first on, as stand numbered in ``room`` lines; the first one always does."""
    taken = 0
    for number, text in enumerate(texts):
        taken += height(f"{number + 1}. {text}")
        if taken > room and number:
            return texts[:number]
    return texts

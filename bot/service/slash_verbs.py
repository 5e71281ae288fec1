"""A slash verb and what runs it, bound at start: neither can be there without the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.answers import Answer
from bot.domain.command import Command
from bot.domain.model import Asker
from bot.domain.verbs import VERBS

Runner = Callable[[Asker, Command], Answer]
"""What a use case does on a verb."""


def bound(runners: Mapping[str, Runner]) -> dict[str, Runner]:
    """What runs each verb that works, by its name. Raises ValueError where the declared verbs and these differ."""
    works = {verb.name for verb in VERBS}
    faults = [f"{name} is declared in bot/domain/verbs.py, and nothing runs it" for name in works - runners.keys()]
    faults += [f"{name} is run, but bot/domain/verbs.py has no such verb" for name in runners.keys() - works]
    if faults:
        raise ValueError("; ".join(sorted(faults)))
    return dict(runners)

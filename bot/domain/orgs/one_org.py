"""Several orgs where one is awaited: that is said, and each that there is has the line of its own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import Button
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import code
from bot.domain.command import as_typed, shorten
from bot.domain.errors import AskerError

_BUTTONS, _LABEL = 3, 60


def one_at_a_time(line: str, names: Sequence[str]) -> AskerError:
    """``line`` was said of the orgs of these ``names``; it has ``{org}`` in the place of a name."""
    lines = [line.replace("{org}", name) for name in names]
    verb, *_ = line.split()
    return AskerError(
        f"{code(verb)} takes one org at a time. Say it for each of {listed([code(shorten(name)) for name in names])}, "
        f"as in {code('/flosum ' + as_typed(lines[0]))}.",
        tuple(Button(as_typed(each)[:_LABEL], command=each) for each in lines[:_BUTTONS]),
    )


def one_is_unknown(strange: str, *lines: str) -> AskerError:
    """``strange`` was joined to an org and is none. ``lines``: the command without it, and what else may be meant."""
    verb, *_ = lines[0].split()
    return AskerError(
        f"I know no org called {code(shorten(strange))}, and {code(verb)} takes one org at a time. "
        f"Without it: {code('/flosum ' + as_typed(lines[0]))}.",
        tuple(Button(as_typed(each)[:_LABEL], command=each) for each in lines),
    )

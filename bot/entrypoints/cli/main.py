"""Which of the two readers of a command line runs: scripts call ``explain`` for each line of a log, so it is quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.entrypoints.cli.explain import explained
from bot.entrypoints.cli.streams import INTERRUPTED

if TYPE_CHECKING:
    from bot.entrypoints.cli.parts import CommandParts

_FLAGS = ("--json", "--batch", "--channel")


def main(parts: CommandParts, arguments: Sequence[str] | None = None) -> int:
    """Run one command line; the exit code. Typer, which is slow to load, reads whatever is no plain ``explain``."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    flags = [argument for argument in given[1:] if argument in _FLAGS]
    texts = [argument for argument in given[1:] if argument not in _FLAGS]
    is_plain = not any(text.startswith("-") and text != "-" for text in texts)
    if given[:1] != ["explain"] or not is_plain:
        from bot.entrypoints.cli import program

        return program.main(parts, arguments)
    as_json, batch, channel = (flag in flags for flag in _FLAGS)
    try:
        return explained(parts, texts, as_json=as_json, batch=batch, channel=channel)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - told in the guard's words, as for every command
        from bot.entrypoints.cli import program

        return program.failed(parts, error)


def running(parts: CommandParts) -> int:
    """Run the bot; the exit code."""
    try:
        parts.run()
    except Exception as error:  # noqa: BLE001 - as above
        from bot.entrypoints.cli import program

        return program.failed(parts, error)
    return 0

"""How this program is called, for the lines that somebody is told to type in a terminal."""

from __future__ import annotations

import shlex
import sys
from pathlib import PurePath

from bot import INSTALLED

INSTALLED_AS = "flosum-assistant"
"""The program's name after an installation; pyproject.toml gives it."""

_CHECKOUT = "python app.py"
_MODULE = "python -m bot"


def to_type(*words: str) -> str:
    """The line that has the program do something else, called as it was called this time."""
    return f"{_called(sys.argv[0])} {shlex.join(words)}".rstrip()


def _called(program: str) -> str:
    path = PurePath(program)
    if path.name == "app.py":
        return _CHECKOUT
    if path.parts[-2:] == ("bot", "__main__.py"):
        return _MODULE
    return INSTALLED_AS if INSTALLED or path.stem == INSTALLED_AS else _CHECKOUT

"""What the person at the terminal typed or pasted, one whole message at a time.

On a terminal: lines that arrive together (a paste) are one message. In a pipe: a line that starts with ``/``
or is a number stands alone, other lines belong together until an empty one. In both, three double quotes
begin a message of many lines and end it.
"""

from __future__ import annotations

import importlib
import importlib.util
import select
import sys
from collections.abc import Callable, Iterator
from typing import IO

QUOTES = '"""'
PASTE_SECONDS = 0.05

Typed = Callable[[str], str | None]
"""Asks with a prompt; the next whole message, None when there is no more."""


def typed_from(stream: IO[str]) -> Typed:
    """The way to read ``stream``: a pipe, or a person, with line editing and history where Python has readline."""
    if not stream.isatty():
        return in_pipe(stream)
    if importlib.util.find_spec("readline"):
        # Python switches this off; with it on, a paste of many lines waits in the prompt until Enter sends it
        importlib.import_module("readline").parse_and_bind("set enable-bracketed-paste on")
    return _ask


def _ask(prompt: str) -> str | None:
    try:
        lines = [input(prompt)]
        while _more_is_waiting():
            lines.append(input())
        while _is_open(lines):
            lines.append(input("… "))
    except EOFError:
        return None
    return _unquoted("\n".join(lines))


def _more_is_waiting() -> bool:
    """Whether a paste goes on. Where standard input cannot be asked (Windows), the quotes remain."""
    try:
        return bool(select.select([sys.stdin], [], [], PASTE_SECONDS)[0])
    except (OSError, ValueError):
        return False


def in_pipe(stream: IO[str]) -> Typed:
    """Read a script; prompts are not printed."""
    messages = _messages(line.rstrip("\r\n") for line in stream)
    return lambda _prompt: next(messages, None)


def _messages(lines: Iterator[str]) -> Iterator[str]:
    gathered: list[str] = []
    for line in lines:
        gathered.append(line)
        if _is_whole(gathered):
            yield from _flushed(gathered)
    yield from _flushed(gathered)


def _is_whole(gathered: list[str]) -> bool:
    if _is_quoted(gathered):
        return not _is_open(gathered)
    alone = len(gathered) == 1 and (gathered[0].startswith("/") or gathered[0].strip().isdigit())
    return alone or not gathered[-1].strip()


def _flushed(gathered: list[str]) -> Iterator[str]:
    text = _unquoted("\n".join(gathered)).strip("\n")
    gathered.clear()
    if text.strip():
        yield text


def _is_quoted(lines: list[str]) -> bool:
    return lines[0].lstrip().startswith(QUOTES)


def _is_open(lines: list[str]) -> bool:
    """Whether a quoted message still waits for its closing quotes, which may stand on its first line."""
    closing = lines[-1].strip().endswith(QUOTES) and (len(lines) > 1 or len(lines[0].strip()) >= 2 * len(QUOTES))
    return _is_quoted(lines) and not closing


def _unquoted(text: str) -> str:
    bare = text.strip()
    if not bare.startswith(QUOTES):
        return text
    return bare.removeprefix(QUOTES).removesuffix(QUOTES).strip("\n")

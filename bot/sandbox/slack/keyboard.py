"""What the person at the terminal typed or pasted, one whole message at a time.

On a terminal: lines that arrive together (a paste) are one message. In a pipe: a line that starts with ``/``
or is a number stands alone, other lines belong together until an empty one. In both, a line with a command of the
demo begins anew, and three double quotes begin a message of many lines and end it, whatever stands in it.
"""

from __future__ import annotations

import importlib
import importlib.util
import select
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import IO

QUOTES = '"""'
PASTE_SECONDS = 0.05
COMMANDS = frozenset(
    {"/as", "/cancel", "/channel", "/edit", "/explain", "/flosum", "/help", "/home", "/quit", "/reply"}
)
"""What the prompt takes beside a message. No paste goes on behind one of them: it would be swallowed without a word."""

Typed = Callable[[str], str | None]
"""Asks with a prompt; the next whole message, None when there is no more."""


def typed_from(stream: IO[str]) -> Typed:
    """The way to read ``stream``: a pipe, or a person, with line editing and history where Python has readline."""
    if not stream.isatty():
        return in_pipe(stream)
    if importlib.util.find_spec("readline"):
        # Python switches this off; with it on, a paste of many lines waits in the prompt until Enter sends it
        importlib.import_module("readline").parse_and_bind("set enable-bracketed-paste on")
    waiting: list[str] = []

    def ask(prompt: str) -> str | None:
        if not waiting:
            waiting.extend(_asked(prompt))
        return waiting.pop(0) if waiting else None

    return ask


def _asked(prompt: str) -> Sequence[str]:
    """What was typed or pasted at once; nothing where there is no more."""
    try:
        lines = input(prompt).split("\n")
        while _more_is_waiting():
            lines += input().split("\n")
        while _is_open(lines):
            lines.append(input("… "))
    except EOFError:
        return ()
    return [_unquoted("\n".join(lines))] if _is_quoted(lines) else _cut(lines)


def _cut(lines: Sequence[str]) -> Sequence[str]:
    """What is one message each: a command takes the lines behind it along, up to the next one."""
    begins = [at for at, line in enumerate(lines) if at == 0 or _is_command(line)]
    return ["\n".join(lines[at:end]) for at, end in zip(begins, [*begins[1:], len(lines)], strict=True)]


def _more_is_waiting() -> bool:
    """Whether a paste goes on. Where standard input cannot be asked (Windows), the quotes remain."""
    try:
        return bool(select.select([sys.stdin], [], [], PASTE_SECONDS)[0])
    except (OSError, ValueError):
        return False


def _is_command(line: str) -> bool:
    """Whether a line is for the demo or the bot, whatever stands before it."""
    return line.partition(" ")[0].rstrip() in COMMANDS


def in_pipe(stream: IO[str]) -> Typed:
    """Read a script; prompts are not printed."""
    messages = _messages(line.rstrip("\r\n") for line in stream)
    return lambda _prompt: next(messages, None)


def _messages(lines: Iterator[str]) -> Iterator[str]:
    gathered: list[str] = []
    for line in lines:
        if _is_command(line) and gathered and not _is_quoted(gathered):
            yield from _flushed(gathered)
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

"""Secrets in a column that a name heads: CSV, tabs, and tables drawn with bars."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.secrets import Secret, Span
from bot.domain.secrets.names import NAME, kind_of
from bot.domain.secrets.values import is_marked, is_unguessable

_ROWS = 20  # below a head
_LINE = re.compile(r"(?:(?!\r?\n|\\r\\n|\\n)[\s\S]){1,2000}")
_BETWEEN_CELLS = (re.compile(r"\|"), re.compile(r"\"[^\"\n]{0,200}\"|(,)"), re.compile(";"), re.compile(r"\t|\\t"))
_HEAD = re.compile(r"(?:[^\W\d]|\\u[0-9a-f]{4}){1,24}(?:[ ._\u200b-]{1,2}[^\W\d]{1,20}){0,3}")
_SHIFT = 3  # words with a sign of their own may stand before the head
_WORD = re.compile(r"[^\s\u200b\"'`<>]+")
_CELL = re.compile(r"[\s\u200b\"'`*]*(.*?)[\s\u200b\"'`*]*", re.DOTALL)
Cell = tuple[int, int]


def secrets_in_columns(text: str) -> list[Span]:
    """The values below the names of secrets, as far as they look like secrets."""
    lines = [match.span() for match in _LINE.finditer(text)]
    return [
        span
        for at, line in enumerate(lines)
        if at + 1 < len(lines) and NAME.search(text, *line)
        for span in _below(text, line, lines[at + 1 : at + 1 + _ROWS])
    ]


def _below(text: str, head: Cell, rows: list[Cell]) -> Iterator[Span]:
    for pattern in _BETWEEN_CELLS:
        cells = _cells(text, head, pattern)
        columns = [(at, kind) for at, cell in enumerate(cells) if (kind := _kind(text[slice(*cell)]))]
        if len(cells) < 2 or not columns:
            continue
        for row in rows:
            values = _cells(text, row, pattern)
            if len(values) < 2 or any(at < len(values) and _kind(text[slice(*values[at])]) for at, _ in columns):
                break
            yield from _in_row(text, values, columns)


def _in_row(text: str, values: list[Cell], columns: list[tuple[int, Secret]]) -> Iterator[Span]:
    for at, kind in columns:
        if at < len(values) and is_marked(text[slice(*values[at])], kind):
            yield (*values[at], kind)
            continue
        for start, end in values[max(0, at - _SHIFT) : at + 1]:
            word = _WORD.match(text, start, end)
            value = word.group().rstrip(",;.:)") if word else ""
            if is_unguessable(value, kind):
                yield start, start + len(value), kind


def _cells(text: str, line: Cell, pattern: re.Pattern[str]) -> list[Cell]:
    """The places of a line's cells, without blanks and marks around them."""
    start, end = line
    signs = [sign for sign in pattern.finditer(text, start, end) if sign.lastindex or not pattern.groups]
    edges = [start, *(edge for sign in signs for edge in sign.span()), end]
    found = []
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        inner = _CELL.fullmatch(text, left, right)
        found.append(inner.span(1) if inner else (left, right))
    return found


def _kind(cell: str) -> Secret | None:
    """The kind of secret that a cell names; nothing where it holds more than a name."""
    names = list(NAME.finditer(cell)) if _HEAD.fullmatch(cell) else []
    return kind_of(names[-1]) if names else None

"""Secrets in a column that a name heads: CSV, tabs, and tables drawn with bars."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.patterns import late
from bot.domain.secrets import Secret, Span
from bot.domain.secrets.names import NAME, folded, kind_of
from bot.domain.secrets.values import is_marked, is_unguessable, judged

_LINE_END = late(r"\r?\n|\\r\\n|\\n")
_BETWEEN_CELLS = (late(r"\|"), late(r"\"[^\"\n]*+\"|(,)"), late(";"), late(r"\t|\\t"))
_SIGN = late(r"[|,;\t]|\\t")
_HEAD = late(r"(?:[^\W\d]|\\u[0-9a-f]{4}){1,24}(?:[ ._\u200b-]{1,2}[^\W\d]{1,20}){0,3}")
_SHIFT = 3  # words with a sign of their own may stand before the head
_WORD = late(r"[^\s\u200b\"'`<>]+")
_AROUND_CELL = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\"'`*"
Cell = tuple[int, int]


def secrets_in_columns(text: str) -> list[Span]:
    """The values below the names of secrets, as far as they look like secrets."""
    if "\n" not in text and "\\n" not in text:  # below nothing stands nothing
        return []
    edges = [0, *(edge for end in _LINE_END.finditer(text) for edge in end.span()), len(text)]
    lines = [line for line in zip(edges[::2], edges[1::2], strict=True) if line[0] < line[1]]
    letters = folded(text)
    heads = {line for line in lines[:-1] if _SIGN.search(text, *line) and NAME.search(letters, *line)}
    return [span for pattern in _BETWEEN_CELLS if heads for span in _in_tables(text, lines, heads, pattern)]


def _in_tables(text: str, lines: list[Cell], named: set[Cell], pattern: re.Pattern[str]) -> Iterator[Span]:
    """What stands below each head, until another head takes its column or a line has no columns."""
    columns: dict[int, Secret] = {}
    for line in lines:
        if not columns and line not in named:
            continue
        cells = _cells(text, line, pattern)
        heads = {at: kind for at, cell in enumerate(cells) if line in named and (kind := _kind(text[slice(*cell)]))}
        if not cells or not columns.keys().isdisjoint(heads):
            columns = {}
        yield from _in_row(text, cells, columns)
        columns |= heads


def _in_row(text: str, cells: list[Cell], columns: dict[int, Secret]) -> Iterator[Span]:
    for at, cell in enumerate(cells):
        kind = columns.get(at)
        if kind is None:
            continue
        if is_marked(judged(text, *cell), kind):
            yield (*cell, kind)
            continue
        for start, end in cells[max(0, at - _SHIFT) : at + 1]:
            word = _WORD.match(text, start, end)
            value = word.group().rstrip(",;.:)") if word else ""
            if is_unguessable(judged(value, 0, len(value)), kind):
                yield start, start + len(value), kind


def _cells(text: str, line: Cell, pattern: re.Pattern[str]) -> list[Cell]:
    """The places of a line's cells, without blanks and marks around them; none where nothing parts it."""
    start, end = line
    signs = [sign for sign in pattern.finditer(text, start, end) if sign.lastindex or not pattern.groups]
    if not signs:
        return []
    edges = [start, *(edge for sign in signs for edge in sign.span()), end]
    return [_inner(text, left, right) for left, right in zip(edges[::2], edges[1::2], strict=True)]


def _inner(text: str, left: int, right: int) -> Cell:
    cell = text[left:right].lstrip(_AROUND_CELL)
    return right - len(cell), right - len(cell) + len(cell.rstrip(_AROUND_CELL))


def _kind(cell: str) -> Secret | None:
    """The kind of secret that a cell names; nothing where it holds more than a name."""
    names = list(NAME.finditer(folded(cell))) if _HEAD.fullmatch(cell) else []
    return kind_of(names[-1]) if names else None

"""Secrets in a column that a name heads: CSV, tabs, and tables drawn with bars."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.patterns import BLANKS, late
from bot.domain.secrets import Secret, Span
from bot.domain.secrets.names import NAME, folded, kind_of
from bot.domain.secrets.values import SHORTEST, is_marked, is_unguessable, judged

_LINE_END = late(r"\r?\n|\\r\\n|\\n")
_BETWEEN_CELLS = (
    (("|",), late(r"\|")),
    ((",",), late(r"\"[^\"\n]*+\"|(,)")),
    ((";",), late(";")),
    (("\t", "\\t"), late(r"\t|\\t")),
)
_SIGN = late(r"[|,;\t]|\\t")
_HEAD = late(r"(?:[^\W\d]|\\u[0-9a-f]{4}){1,24}(?:[ ._\u200b-]{1,2}[^\W\d]{1,20}){0,3}")
_SHIFT = 3  # words with a sign of their own may stand before the head
_WORD = late(r"[^\s\u200b\"'`<>]+")
_AROUND_CELL = BLANKS + "\u200b\"'`*"
Cell = tuple[int, int]


def secrets_in_columns(text: str, since: int = 0) -> list[Span]:
    """The values below the names of secrets, as far as they look like secrets, in the lines that end after a place."""
    if "\n" not in text and "\\n" not in text:  # below nothing stands nothing
        return []
    lines = _lines(text)
    heads = _named(text, lines)
    headers = "\n".join(text[slice(*line)] for line in heads)
    tables = (pattern for signs, pattern in _BETWEEN_CELLS if any(sign in headers for sign in signs))
    return [span for pattern in tables for span in _in_tables(text, lines, heads, pattern, since)]


def _lines(text: str) -> list[Cell]:
    edges = [0, *(edge for end in _LINE_END.finditer(text) for edge in end.span()), len(text)]
    return [line for line in zip(edges[::2], edges[1::2], strict=True) if line[0] < line[1]]


def _named(text: str, lines: list[Cell]) -> set[Cell]:
    """The lines that may head columns: with a sign and a name, and with lines below."""
    if not _SIGN.search(text):
        return set()
    letters = folded(text)
    return {line for line in lines[:-1] if NAME.search(letters, *line) and _SIGN.search(text, *line)}


def _in_tables(text: str, lines: list[Cell], named: set[Cell], pattern: re.Pattern[str], since: int) -> Iterator[Span]:
    """What stands below each head, until another head takes its column or a line has no columns."""
    columns: dict[int, Secret] = {}
    for line in lines:
        is_named = line in named
        if not columns and not is_named:
            continue
        cells = _cells(text, line, pattern)
        heads = _heads(text, cells) if is_named else {}
        if not cells or not columns.keys().isdisjoint(heads):
            columns = {}
        if columns and line[1] >= since:
            yield from _in_row(text, cells, columns)
        columns |= heads


def _heads(text: str, cells: list[Cell]) -> dict[int, Secret]:
    return {at: kind for at, cell in enumerate(cells) if (kind := _kind(text[slice(*cell)].strip(_AROUND_CELL)))}


def _in_row(text: str, cells: list[Cell], columns: dict[int, Secret]) -> Iterator[Span]:
    for at, kind in sorted(columns.items()):
        if at >= len(cells):
            return
        start, end = _inner(text, cells[at])
        if end - start >= SHORTEST and is_marked(judged(text, start, end), kind):
            yield start, end, kind
        else:
            yield from _words(text, cells[max(0, at - _SHIFT) : at + 1], kind)


def _words(text: str, cells: list[Cell], kind: Secret) -> Iterator[Span]:
    """The first words of cells, as far as they are secrets even where they stand in another column."""
    for start, end in (_inner(text, cell) for cell in cells):
        word = _WORD.match(text, start, end) if end - start >= SHORTEST else None
        value = word[0].rstrip(",;.:)") if word else ""
        if value and is_unguessable(judged(value, 0, len(value)), kind):
            yield start, start + len(value), kind


def _cells(text: str, line: Cell, pattern: re.Pattern[str]) -> list[Cell]:
    """The places of a line's cells; none where nothing parts it."""
    cells: list[Cell] = []
    at, end = line
    for sign in pattern.finditer(text, at, end):
        if sign.lastindex or not pattern.groups:
            cells.append((at, sign.start()))
            at = sign.end()
    return [*cells, (at, end)] if cells else cells


def _inner(text: str, cell: Cell) -> Cell:
    """The place of a cell without blanks and marks around it."""
    left, right = cell
    if right - left < SHORTEST:  # too little for a secret, whatever is around it
        return left, left
    inner = text[left:right].lstrip(_AROUND_CELL)
    return right - len(inner), right - len(inner) + len(inner.rstrip(_AROUND_CELL))


def _kind(cell: str) -> Secret | None:
    """The kind of secret that a cell names; nothing where it holds more than a name."""
    names = list(NAME.finditer(folded(cell))) if _HEAD.fullmatch(cell) else []
    return kind_of(names[-1]) if names else None

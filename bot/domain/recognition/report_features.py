"""The form of a text around an error that stands in it: what tells a report from talk, documents and programs.

Every feature is a short text. The words of the error itself are never among them, so that what is learnt from one
error holds for all: what stands before and after it in its line and in the text, of the text around it the grammar
(words by their kind and by their endings) and groups of letters, and how the text is laid out.
"""

from __future__ import annotations

import math
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W_]+(?:[_'~]+[^\W_]+)*|[^\w\s]|_+|[^\S\n]+")
_LONGEST_LINE = 600  # letters; of longer lines only the piece around the error is looked at, to bound the cost
_MOST_TOKENS = 400  # of a text that are features; a longer text tells more than one thing
_SHORT_TEXT = 12  # lines of a text that is looked at as a whole
_MOST_PLACES = 3  # of errors in a longer text whose neighbours are looked at
_NEIGHBOURS = 2  # lines before and after the error that are looked at closely
_LETTERS = 4  # of a group of letters, by which a word that the training never saw is known; without groups two points
# more of the talk that was left out is answered
_SHORT = 5  # letters of a word that stands for itself in the grammar of a text; with 3 and 4 a point more is answered
_ENDINGS = ("ing", "ed", "ly", "s")
ERROR, NAME = "E", "N"
_NAMES = frozenset("salesforce salesforces sf sfdc sfdx flosum".split())
"""Whose error it is does not tell whether it is reported."""
_KINDS = frozenset((ERROR, "Cc", "K", "c", "s"))
CountWords = Callable[[str], int]
"""How many words the index makes of a piece of text."""


class Place(NamedTuple):
    """Words of a text that are an error's: the first one and the one after the last, as the index numbers them."""

    start: int
    end: int


class Line(NamedTuple):
    """What is to be known of a line with an error: what is written around the error, how the text is laid out."""

    wording: set[str]
    layout: set[str]


class ReportForm:
    """A text cut into lines, with the errors in it blanked; ``told``: words with which it tells of others."""

    def __init__(self, text: str, errors: Sequence[Place], told: Sequence[int], count: CountWords) -> None:
        self._lines = [piece for line in text.split("\n") for piece in _cut(line)]
        counts = [count(line) if line.strip() else 0 for line in self._lines[:-1]]
        self._starts = [0, *accumulate(counts)]
        self._errors = errors
        self._near = [place.start for place in errors[:_MOST_PLACES]] or told[:_MOST_PLACES]
        self._count = count
        self._shapes: dict[int, list[str]] = {}  # no ``cache``: it would hold this, and be held by it

    def line_of(self, word: int) -> int:
        """The number of the line that a word stands in."""
        return bisect_right(self._starts, word) - 1

    def features(self, line: int) -> set[str]:
        """What is to be known of the error in this line."""
        shape = self._shape(line)
        found = set(self._of_text)
        found.update(_sides(shape, "l"))
        found.update([f"lb:{one} {two}" for one, two in pairwise(shape) if one != NAME and two != NAME])
        return found

    def layout(self) -> set[str]:
        """How long the text is, its marks, how it and its lines begin and end."""
        near = self._near_lines
        shapes = [self._shape(line) for line in near]
        begins, ends = [_edge(shape[1]) for shape in shapes], [_edge(shape[-2]) for shape in shapes]
        tokens = sum(map(len, shapes))
        return {
            f"lines {_size(len(self._lines))}",
            f"tokens {_size(tokens)}",
            f"line of {_size(tokens / len(near))}",
            f"first {begins[0]}",
            f"last {ends[-1]}",
            *(f"^{edge}" for edge in begins[1:]),
            *(f"{edge}$" for edge in ends[:-1]),
            *(_mark(token) for shape in shapes for token in shape[1:-1] if not token[0].isalnum()),
        }

    @cached_property
    def _of_text(self) -> set[str]:
        tokens = [token for line in self._near_lines for token in self._shape(line)[1:]]
        tokens = [_mark(token) if token[0] == "_" else token for token in tokens[:_MOST_TOKENS]]
        said = [token for token in tokens if token == ERROR or _is_word(token)]
        bounded = [f"<{word}>" for word in said if word != ERROR]
        found = {f"c:{word[at : at + _LETTERS]}" for word in bounded for at in range(len(word) - _LETTERS + 1)}
        found.update(_runs([_ending(token) for token in tokens]))
        found.update(_sides(said, "t"))
        return found

    @cached_property
    def _near_lines(self) -> list[int]:
        """The lines within reach of an error, all of them in a short text."""
        said = [at for at, line in enumerate(self._lines) if line.strip()]
        if len(self._lines) <= _SHORT_TEXT:
            return said
        with_error = {self.line_of(word) for word in self._near}
        reach = range(-_NEIGHBOURS, _NEIGHBOURS + 1)
        near = {at + step for at in with_error for step in reach}
        return [at for at in said if at in near]

    def _shape(self, line: int) -> list[str]:
        shape = self._shapes.get(line)
        if shape is None:
            shape = self._shapes[line] = self._tokens(line)
        return shape

    def _tokens(self, line: int) -> list[str]:
        """A line as lower-case words, the kinds of names, punctuation with the blanks beside it, the error."""
        at, text = self._starts[line], self._lines[line]
        following = self._starts[line + 1] if line + 1 < len(self._starts) else sys.maxsize
        mine = [place for place in self._errors if place.start < following and place.end > at]
        tokens = ["^i" if text[:1].isspace() else "^"]
        blank, last = False, ""
        for token in _TOKEN.findall(text):
            if token.isspace():
                blank = True
            elif token[0].isalnum():
                end = at + self._count(token)
                kind = ERROR if mine and _overlap(mine, at, end) else _kind(token)
                if kind != ERROR or last != ERROR:
                    tokens.append(kind)
                at, last, blank = end, kind, False
            else:
                tokens.append(f"_{token[0]}" if blank else token[0])
                last, blank = "", False
        tokens.append("$")
        return tokens


def _overlap(errors: Sequence[Place], start: int, end: int) -> bool:
    """Whether one of the errors has one of these words."""
    return any(place.start < end and start < place.end for place in errors)


def _cut(line: str) -> list[str]:
    """A long line in pieces, cut at blanks where there are some."""
    pieces = []
    while len(line) > _LONGEST_LINE:
        at = line.rfind(" ", _LONGEST_LINE // 2, _LONGEST_LINE)
        at = at if at > 0 else _LONGEST_LINE
        pieces.append(line[:at])
        line = line[at:]
    return [*pieces, line]


def _kind(word: str) -> str:
    """A plain word as it stands, in small letters; names and numbers by their kind."""
    if word[0].isdigit():
        return "0"
    if word.lower() in _NAMES:
        return NAME
    if "_" in word:
        return "K" if word.isupper() else "s"
    if word.islower():
        return word
    if word.isupper() and len(word) > 1:
        return word.lower() if len(word) <= 5 else "K"
    if word[1:].islower() or len(word) == 1 or "'" in word:
        return word.lower()
    return "Cc" if word[0].isupper() else "c"


def _edge(token: str) -> str:
    """What a line begins or ends with: a mark, or which kind of word."""
    return "w" if token[0].isalpha() and token not in _KINDS else _mark(token)


def _mark(token: str) -> str:
    """A mark without the blank before it."""
    return token.lstrip("_") or "_"


def _size(count: float) -> int:
    """A count by its magnitude: one step more for each half as much again."""
    return int(math.log2(count + 1) * 1.5)


def _is_word(token: str) -> bool:
    return token[0].isalpha() and token != NAME and token not in _KINDS


def _sides(tokens: Iterable[str], where: str) -> Iterator[str]:
    """What stands before an error, and what after it."""
    side = "before"
    for token in tokens:
        if token == ERROR:
            side = "after"
        elif token != NAME:
            yield f"{where} {side}:{token}"


def _ending(token: str) -> str:
    """A short word as it stands, as those of grammar are; of a longer one how it ends, which tells tense and person."""
    if len(token) <= _SHORT or not token[0].isalpha():
        return token
    return "~" + next(filter(token.endswith, _ENDINGS), "")


def _runs(tokens: Sequence[str]) -> list[str]:
    """Two and three that stand in a row."""
    twos = [f"g:{one} {two}" for one, two in pairwise(tokens)]
    return twos + [f"{two} {token}" for two, token in zip(twos, tokens[2:], strict=False)]

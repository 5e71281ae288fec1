"""How the text of a pattern is read: its parts, its readings, and the rare words that betray it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, product
from operator import itemgetter

from bot.domain.recognition.guidance import Pattern, Specificity
from bot.domain.recognition.tokens import raw_words, split_words

_GAP = re.compile(r"\s\.{2,3}\s")
_REACH = 60  # words between the first and the last part of a pattern with ``...``; with 9, 1 answer in 200 is lost
_NEAREST = 9  # the same for ``..``: about one clause
_FILLERS = 2  # words between two of a pattern's, beside twice its own; with 0, 2 answers more of 40,000 are lost
_LONG = 4  # letters of the words that a cheap look goes by; trades speed for typos


def parts(pattern: Pattern) -> list[str]:
    """The pieces of a pattern that may stand apart."""
    return _GAP.split(pattern.text)


def reach(pattern: Pattern) -> int:
    """How many words may lie between the beginnings of the first and the last part of a pattern."""
    return _NEAREST if " .. " in pattern.text else _REACH


@cache
def readings(part: str) -> tuple[str, ...]:
    """Every reading of a part: ``user|admin is locked`` has two."""
    choices = (word.replace("+", " ").split("|") for word in part.split())
    return tuple(" ".join(filter(None, reading)) for reading in product(*choices))


def words_of(reading: str) -> list[str]:
    """The words of a phrase, as texts are split as well."""
    return split_words(word.replace("~", "") for word in raw_words(reading))


@cache
def key_of(reading: str) -> str:
    """A reading as it is looked up: a code as one word, a phrase as its words."""
    return raw_words(reading)[0].replace("~", "") if is_code(reading) else " ".join(words_of(reading))


def is_code(text: str) -> bool:
    """Whether a pattern is a code: one word with an underscore or a capital inside, not a phrase."""
    if " " in text:
        return False
    return "_" in text or (not text.isupper() and text[1:] != text[1:].lower())


def is_definite(pattern: Pattern, most: Specificity) -> bool:
    """Whether a pattern is a code, or an error's own words: no more everyday than ``most``."""
    return pattern.specificity <= most or is_code(pattern.text)


def is_context(pattern: Pattern) -> bool:
    """Whether a pattern leads to no entry but tells what the text is about."""
    return pattern.entry_id.startswith("(")


def anchors(pattern: Pattern) -> dict[frozenset[str], int]:
    """Words that betray a pattern, and how far apart they may be: a text with the pattern in it has two such.

    They are any two of the three longest words of a reading, so that one of them may be mistyped; short words are
    everywhere and count only in codes and where there are no others. Of several parts the one with the longest such
    words betrays.
    """
    of_parts = [[pair for reading in readings(part) for pair in _pairs(reading)] for part in parts(pattern)]
    chosen = max(of_parts, key=lambda pairs: min(sum(map(len, pair)) for pair, _ in pairs))
    return dict(sorted(chosen, key=itemgetter(1)))


def _pairs(reading: str) -> Iterator[tuple[frozenset[str], int]]:
    is_whole = is_code(reading)
    words = key_of(reading).replace("_", " ").split()
    longest = sorted(dict.fromkeys(words), key=len, reverse=True)
    telling = [word for word in longest if is_whole or len(word) >= _LONG]
    chosen = telling[:3] if len(telling) > 1 else longest[:2]
    for pair in combinations(chosen, min(2, len(chosen))):
        places = [place for place, word in enumerate(words) if word in pair]
        apart = places[-1] - places[0]
        yield frozenset(pair), 2 * apart + _FILLERS

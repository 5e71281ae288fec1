"""How the text of a sign is read: its parts, its readings, and the rare words that betray it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import product
from math import prod

from bot.domain.recognition.guidance import Sign
from bot.domain.recognition.tokens import EVERYDAY, raw_words, spellings, split_words

NAMES = "(names)"
NEAR = " .. "
"""Stands between parts that are near each other."""
_GAP = re.compile(r"\s\.{2,3}\s")
_REACH = 60  # words between the first and the last part of a sign with ``...``
_NEAREST = 9  # the same for ``..`` between two parts
_FURTHER = 4  # and for each further part
MOST_READINGS = 512
"""Of one part with all its alternatives: over three times what the longest built-in one has, so that a team may teach
more words; beyond it a slip of the pen would cost memory and time that nothing is found by."""
_RARE = 7  # letters from which on a word is seldom in ordinary talk


def parts(sign: Sign) -> list[str]:
    """The pieces of a sign that may stand apart."""
    return _GAP.split(sign.text)


def reach(sign: Sign) -> int:
    """How many words may lie between the beginnings of the first and the last part of a sign."""
    return _NEAREST + _FURTHER * (sign.text.count(NEAR) - 1) if NEAR in sign.text else _REACH


@cache
def readings(part: str) -> tuple[str, ...]:
    """Every reading of a part: ``user|admin is locked`` has two."""
    return tuple(" ".join(filter(None, reading)) for reading in product(*_choices(part)))


def how_many_readings(part: str) -> int:
    """Counted without making them: the library refuses a part that has more than ``MOST_READINGS``."""
    return prod(map(len, _choices(part)))


def _choices(part: str) -> list[list[str]]:
    return [word.replace("+", " ").split("|") for word in part.split()]


def path(reading: str) -> list[str]:
    """The words of a phrase, as texts are split as well."""
    return [word for spelled in reading.split() for word in _words_of(spelled)]


@cache
def _words_of(spelled: str) -> tuple[str, ...]:
    return tuple(split_words([word.replace("~", "") for word in raw_words(spelled)]))


def code(reading: str) -> str:
    """A code as it is looked up."""
    return raw_words(reading)[0].replace("~", "")


def as_read(sign: Sign, starts: Sequence[int], words: Sequence[str]) -> str:
    """A sign in the reading that these split words have at the places where its parts start, in the text's order."""
    pieces = parts(sign)
    if len(starts) < len(pieces):
        return sign.text
    read = sorted((at, _reading_at(at, words, piece)) for at, piece in zip(starts, pieces, strict=False))
    return " … ".join(reading for _, reading in read)


def _reading_at(at: int, words: Sequence[str], piece: str) -> str:
    """The longest reading that stands there; the first where none does, as when the text was cut off."""
    found = [reading for reading in readings(piece) if not is_code(reading) and _stands_at(path(reading), at, words)]
    return max(found, key=len, default=readings(piece)[0])


def _stands_at(phrase: Sequence[str], at: int, words: Sequence[str]) -> bool:
    return list(words[at : at + len(phrase)]) == list(phrase)


def is_code(text: str) -> bool:
    """Whether a sign is a code: one word with an underscore or a capital inside, not a phrase."""
    if " " in text:
        return False
    return "_" in text or (not text.isupper() and text[1:] != text[1:].lower())


def is_mark(sign: Sign) -> bool:
    """Whether a sign leads to no entry but tells what the text is about."""
    return sign.entry.startswith("(")


def is_name(sign: Sign) -> bool:
    """Whether a sign is the name of a permission or a page: what lies inside it is not said."""
    return sign.entry == NAMES


def anchors(sign: Sign) -> set[tuple[str, ...]]:
    """Words that betray a sign: every text with the sign in it has all the words of one of these tuples.

    A rare word stands alone, and the next rarest beside it in case that it is mistyped; where ordinary talk is full
    of a sign's words, two of them must be there.
    """
    rarest = [[_rarest(reading) for reading in readings(part)] for part in parts(sign)]
    best = max(rarest, key=lambda part: min(_weight(words) for words in part))
    return {spelled for words in best for anchor in words for spelled in _spelled(anchor)}


def _weight(anchors_of_reading: Sequence[tuple[str, ...]]) -> tuple[bool, int]:
    """How rare a reading is: a rare word before words of everyday, then by length."""
    anchor = anchors_of_reading[-1]
    return EVERYDAY.isdisjoint(anchor), sum(map(len, anchor))


def _spelled(anchor: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(product(*({word} | spellings({word}) for word in anchor)))


def _rarest(reading: str) -> list[tuple[str, ...]]:
    """The longest word that ordinary talk seldom has, after the second longest if that is long too."""
    words = [code(reading)] if is_code(reading) else path(reading)
    rare = sorted((word for word in words if word not in EVERYDAY), key=len)[-2:]
    if not rare:
        return [tuple(sorted(dict.fromkeys(words), key=len)[-2:])]
    return [(word,) for word in rare] if len(rare[0]) >= _RARE else [(rare[-1],)]

"""An index over all signs at once: finding costs the length of the text, not the number of signs.

Phrases are paths in one tree of words, codes are keys of one dictionary. A sign of several parts counts once
all of them were found near each other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.domain.guidance import Sign, Whose
from bot.domain.signs import anchors, code, is_code, is_mark, parts, path, reach, readings
from bot.domain.words import Vocabulary, split_words

_CUT_WORDS = 3  # a phrase that the end of the text cuts off counts from this many words on
_OFTEN = 50  # hits of one part that are looked at; a text that repeats itself more says nothing new
_CUT_CODE = 10  # the same for a code, in letters


@dataclass(frozen=True, slots=True)
class Found:
    """A sign in a text: where its last part starts, and how many words of the text it took."""

    sign: Sign
    at: int
    words: int


_Hit = tuple[int, int, int]
"""One part of a sign in a text: where it starts, how many words it takes (negative, so that the longest sorts
first), and the number of the part. A plain tuple, because hostile texts have tens of thousands of them."""


class _Node(dict[str, "_Node"]):
    """A word of the tree; ``parts`` are the numbers of the parts that end here."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[int] = []


class SignIndex:
    """All signs, ready to be found."""

    def __init__(self, signs: Iterable[Sign]) -> None:
        self._root = _Node()
        self._codes: dict[str, list[int]] = {}
        self._signs: list[Sign] = []
        self._needed: list[int] = []
        self._reach: list[int] = []
        self._marks: list[bool] = []
        self._covers: list[bool] = []
        self._parts: list[tuple[int, int]] = []
        self._words: set[str] = set()
        self._mended: set[str] = set()
        self._anchors: set[str] = set()
        for sign in signs:
            self._add(sign)

    def may_hold(self, words: Sequence[str]) -> bool:
        """False where no sign can be in these quick words: the cheap look that ordinary chat gets."""
        if not self._anchors.isdisjoint(words):
            return True
        return any(not self._anchors.isdisjoint(word.split("_")) for word in words if "_" in word)

    def is_near(self, words: Sequence[str]) -> bool:
        """Whether most of these words are words of signs: then a slip of the finger may hide one."""
        return 2 * sum(1 for word in words if word in self._words or "_" in word) > len(words)

    def spelled(self, words: Sequence[str]) -> list[str]:
        """Raw words with their humps resolved: *GitHub* is one word of the signs, *BlockedOAuth* are two."""
        return [self._whole(word) if "~" in word else word for word in words]

    def corrected(self, words: Sequence[str]) -> list[str]:
        """Words with slips of the finger in the words of signs put right, inside codes as well."""
        pieces = [
            [word] if "_" not in word or word in self._codes else [part for part in word.split("_") if part]
            for word in words
        ]
        mended = iter(self._vocabulary.corrected([piece for word in pieces for piece in word]))
        return ["_".join(next(mended) for _ in word) for word in pieces]

    def find(self, words: Sequence[str], *, is_cut: bool = False) -> list[Found]:
        """Every sign in these words, in the order of the text; each sign once, at its last place.

        ``is_cut``: the text may have been cut off in the middle of its last sign.
        """
        flat, hits = self._codes_in(words)
        hits.extend(self._phrases_in(flat, is_cut=is_cut))
        if is_cut and words and words[-1] not in self._codes:
            hits.extend(self._cut_code(words[-1], len(flat)))
        return self._complete(self._uncovered(hits))

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._words, self._mended)

    @cached_property
    def _sorted_codes(self) -> list[str]:
        return sorted(self._codes)

    def _add(self, sign: Sign) -> None:
        pieces = parts(sign)
        number = len(self._signs)
        self._signs.append(sign)
        self._needed.append(len(pieces))
        self._reach.append(reach(sign))
        self._marks.append(is_mark(sign))
        self._covers.append(len(pieces) == 1 and sign.whose is Whose.SALESFORCE and not is_mark(sign))
        words: set[str] = set()
        for place, piece in enumerate(pieces):
            self._parts.append((number, place))
            words |= self._add_part(piece, len(self._parts) - 1)
        self._words |= words
        self._mended |= set() if is_mark(sign) else words
        self._anchors |= anchors(sign) if sign.whose is not Whose.COMMON else set()

    def _add_part(self, piece: str, number: int) -> set[str]:
        words: set[str] = set()
        for reading in readings(piece):
            if is_code(reading):
                key = code(reading)
                self._codes.setdefault(key, []).append(number)
                words |= {key, *key.split("_")}
            else:
                words.update(self._add_path(path(reading), number))
        return words

    def _add_path(self, words: list[str], number: int) -> list[str]:
        node = self._root
        for word in words:
            node = node.setdefault(word, _Node())
        if number not in node.parts:
            node.parts.append(number)
        return words

    def _whole(self, word: str) -> str:
        joined = word.replace("~", "")
        return joined if joined in self._words else word.replace("~", "_")

    def _codes_in(self, words: Sequence[str]) -> tuple[list[str], list[_Hit]]:
        """The words taken apart, and the hits of codes among them."""
        flat: list[str] = []
        hits: list[_Hit] = []
        for word in words:
            if word in self._codes:
                hits.extend([(len(flat), -1 - word.count("_"), part) for part in self._codes[word]])
            flat.extend(split_words((word,)))
        return flat, hits

    def _cut_code(self, word: str, end: int) -> list[_Hit]:
        """What a code that the text's end cuts off must have become, if only one thing."""
        if "_" not in word or len(word) < _CUT_CODE:
            return []
        at = bisect_left(self._sorted_codes, word)
        candidates = [known for known in self._sorted_codes[at : at + 2] if known.startswith(word)]
        if len(candidates) != 1:
            return []
        size = 1 + word.count("_")
        return [(end - size, -size, part) for part in self._codes[candidates[0]]]

    def _phrases_in(self, flat: Sequence[str], *, is_cut: bool) -> list[_Hit]:
        hits: list[_Hit] = []
        often: dict[int, int] = {}
        root, length = self._root, len(flat)
        for start, word in enumerate(flat):
            node = root.get(word)
            at = start
            while node is not None:
                at += 1
                for part in node.parts:
                    times = often[part] = often.get(part, 0) + 1
                    if times <= _OFTEN:
                        hits.append((start, start - at, part))
                deeper = node.get(flat[at]) if at < length else None
                if deeper is None and is_cut and at >= length - 1 and at - start >= _CUT_WORDS:
                    hits.extend(_cut_phrase(node, flat[at:], start, at))
                node = deeper
        return hits

    def _uncovered(self, hits: list[_Hit]) -> list[_Hit]:
        """Hits in the order of the text, without those that are only a piece of a longer sign."""
        hits.sort()
        kept: list[_Hit] = []
        covered, covered_from = -1, -1
        for hit in hits:
            at, words, part = hit
            number = self._parts[part][0]
            end = at - words
            if self._marks[number]:
                kept.append(hit)
            elif end > covered or (end == covered and at == covered_from):
                kept.append(hit)
                if self._covers[number]:
                    covered, covered_from = end, at
        return kept

    def _complete(self, hits: Sequence[_Hit]) -> list[Found]:
        """The signs whose every part was hit, the parts within reach of each other."""
        places: dict[int, dict[int, _Hit]] = {}
        found: dict[int, tuple[int, int]] = {}
        for hit in hits:
            number, place = self._parts[hit[2]]
            needed = self._needed[number]
            if needed == 1:
                found[number] = (hit[0], -hit[1])
                continue
            there = places.setdefault(number, {})
            there[place] = hit
            if len(there) == needed and hit[0] - min(there.values())[0] <= self._reach[number]:
                found[number] = (hit[0], -sum(other[1] for other in there.values()))
        return [Found(self._signs[number], at, words) for number, (at, words) in found.items()]


def _cut_phrase(node: _Node, rest: Sequence[str], start: int, at: int) -> list[_Hit]:
    """What a phrase that the text's end cuts off must have become, if one thing; ``rest`` is half a word."""
    if node.parts:
        return []
    if rest:
        children = [child for word, child in node.items() if word.startswith(rest[0])]
        if len(children) != 1:
            return []
        node = children[0]
    missing = 0
    while not node.parts and len(node) == 1:
        node = next(iter(node.values()))
        missing += 1
    return [(start, start - at, part) for part in node.parts] if 2 * missing <= at - start else []

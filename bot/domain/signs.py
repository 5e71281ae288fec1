"""An index over all signs at once: finding costs the length of the text, not the number of signs.

Phrases are paths in one tree of words, codes are keys of one dictionary. A sign of several parts counts once all of
them were found near each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from bot.domain.guidance import Sign, Whose
from bot.domain.words import Vocabulary, raw_words, split_words

_REACH = 60  # words between the first and the last part of a sign with ``...``
_NEAR = 9  # the same for ``..``
_RARE = 7  # letters from which a word is seldom in ordinary talk
_GAP = re.compile(r"\s\.{2,3}\s")
_VARIANTS = 96  # ways to read one part with all its alternatives
_CUT_WORDS = 3  # a phrase that the end of the text cuts off counts from this many words on
_EVERYDAY = frozenset(
    (
        "access account address all allow allowed also any api app application apps are at available be "
        "because been before block but by call can client close code com company connect connected connection "
        "contact could data default different do does down due during either end enter error failed failure "
        "field for found from get had has have http https in install installed instance into invalid is issue "
        "it its json key limit log login make match message missing more must my name needs never new no not "
        "number object on one only or org organization out package page password please post problem request "
        "required requires response server service session set setup sign site some status string support "
        "system team that the their them there these this time to token try type unable unexpected unknown up "
        "url use used user username users using valid value view was we when will with within work you your"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """A sign in a text: where its last part starts, and how many words of the text it took."""

    sign: Sign
    at: int
    words: int


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
        self._signs: list[tuple[Sign, int, int]] = []
        self._parts: list[tuple[int, int]] = []
        known: set[str] = set()
        mended: set[str] = set()
        anchors: set[str] = set()
        for sign in signs:
            words = self._add(sign)
            known |= words
            mended |= set() if is_mark(sign) else words
            anchors |= _anchors(sign) if sign.whose is not Whose.COMMON else set()
        self._words = known
        self._mended = mended
        self._anchors = frozenset(anchors)
        self._vocabulary: Vocabulary | None = None

    def _add(self, sign: Sign) -> set[str]:
        parts = _GAP.split(sign.text)
        number = len(self._signs)
        self._signs.append((sign, len(parts), _NEAR if " .. " in sign.text else _REACH))
        words: set[str] = set()
        for place, part in enumerate(parts):
            self._parts.append((number, place))
            words.update(self._add_part(part, len(self._parts) - 1))
        return words

    def _add_part(self, part: str, number: int) -> set[str]:
        words: set[str] = set()
        for variant in variants(part):
            if is_code(variant):
                code = raw_words(variant)[0].replace("~", "")
                self._codes.setdefault(code, []).append(number)
                words |= {code, *code.split("_")}
                continue
            path = split_words(word.replace("~", "") for word in raw_words(variant))
            node = self._root
            for word in path:
                node = node.setdefault(word, _Node())
            if number not in node.parts:
                node.parts.append(number)
            words.update(path)
        return words

    def is_near(self, words: Sequence[str]) -> bool:
        """Whether most of these raw words are words of signs: then a slip of the finger may hide one."""
        known = sum(1 for word in words if word in self._words or "_" in word)
        return known * 2 > len(words)

    def may_hold(self, words: Sequence[str]) -> bool:
        """False where no sign can be in these raw words: the cheap look that ordinary chat gets."""
        anchors = self._anchors
        if not anchors.isdisjoint(words):
            return True
        joined = (word for word in words if "_" in word or "~" in word)
        return any(not anchors.isdisjoint(self._taken_apart(word)) for word in joined)

    def spelled(self, words: Sequence[str]) -> list[str]:
        """Raw words with their humps resolved: *GitHub* is one word of the signs, *BlockedOAuth* are two."""
        return [self._whole(word) if "~" in word else word for word in words]

    @staticmethod
    def _taken_apart(word: str) -> list[str]:
        return [word.replace("~", ""), *word.replace("~", "_").split("_")]

    def _whole(self, word: str) -> str:
        joined = word.replace("~", "")
        return joined if joined in self._words or joined in self._codes else word.replace("~", "_")

    def corrected(self, words: Sequence[str]) -> list[str]:
        """Raw words with typing mistakes in the words of signs put right, inside codes as well."""
        if self._vocabulary is None:
            self._vocabulary = Vocabulary(self._words, self._mended)
        vocabulary, codes = self._vocabulary, self._codes
        flat: list[str] = []
        spans: list[int] = []
        for word in words:
            parts = [word] if "_" not in word or word in codes else [part for part in word.split("_") if part]
            flat.extend(parts)
            spans.append(len(parts))
        mended = vocabulary.corrected(flat)
        result, at = [], 0
        for span in spans:
            result.append("_".join(mended[at : at + span]))
            at += span
        return result

    def find(self, words: Sequence[str]) -> list[Found]:
        """Every sign in these raw words, in the order of the text; each sign once, at its last place."""
        flat, hits = self._codes_in(words)
        hits.extend(self._phrases_in(flat))
        return self._complete(self._uncovered(hits))

    def _uncovered(self, hits: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
        """Hits in the order of the text, without those that are only a piece of a longer sign."""
        hits.sort(key=lambda hit: (hit[1], -hit[2]))
        kept: list[tuple[int, int, int]] = []
        covered: tuple[int, int] = (-1, -1)
        for part, at, words in hits:
            sign, needed, _ = self._signs[self._parts[part][0]]
            if is_mark(sign):
                kept.append((part, at, words))
                continue
            if at + words <= covered[1] and (at, at + words) != covered:
                continue
            kept.append((part, at, words))
            if needed == 1 and sign.whose is Whose.SALESFORCE and at + words > covered[1]:
                covered = (at, at + words)
        return kept

    def _codes_in(self, words: Sequence[str]) -> tuple[list[str], list[tuple[int, int, int]]]:
        flat: list[str] = []
        hits: list[tuple[int, int, int]] = []
        for word in words:
            for part in self._codes.get(word, ()):
                hits.append((part, len(flat), 1 + word.count("_")))
            flat.extend(split_words((word,)))
        return flat, hits

    def _phrases_in(self, flat: Sequence[str]) -> list[tuple[int, int, int]]:
        hits: list[tuple[int, int, int]] = []
        root, length = self._root, len(flat)
        for start in range(length):
            node = root.get(flat[start])
            at = start + 1
            while node is not None:
                for part in node.parts:
                    hits.append((part, start, at - start))
                if at == length:
                    hits.extend(self._cut_off(node, start, at))
                    break
                node = node.get(flat[at])
                at += 1
        return hits

    def _cut_off(self, node: _Node, start: int, at: int) -> list[tuple[int, int, int]]:
        """What a phrase that the text's end cuts off must have become, if only one thing."""
        taken = at - start
        if taken < _CUT_WORDS or node.parts:
            return []
        missing = 0
        while not node.parts and len(node) == 1:
            node = next(iter(node.values()))
            missing += 1
        if not node.parts or missing > taken:
            return []
        return [(part, start, taken) for part in node.parts]

    def _complete(self, hits: Sequence[tuple[int, int, int]]) -> list[Found]:
        seen: dict[int, dict[int, tuple[int, int]]] = {}
        found: dict[int, Found] = {}
        for part, at, words in hits:
            number, place = self._parts[part]
            sign, needed, reach = self._signs[number]
            if needed == 1:
                found[number] = Found(sign, at, words)
                continue
            places = seen.setdefault(number, {})
            places[place] = (at, words)
            if len(places) == needed and at - min(there for there, _ in places.values()) <= reach:
                found[number] = Found(sign, at, sum(size for _, size in places.values()))
        return list(found.values())


def _anchors(sign: Sign) -> set[str]:
    """Words one of which is in every text that the sign is in, two in case that one is mistyped."""
    parts = [[_rarest(variant) for variant in variants(part)] for part in _GAP.split(sign.text)]
    best = max(parts, key=lambda readings: min(len(words[-1]) for words in readings))
    return {word for words in best for word in words}


def _rarest(variant: str) -> list[str]:
    """The longest word that ordinary talk seldom has, after the second longest if that is long too."""
    words = raw_words(variant) if is_code(variant) else split_words(raw_words(variant))
    rare = [word.replace("~", "") for word in words if word not in _EVERYDAY] or words
    longest = sorted(rare, key=len)[-2:]
    return longest if len(longest[0]) >= _RARE else longest[-1:]


def is_mark(sign: Sign) -> bool:
    """Whether a sign leads to no entry but tells what the text is about."""
    return sign.entry.startswith("(")


def is_code(text: str) -> bool:
    """Whether a sign is a code: one word with an underscore or a capital inside, not a phrase."""
    text = text.strip()
    return " " not in text and ("_" in text or any(letter.isupper() for letter in text[1:]) and not text.isupper())


def variants(part: str) -> list[str]:
    """Every reading of a part: ``user|admin is locked`` is two."""
    choices = [word.split("|") for word in part.split()]
    readings = [" ".join(word for word in reading if word) for reading in product(*choices)]
    return readings[:_VARIANTS]

"""An index over all patterns at once: finding costs the length of the text, not the number of patterns.

Phrases are paths in one tree of words, codes are keys of one dictionary. A pattern of several parts counts once
all of them were found near each other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.domain.recognition.guidance import Pattern, Specificity
from bot.domain.recognition.pattern import (
    anchors,
    code_key,
    is_code,
    is_context,
    is_name,
    parts,
    reach,
    readings,
    words_of,
)
from bot.domain.recognition.tokens import CHANGED, Vocabulary, split_words
from bot.domain.recognition.trie import Hit, Trie

_SENTENCE = 5  # words from which on a name with underscores is a sentence. Trial 260 / 1, a test each way
_CUT_CODE = 10  # letters from which on the beginning of a code stands for the whole. Trial 1 / 11, a test doubled
_LONG_CODE = 3  # words from which on no phrase runs into a code from before it. Trial 0 / 0, a test doubled


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """A pattern in a text: where its last part starts and how many words of the text it took.

    ``starts`` are the words where its parts start, or where a pattern of one part was found each time.
    """

    pattern: Pattern
    at: int
    words: int
    starts: tuple[int, ...] = ()


class PatternIndex:
    """All patterns, ready to be found."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        # What find() needs of each pattern stands in lists of their own, by its number: hostile texts have tens of
        # thousands of hits, and a record for each pattern is slower there.
        self._trie = Trie()
        self._codes: dict[str, list[int]] = {}
        self._patterns: list[Pattern] = []
        self._part_counts: list[int] = []
        self._reach: list[int] = []
        self._is_context: list[bool] = []
        self._covers: list[bool] = []
        self._patterns_of_part: list[list[tuple[int, int]]] = []
        self._part_numbers: dict[tuple[str, bool, bool], int] = {}
        self._words: set[str] = set()
        self._correctable: set[str] = set()
        self._anchors: set[str] = set()
        self._anchor_pairs: dict[str, set[str]] = {}
        for pattern in patterns:
            self._add(pattern)

    def may_match(self, words: Sequence[str]) -> bool:
        """False where no pattern can be in these quick words: the cheap look that ordinary chat gets."""
        there = set(words)
        there.update(piece for word in words if "_" in word for piece in word.split("_"))
        if not self._anchors.isdisjoint(there):
            return True
        return any(not self._anchor_pairs[word].isdisjoint(there) for word in self._anchor_pairs.keys() & there)

    def knows(self, words: Sequence[str]) -> bool:
        """Whether all of these are words of patterns."""
        return self._words.issuperset(word.replace("~", "") for word in words)

    def resolve_humps(self, words: Sequence[str]) -> list[str]:
        """Raw words with their humps resolved: *GitHub* is one word of the patterns, *BlockedOAuth* are two."""
        return [self._whole(word) if "~" in word else word for word in words]

    def corrected(self, words: Sequence[str]) -> list[str]:
        """Words with typos in the words of patterns put right, inside codes as well."""
        pieces = [
            [word] if "_" not in word or word in self._codes else [part for part in word.split("_") if part]
            for word in words
        ]
        corrected = iter(self._vocabulary.corrected([piece for word in pieces for piece in word]))
        return ["_".join(next(corrected) for _ in word) for word in pieces]

    def find(self, words: Sequence[str], *, is_cut: bool = False, is_code_cut: bool = False) -> list[PatternMatch]:
        """Every pattern in these words, in the order of the text; each once, where its parts stand closest.

        ``is_cut``: the text may have been cut off in the middle of its last pattern; ``is_code_cut``: of a code.
        """
        flat, hits, names = self._codes_in(words)
        phrases = self._trie.hits(flat, is_cut=is_cut)
        codes = {hit[0]: hit[0] - hit[1] for hit in hits if hit[1] <= -_LONG_CODE}
        if names:
            phrases = [hit for hit in phrases if not (_is_in_name(hit, names) or _swallows(hit, codes))]
        hits.extend(phrases)
        if is_code_cut and words and words[-1] not in self._codes:
            hits.extend(self._cut_code(words[-1], len(flat)))
        return self._matches(self._uncovered(hits))

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._words, self._correctable)

    @cached_property
    def _sorted_codes(self) -> list[str]:
        return sorted(self._codes)

    def _add(self, pattern: Pattern) -> None:
        pieces = parts(pattern)
        number = len(self._patterns)
        self._patterns.append(pattern)
        self._part_counts.append(len(pieces))
        self._reach.append(reach(pattern))
        self._is_context.append(is_context(pattern))
        is_whole = len(pieces) == 1 and pattern.specificity is Specificity.SALESFORCE and not is_context(pattern)
        self._covers.append(is_whole or is_name(pattern))
        words: set[str] = set()
        for place, piece in enumerate(pieces):
            words |= self._add_part(piece, number, place)
        self._words |= words
        self._correctable |= set() if is_context(pattern) else words
        # Everyday and told patterns count only beside a word of the context, which has anchors of its own.
        for first, *second in anchors(pattern) if pattern.specificity < Specificity.COMMON else ():
            if second:
                self._anchor_pairs.setdefault(first, set()).update(second)
            else:
                self._anchors.add(first)

    def _add_part(self, piece: str, number: int, place: int) -> set[str]:
        """Note a part of a pattern; one that several patterns have in common is looked for once. Returns its words."""
        shared = (piece, self._is_context[number], self._covers[number])
        known = self._part_numbers.get(shared)
        if known is not None:
            self._patterns_of_part[known].append((number, place))
            return set()
        part = self._part_numbers[shared] = len(self._patterns_of_part)
        self._patterns_of_part.append([(number, place)])
        words: set[str] = set()
        for reading in readings(piece):
            if is_code(reading):
                key = code_key(reading)
                self._codes.setdefault(key, []).append(part)
                words |= {key, *key.split("_")}
            else:
                phrase = words_of(reading)
                self._trie.add(phrase, part)
                words.update(phrase)
        return words

    def _whole(self, word: str) -> str:
        joined = word.replace("~", "")
        return joined if joined in self._words else word.replace("~", "_")

    def _codes_in(self, words: Sequence[str]) -> tuple[list[str], list[Hit], dict[int, tuple[int, int]]]:
        """The words taken apart, the hits of codes among them, and from where to where each long name goes."""
        flat: list[str] = []
        hits: list[Hit] = []
        names: dict[int, tuple[int, int]] = {}
        for word in words:
            start = len(flat)
            if word in self._codes:
                hits.extend([(start, -1 - word.count("_"), part) for part in self._codes[word]])
            if "_" not in word and word not in CHANGED:
                flat.append(word)
                continue
            flat.extend(split_words((word,)))
            if "_" in word:
                names.update(dict.fromkeys(range(start, len(flat)), (start, len(flat))))
        return flat, hits, names

    def _cut_code(self, word: str, end: int) -> list[Hit]:
        """What a code that the text's end cuts off must have become, if only one thing."""
        if "_" not in word or len(word) < _CUT_CODE:
            return []
        at = bisect_left(self._sorted_codes, word)
        candidates = [known for known in self._sorted_codes[at : at + 2] if known.startswith(word)]
        if len(candidates) != 1:
            return []
        size = 1 + word.count("_")
        return [(end - size, -size, part) for part in self._codes[candidates[0]]]

    def _uncovered(self, hits: list[Hit]) -> list[Hit]:
        """Hits in the order of the text, without those that are only a piece of a longer pattern."""
        hits.sort()  # by place, the longest first (see Hit): what a pattern covers comes right after it
        kept: list[Hit] = []
        covered, covered_from = -1, -1
        for hit in hits:
            at, words, part = hit
            number = self._patterns_of_part[part][0][0]
            end = at - words
            if self._is_context[number] and not self._covers[number]:
                kept.append(hit)
            elif end > covered or (end == covered and at == covered_from):
                kept.append(hit)
                if self._covers[number]:
                    covered, covered_from = end, at
        return kept

    def _matches(self, hits: Sequence[Hit]) -> list[PatternMatch]:
        """The patterns whose every part was hit, the parts within reach of each other."""
        places: dict[int, dict[int, Hit]] = {}
        found: dict[int, tuple[int, int, tuple[int, ...]]] = {}
        for hit in hits:
            for number, place in self._patterns_of_part[hit[2]]:
                needed = self._part_counts[number]
                if needed == 1:
                    found[number] = (hit[0], -hit[1], (*found[number][2], hit[0]) if number in found else (hit[0],))
                    continue
                there = places.setdefault(number, {})
                there[place] = hit
                if len(there) == needed and hit[0] - min(there.values())[0] <= self._reach[number]:
                    starts = tuple(there[part][0] for part in range(needed))
                    if number not in found or _span(starts) < _span(found[number][2]):
                        found[number] = (hit[0], -sum(other[1] for other in there.values()), starts)
        return [PatternMatch(self._patterns[number], *where) for number, where in found.items()]


def _span(starts: Sequence[int]) -> int:
    """From the first to the last part of a pattern, in words."""
    return max(starts) - min(starts)


def _is_in_name(hit: Hit, names: Mapping[int, tuple[int, int]]) -> bool:
    """Whether words lie inside one long name such as ``GOOGLE_OAUTH_APP_BLOCKED``: then they are not said.

    One word is heard in a name, and a name that is a whole sentence is one; other names count as codes only, and no
    phrase begins in the middle of one.
    """
    start, size = hit[0], -hit[1]
    begin, end = names.get(start, (0, 0))
    if size == 1 or start >= end:
        return False
    return begin < start if start + size > end else (start, start + size) != (begin, end) or size < _SENTENCE


def _swallows(hit: Hit, codes: Mapping[int, int]) -> bool:
    """Whether a phrase runs into a long code and takes all of it for its own words."""
    start, size = hit[0], -hit[1]
    return bool(codes) and any(codes.get(at, start + size + 1) <= start + size for at in range(start + 1, start + size))

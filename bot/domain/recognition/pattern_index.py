"""An index over all patterns at once: finding costs the length of the text, not the number of patterns.

Phrases and codes are keys of one dictionary that holds their beginnings too, so that a text is followed word by word. A
pattern of several parts counts once all of them were found near each other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import chain, repeat

from bot.domain.recognition.guidance import Pattern, Specificity
from bot.domain.recognition.pattern import anchors, is_code, is_context, is_name, key_of, parts, reach, readings
from bot.domain.recognition.tokens import SPELLED, Vocabulary, quick_words, split_words

_SENTENCE = 5  # words from which on a name with underscores is a sentence. Trial 260 / 1, a test each way
_CUT_WORDS = 3  # words from which on a phrase that the text's end cuts off counts. Trial 10 / 19, a test doubled
_CUT_CODE = 10  # letters from which on the beginning of a code stands for the whole. Trial 1 / 11, a test doubled
# Hits of one part that are looked at, for hostile texts' sake; what is repeated says nothing new. Trial 0 / 0.
_OFTEN = 50

Hit = tuple[int, int, int]
"""One part of a pattern in a text: where it starts, how many words it takes (negative, so that the longest sorts
first), and the number of the part. A plain tuple, because hostile texts have tens of thousands of them."""


class Cut(IntEnum):
    """What the end of a text may have cut off: nothing, a phrase, a code in capitals or a phrase."""

    NOTHING = 0
    PHRASE = 1
    CODE = 2


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """A pattern in a text: how many words of the text it took.

    ``starts`` are the words where its parts start, or where a pattern of one part was found each time.
    """

    pattern: Pattern
    words: int
    starts: tuple[int, ...]


class PatternIndex:
    """All patterns, ready to be found."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        # What find() needs of each pattern and part stands in lists, by its number: hostile texts have tens of
        # thousands of hits, and a record for each is slower there.
        self._patterns: list[Pattern] = []
        self._part_counts: list[int] = []
        self._anchors: dict[str, set[frozenset[str]]] = {}
        self._phrases: dict[str, list[int]] = {}
        self._part_numbers: dict[tuple[str, bool, bool], int] = {}
        self._patterns_of_part: list[list[tuple[int, int]]] = []
        self._stays: list[bool] = []
        self._covers: list[bool] = []
        words: set[str] = set()
        correctable: set[str] = set()
        for pattern in patterns:
            of_pattern = self._add(pattern)
            words |= of_pattern
            correctable |= set() if is_context(pattern) else of_pattern
            # Everyday and told patterns count only beside a word of the context, which has anchors of its own.
            for pair in anchors(pattern) if pattern.specificity < Specificity.COMMON else ():
                self._anchors.setdefault(max(pair, key=len), set()).add(pair)
        self.vocabulary = Vocabulary(words, correctable)

    def may_match(self, text: str) -> bool:
        """False where no pattern can be in a text: the cheap look that ordinary chat gets."""
        there = quick_words(text)
        return any(pair <= there for word in self._anchors.keys() & there for pair in self._anchors[word])

    def find(self, words: Sequence[str], cut: Cut = Cut.NOTHING) -> list[PatternMatch]:
        """Every pattern in these words, in the order of the text; each once, where its parts stand closest.

        ``cut``: what may have been cut off at the end of the text.
        """
        flat, hits, names = self._codes_in(words)
        codes = {hit[0] for hit in hits}
        hits.extend(hit for hit in self._phrases_in(flat, cut) if not names or _is_said(hit, names, codes))
        if cut is Cut.CODE and words and "_" in words[-1] and len(words[-1]) >= _CUT_CODE:
            size = 1 + words[-1].count("_")
            hits.extend((len(flat) - size, -size, part) for part in self._completed(words[-1]))
        return self._matches(self._uncovered(hits))

    @cached_property
    def _sorted_phrases(self) -> list[str]:
        return sorted(phrase for phrase, parts_there in self._phrases.items() if parts_there)

    def _add(self, pattern: Pattern) -> set[str]:
        """Note a pattern; returns its words."""
        pieces = parts(pattern)
        is_whole = len(pieces) == 1 and pattern.specificity is Specificity.SALESFORCE and not is_context(pattern)
        number = len(self._patterns)
        self._patterns.append(pattern)
        self._part_counts.append(len(pieces))
        words: set[str] = set()
        for place, piece in enumerate(pieces):
            words |= self._add_part(piece, (number, place), is_context(pattern), is_whole or is_name(pattern))
        return words

    def _add_part(self, piece: str, pattern: tuple[int, int], is_context: bool, covers: bool) -> set[str]:
        """Note a part; one that several patterns have in common is looked for once. Returns its words."""
        part = self._part_numbers.setdefault((piece, is_context, covers), len(self._patterns_of_part))
        if part < len(self._patterns_of_part):
            self._patterns_of_part[part].append(pattern)
            return set()
        self._patterns_of_part.append([pattern])
        self._covers.append(covers)
        self._stays.append(is_context and not covers)
        words: set[str] = set()
        for reading in readings(piece):
            key = key_of(reading)
            words |= {key, *key.split("_")} if is_code(reading) else set(key.split())
            for at, letter in enumerate(key):
                if letter == " ":
                    self._phrases.setdefault(key[:at], [])
            there = self._phrases.setdefault(key, [])
            if part not in there:
                there.append(part)
        return words

    def _codes_in(self, words: Sequence[str]) -> tuple[list[str], list[Hit], dict[int, int]]:
        """The words taken apart, the hits of codes among them, and where names end, by their first word.

        At the further words of a name stands 0.
        """
        flat: list[str] = []
        hits: list[Hit] = []
        names: dict[int, int] = {}
        for word in words:
            start = len(flat)
            if "_" in word:
                flat.extend(split_words((word,)))
                hits.extend((start, start - len(flat), part) for part in self._phrases.get(word, ()))
                names.update(zip(range(start, len(flat)), chain((len(flat),), repeat(0)), strict=False))
            elif word in SPELLED:
                flat.extend(SPELLED[word])
            else:
                flat.append(word)
        return flat, hits, names

    def _phrases_in(self, flat: Sequence[str], cut: Cut) -> list[Hit]:
        """Every phrase in these words, and the one that the end of the text began where it was cut off."""
        hits: list[Hit] = []
        often: dict[int, int] = {}
        known, length = self._phrases, len(flat)
        for start, phrase in enumerate(flat):
            there = known.get(phrase)
            end = start + 1
            while there is not None:
                for part in there:
                    times = often[part] = often.get(part, 0) + 1
                    if times <= _OFTEN:
                        hits.append((start, start - end, part))
                if end == length:
                    break
                phrase = f"{phrase} {flat[end]}"
                there = known.get(phrase)
                end += 1
            if cut and end == length and not there:
                beginning = phrase if there is None else f"{phrase} "
                if beginning.count(" ") >= _CUT_WORDS:
                    hits.extend((start, start - end, part) for part in self._completed(beginning))
        return hits

    def _completed(self, beginning: str) -> list[int]:
        """What a phrase or code that the text's end cuts off must have become, if only one thing."""
        known = self._sorted_phrases
        candidates = known[bisect_left(known, beginning) : bisect_right(known, f"{beginning}\uffff")]
        if not candidates or not f"{candidates[-1]} ".startswith(f"{candidates[0]} "):
            return []
        # Two thirds must be there: with half of it 6 answers change and tests fail, with four fifths 6 and none.
        missing = candidates[0].count(" ", len(beginning)) + beginning.endswith(" ")
        return self._phrases[candidates[0]] if 2 * missing <= beginning.count(" ") else []

    def _uncovered(self, hits: list[Hit]) -> list[Hit]:
        """Hits in the order of the text, without those that are only a piece of a longer pattern."""
        hits.sort()  # by place, the longest first (see Hit): what a pattern covers comes right after it
        kept: list[Hit] = []
        covered, covered_from = -1, -1
        for hit in hits:
            at, words, part = hit
            end = at - words
            if self._stays[part]:
                kept.append(hit)
            elif end > covered or (end == covered and at == covered_from):
                kept.append(hit)
                if self._covers[part]:
                    covered, covered_from = end, at
        return kept

    def _matches(self, hits: Sequence[Hit]) -> list[PatternMatch]:
        """The patterns whose every part was hit, the parts within reach of each other."""
        places: dict[int, dict[int, Hit]] = {}
        found: dict[int, tuple[int, tuple[int, ...]]] = {}
        for hit in hits:
            start, size, part = hit
            for number, place in self._patterns_of_part[part]:
                needed = self._part_counts[number]
                if needed == 1:
                    found[number] = (-size, (*found[number][1], start) if number in found else (start,))
                    continue
                there = places.setdefault(number, {})
                there[place] = hit
                if len(there) == needed and start - min(there.values())[0] <= reach(self._patterns[number]):
                    starts = tuple(there[place][0] for place in range(needed))
                    if number not in found or _span(starts) < _span(found[number][1]):
                        found[number] = (-sum(other[1] for other in there.values()), starts)
        return [PatternMatch(self._patterns[number], *where) for number, where in found.items()]


def _span(starts: Sequence[int]) -> int:
    """From the first to the last part of a pattern, in words."""
    return max(starts) - min(starts)


def _is_said(hit: Hit, names: Mapping[int, int], codes: Set[int]) -> bool:
    """Whether words are said, though a name such as ``GOOGLE_OAUTH_APP_BLOCKED`` that they touch is one word.

    One word is heard in a name, and a name that is a whole sentence is one; other names count as codes only. No phrase
    begins in the middle of a name, or takes a known code for its own words.
    """
    start, end = hit[0], hit[0] - hit[1]
    if end - start == 1:
        return True
    is_whole = start not in names or 0 < names[start] < end or (names[start] == end and end - start >= _SENTENCE)
    return is_whole and codes.isdisjoint(range(start + 1, end))

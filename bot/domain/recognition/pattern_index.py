"""An index over all patterns at once: finding costs the length of the text, not the number of patterns.

Phrases and codes are keys of one dictionary that holds their beginnings too, so that a text is followed word by word. A
pattern of several parts counts once all of them were found near each other.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain.recognition.guidance import Context, Pattern, Specificity
from bot.domain.recognition.pattern import anchors, is_context, key_of, parts, reach, readings
from bot.domain.recognition.tokens import SPELLED, Vocabulary, plain_words, quick_words, split_words

_CUT_WORDS = 3  # words from which on a phrase that the text's end cuts off counts; with 4 11 of 1,616 cut off are lost
# Times that one phrase is looked at, for hostile texts' sake; what is repeated says nothing new.
_OFTEN = 50
_MANY_WORDS = 500  # from which on a cheap look would not be one

Hit = tuple[int, int, int]
"""One reading of a part in a text: where it starts, how many words it takes (negative, so that the longest sorts
first), and its number. A plain tuple, because hostile texts have tens of thousands of them."""


@dataclass(frozen=True, slots=True)
class PatternMatch:
    """A pattern in a text: how many words of the text it took.

    ``starts`` are the words where its parts start, or where a pattern of one part was found each time; ``read`` is the
    one of its readings that the text has.
    """

    pattern: Pattern
    words: int
    starts: tuple[int, ...]
    read: str


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A part of one pattern or of several, by their numbers, each with the place that the part has in it.

    ``covers``: what lies inside it is a piece of it and not said. ``stays``: it is said even there. ``telling``: all
    parts of each of its patterns that is not everyday.
    """

    covers: bool
    stays: bool
    patterns: list[tuple[int, int]] = field(default_factory=list)
    telling: list[list[_Part]] = field(default_factory=list)


class PatternIndex:
    """All patterns, ready to be found."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._part_counts: list[int] = []
        self._parts: dict[tuple[str, bool, bool], _Part] = {}
        self._readings: list[tuple[str, _Part]] = []
        self._phrases: dict[str, list[int]] = {}
        self._beside: dict[str, dict[str, int]] = {}
        correctable: set[str] = set()
        for number, pattern in enumerate(self._patterns):
            pieces = parts(pattern)
            self._part_counts.append(len(pieces))
            is_whole = len(pieces) == 1 and pattern.specificity is Specificity.SALESFORCE and not is_context(pattern)
            covers = is_whole or pattern.entry_id == Context.NAMES
            whole = [self._part(piece, covers, is_context(pattern) and not covers) for piece in pieces]
            for place, part in enumerate(whole):
                part.patterns.append((number, place))
                correctable.update(() if is_context(pattern) else map(key_of, readings(pieces[place])))
            if pattern.specificity is Specificity.COMMON:
                continue  # counts only beside a word of the context, which has anchors of its own
            for part in whole:
                part.telling.append(whole)
            for pair, apart in anchors(pattern).items():
                longest = max(pair, key=len)
                (other,) = pair - {longest} or pair
                beside = self._beside.setdefault(longest, {})
                beside[other] = max(beside.get(other, 0), apart)
        self._telling = {
            phrase: [reading for reading in there if self._readings[reading][1].telling]
            for phrase, there in self._phrases.items()
        }
        self._mates = {word: frozenset(beside) for word, beside in self._beside.items()}
        self._sought = {*filter(SPELLED.get, SPELLED)}.union(self._beside, *self._beside.values())
        self.vocabulary = Vocabulary(self._phrases, correctable)

    def may_match(self, text: str) -> bool:
        """False where no pattern can be in a text: the cheap look that ordinary chat gets."""
        words = plain_words(text)
        there, mates = quick_words(words, self._sought), self._mates
        pairs = {word: found for word in there if word in mates and (found := there & mates[word])}
        return bool(pairs) and (len(words) > _MANY_WORDS or self._are_near(words, pairs))

    def _are_near(self, words: Sequence[str], pairs: Mapping[str, Set[str]]) -> bool:
        """Whether two words that betray a pattern stand about as near to each other as they do in it."""
        near: dict[str, dict[str, int]] = {}
        for one, others in pairs.items():
            for other in others:
                near.setdefault(one, {})[other] = near.setdefault(other, {})[one] = self._beside[one][other]
        seen = dict.fromkeys(near, -sys.maxsize)
        for place, word in enumerate(split_words(words)):
            if word in near:
                seen[word] = place
                if any(place - seen[other] <= most for other, most in near[word].items()):
                    return True
        return False

    def find(self, words: Sequence[str], *, asked: bool = True) -> list[PatternMatch]:
        """Every pattern in these words, in the order of the text; each once, where its parts stand closest.

        Overheard (``asked`` false) none where all are everyday ones.
        """
        flat: list[str] = []
        codes: list[Hit] = []
        names: dict[int, int] = {}
        for word in words:
            if "_" in word:
                start = len(flat)
                flat.extend(split_words((word,)))
                codes += [(start, start - len(flat), reading) for reading in self._phrases.get(word, ())]
                names[start] = len(flat)
            elif word in SPELLED:
                flat.extend(SPELLED[word])
            else:
                flat.append(word)
        if not (asked or self._are_telling((*codes, *self._phrases_in(flat, self._telling)))):
            return []
        hits = self._phrases_in(flat, self._phrases)
        names |= {at: sys.maxsize for start, end in names.items() for at in range(start + 1, end)}
        known = {hit[0] for hit in codes}
        said = (hit for hit in hits if hit[1] == -1 or self._is_said(hit, names, known))
        return self._matches(self._uncovered([*codes, *said]))

    def _are_telling(self, hits: Iterable[Hit]) -> bool:
        """Whether these have all parts of a pattern that is not everyday."""
        there = {self._readings[hit[2]][1] for hit in hits}
        return any(there.issuperset(whole) for part in there for whole in part.telling)

    @cached_property
    def _sorted_phrases(self) -> list[str]:
        return sorted(filter(self._phrases.get, self._phrases))

    def _part(self, piece: str, covers: bool, stays: bool) -> _Part:
        """A part, noted with its readings; one that several patterns have in common is looked for once."""
        if (piece, covers, stays) in self._parts:
            return self._parts[piece, covers, stays]
        part = self._parts[piece, covers, stays] = _Part(covers, stays)
        by_key = {key_of(reading): reading for reading in reversed(readings(piece))}
        for key, reading in by_key.items():
            for at, letter in enumerate(key):
                if letter == " ":
                    self._phrases.setdefault(key[:at], [])
            self._phrases.setdefault(key, []).append(len(self._readings))
            self._readings.append((reading, part))
        return part

    def _phrases_in(self, flat: Sequence[str], known: Mapping[str, list[int]]) -> list[Hit]:
        """Every known phrase in these words, and the one that the end of the text may have cut off."""
        hits: list[Hit] = []
        often: dict[str, int] = {}
        length = len(flat)
        for start in [place for place, word in enumerate(flat) if word in known]:
            phrase, end = flat[start], start + 1
            there = known.get(phrase)
            while there is not None:
                if there:
                    times = often[phrase] = often.get(phrase, 0) + 1
                    if times <= _OFTEN:
                        hits += [(start, start - end, reading) for reading in there]
                if end == length:
                    break
                phrase = f"{phrase} {flat[end]}"
                there = known.get(phrase)
                end += 1
            if end == length and not there:
                beginning = phrase if there is None else f"{phrase} "
                hits.extend((start, start - end, reading) for reading in self._completed(beginning))
        return hits

    def _completed(self, beginning: str) -> list[int]:
        """What a phrase that the text's end cuts off must have become, if only one thing."""
        if beginning.count(" ") < _CUT_WORDS:
            return []
        known = self._sorted_phrases
        candidates = known[bisect_left(known, beginning) : bisect_right(known, f"{beginning}\uffff")]
        if not candidates or not f"{candidates[-1]} ".startswith(f"{candidates[0]} "):
            return []
        # Two thirds must be there: with half of it 6 answers change and tests fail, with four fifths 6 and none.
        missing = candidates[0].count(" ", len(beginning)) + beginning.endswith(" ")
        return self._phrases[candidates[0]] if 2 * missing <= beginning.count(" ") else []

    def _is_said(self, phrase: Hit, names: Mapping[int, int], codes: Set[int]) -> bool:
        """Whether a phrase is no mere piece of a name such as ``GOOGLE_OAUTH_APP_BLOCKED``, nor runs into a known code.

        ``names``: where a phrase that begins with this word of a name must go beyond. One that is written with a code
        in it, ``errorCode INVALID_SESSION_ID``, has it there.
        """
        start, size, reading = phrase
        if start - size <= names.get(start, 0):
            return False
        return codes.isdisjoint(range(start + 1, start - size)) or "_" in self._readings[reading][0]

    def _uncovered(self, hits: list[Hit]) -> list[Hit]:
        """Hits in the order of the text, without those that are only a piece of a longer pattern."""
        hits.sort()  # by place, the longest first (see Hit): what a pattern covers comes right after it
        kept: list[Hit] = []
        readings = self._readings
        covered, covered_from = -1, -1
        for hit in hits:
            at, words, reading = hit
            end, part = at - words, readings[reading][1]
            if part.stays:
                kept.append(hit)
            elif end > covered or (end == covered and at == covered_from):
                kept.append(hit)
                if part.covers:
                    covered, covered_from = end, at
        return kept

    def _matches(self, hits: Sequence[Hit]) -> list[PatternMatch]:
        """The patterns whose every part was hit, the parts within reach of each other."""
        places: dict[int, dict[int, Hit]] = {}
        found: dict[int, list[Hit]] = {}
        for hit in hits:
            for number, place in self._readings[hit[2]][1].patterns:
                needed = self._part_counts[number]
                if needed == 1:
                    found.setdefault(number, []).append(hit)
                    continue
                there = places.setdefault(number, {})
                there[place] = hit
                if len(there) == needed and hit[0] - min(there.values())[0] <= reach(self._patterns[number]):
                    closest = [there[place] for place in range(needed)]
                    if number not in found or _span(closest) < _span(found[number]):
                        found[number] = closest
        return [self._match(number, hits) for number, hits in found.items()]

    def _match(self, number: int, hits: Sequence[Hit]) -> PatternMatch:
        once = hits[: self._part_counts[number]]
        read = " … ".join(self._readings[reading][0] for _, _, reading in sorted(once))
        return PatternMatch(self._patterns[number], -sum(hit[1] for hit in once), tuple(hit[0] for hit in hits), read)


def _span(hits: Sequence[Hit]) -> int:
    """From the first to the last part of a pattern, in words."""
    starts = [hit[0] for hit in hits]
    return max(starts) - min(starts)

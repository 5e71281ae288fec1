"""Which section's questions a text is most like, by the words that they have in common.

Plain counting (naive Bayes): a word speaks for a section as often as that section's sample questions have it. Words
of one text depend on each other, so each counts less than whole; else every answer would look certain.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from itertools import pairwise

from bot.domain.recognition.guidance import Asked
from bot.domain.recognition.stems import stem
from bot.domain.recognition.tokens import raw_words, split_words

_COUNTS = 0.4
_UNSEEN = 0.1  # how often a word that a section's questions never had is taken to stand in them
_KEPT = 8_192  # stems, twice as many as the samples have words; what people ask must not pile up
_stem = lru_cache(_KEPT)(stem)


class Likeness:
    """The sample questions, counted at the first question. Safe to share between threads."""

    def __init__(self, asked: Iterable[Asked]) -> None:
        self._asked = tuple(asked)

    def shares(self, text: str) -> dict[str | None, float]:
        """How much each section's questions speak for ``text``; ``None`` for those that no section answers.

        The shares make 1 together. Empty where there are no sample questions.
        """
        words = features(text) & self._words
        weights = {
            section: math.log(count) + _COUNTS * sum(self._speaks(section, word) for word in words)
            for section, count in self._sizes.items()
        }
        most = max(weights.values(), default=0.0)
        shares = {section: math.exp(weight - most) for section, weight in weights.items()}
        total = sum(shares.values())
        return {section: share / total for section, share in shares.items()}

    def _speaks(self, section: str | None, word: str) -> float:
        return math.log((self._counts[section][word] + _UNSEEN) / self._totals[section])

    @cached_property
    def _sizes(self) -> Mapping[str | None, int]:
        return Counter(sample.section for sample in self._asked)

    @cached_property
    def _counts(self) -> Mapping[str | None, Counter[str]]:
        counts: dict[str | None, Counter[str]] = {section: Counter() for section in self._sizes}
        for sample in self._asked:
            counts[sample.section].update(features(sample.text))
        return counts

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for counts in self._counts.values() for word in counts)

    @cached_property
    def _totals(self) -> Mapping[str | None, float]:
        return {section: counts.total() + _UNSEEN * len(self._words) for section, counts in self._counts.items()}


def features(text: str) -> set[str]:
    """The stems of a text, and its neighbouring stems in pairs."""
    stems = [_stem(word) for word in split_words(raw_words(text))]
    return {*stems, *(f"{one} {two}" for one, two in pairwise(stems))}

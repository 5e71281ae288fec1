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

from bot.domain.recognition.guidance import SampleQuestion
from bot.domain.recognition.stems import stem
from bot.domain.recognition.tokens import raw_words, split_words

_WORD_WEIGHT = 0.4  # less than whole, since words depend on each other (see above). Trial 103 / 224, a test each way
_SMOOTHING = 0.1  # how often a word that a section's questions never had is taken to be there. Trial 54 / 47, a test
_CACHED_STEMS = 8_192  # stems, twice as many as the samples have words; what people ask must not pile up
_stem = lru_cache(_CACHED_STEMS)(stem)


class QuestionClassifier:
    """The sample questions, counted at the first question. Safe to share between threads."""

    def __init__(self, samples: Iterable[SampleQuestion]) -> None:
        self._samples = tuple(samples)

    def probabilities(self, text: str) -> dict[str | None, float]:
        """How much each section's questions speak for ``text``; ``None`` for those that no section answers.

        They make 1 together. Empty where there are no sample questions.
        """
        words = features(text) & self._known_words
        weights = {
            section: math.log(count) + _WORD_WEIGHT * sum(self._log_likelihood(section, word) for word in words)
            for section, count in self._sample_counts.items()
        }
        most = max(weights.values(), default=0.0)
        probabilities = {section: math.exp(weight - most) for section, weight in weights.items()}
        total = sum(probabilities.values())
        return {section: part / total for section, part in probabilities.items()}

    def _log_likelihood(self, section: str | None, word: str) -> float:
        return math.log((self._word_counts[section][word] + _SMOOTHING) / self._word_totals[section])

    @cached_property
    def _sample_counts(self) -> Mapping[str | None, int]:
        return Counter(sample.section for sample in self._samples)

    @cached_property
    def _word_counts(self) -> Mapping[str | None, Counter[str]]:
        counts: dict[str | None, Counter[str]] = {section: Counter() for section in self._sample_counts}
        for sample in self._samples:
            counts[sample.section].update(features(sample.text))
        return counts

    @cached_property
    def _known_words(self) -> frozenset[str]:
        return frozenset(word for counts in self._word_counts.values() for word in counts)

    @cached_property
    def _word_totals(self) -> Mapping[str | None, float]:
        return {
            section: counts.total() + _SMOOTHING * len(self._known_words)
            for section, counts in self._word_counts.items()
        }


def features(text: str) -> set[str]:
    """The stems of a text, and its neighbouring stems in pairs."""
    stems = [_stem(word) for word in split_words(raw_words(text))]
    return {*stems, *(f"{one} {two}" for one, two in pairwise(stems))}

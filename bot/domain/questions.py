"""A question in plain words to the section of the guide that answers it, or to none."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.guidance import Ask, Guidance
from bot.domain.model import Entry, Hints, Recognition
from bot.domain.words import raw_words, split_words

_NEAREST = 2
_ENDINGS = ("izations", "ization", "ations", "ation", "ings", "ing", "ed", "es", "s", "e")


def stem(word: str) -> str:
    """A word without its ending, so that *installs*, *installed* and *installing* are one."""
    if word.isascii():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)]
                break
        if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
            word = word[:-1]
    return word


class _Pattern:
    """One way to ask: groups of stems, one of each must be there."""

    def __init__(self, ask: Ask) -> None:
        self.section = ask.section
        self.groups = tuple(
            frozenset(
                " ".join(stem(part) for part in split_words(raw_words(word.replace("_", " "))))
                for word in group.split("|")
            )
            for group in ask.text.split()
        )


class Questions:
    """Finds the section that a question is about."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        self._patterns = [_Pattern(ask) for ask in guidance.asks]
        self._beyond = [_Pattern(Ask("", text)) for text in guidance.context.beyond]

    def answer(self, words: Sequence[str], hints: Hints) -> Recognition:
        """The section that answers these raw words, or the nearest two where none does."""
        stems = _stems(words)
        scores = self._scores(stems)
        ranked = sorted(scores, key=lambda section: -scores[section])
        if ranked and scores[ranked[0]] >= 1 and not self._is_beyond(stems):
            section = self._guidance.entry(ranked[0])
            return Recognition(section, hints=hints)
        return Recognition(None, nearest=self._nearest(ranked), hints=hints)

    def _scores(self, stems: frozenset[str]) -> dict[str, float]:
        """For each section the weight of its best pattern; whole patterns weigh 1 and more, halves less than 1."""
        scores: dict[str, float] = {}
        for pattern in self._patterns:
            there = sum(1 for group in pattern.groups if not group.isdisjoint(stems))
            whole = there == len(pattern.groups)
            score = float(there) if whole else there / (len(pattern.groups) + 1)
            if score > scores.get(pattern.section, 0.0):
                scores[pattern.section] = score
        return scores

    def _is_beyond(self, stems: frozenset[str]) -> bool:
        return any(all(not group.isdisjoint(stems) for group in pattern.groups) for pattern in self._beyond)

    def _nearest(self, ranked: Sequence[str]) -> tuple[Entry, ...]:
        found = [entry for entry in (self._guidance.entry(section) for section in ranked) if entry is not None]
        rest = [section for section in self._guidance.sections if section not in found]
        return tuple((found + rest)[:_NEAREST])


def _stems(words: Sequence[str]) -> frozenset[str]:
    """Single stems and pairs of neighbours, so that a pattern may ask for ``permission_set``."""
    single = [stem(word) for word in split_words(words)]
    pairs = (f"{one} {two}" for one, two in zip(single, single[1:], strict=False))
    return frozenset((*single, *pairs))

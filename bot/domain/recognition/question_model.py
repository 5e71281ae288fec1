"""What somebody who asks means: a linear model over words, groups of letters and patterns found, trained offline."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from bot.domain.recognition.linear import LinearModel
from bot.domain.recognition.tokens import raw_words, split_words

_LETTERS = (3, 4, 5)  # of a group of letters
_MOST_UNKNOWN = 4  # words that no question's samples have; more say nothing new
_READ = 1_500  # letters at either end that are read, to bound the cost
_ENDINGS = ("izations", "ization", "ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e", "y")


class Family(StrEnum):
    """What kind of thing is meant: an error that a text ``TELLS``, a question that it ``ASKS``, or ``NEITHER``."""

    TELLS = "tells"
    ASKS = "asks"
    NEITHER = "neither"


class Meaning(NamedTuple):
    """What is meant, and the entry of the guidance that answers it; ``""`` where it is neither."""

    family: Family
    entry_id: str = ""


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """A question as people ask it, and the entry that answers it; ``None`` where none does."""

    entry_id: str | None
    text: str


@dataclass(frozen=True, slots=True)
class QuestionModel:
    """``meanings``: what speaks for each. ``known``: stems that the sample questions of entries have.

    ``finer``: of an error that stands for all of its topic, what speaks for each of these by their stems alone.
    """

    meanings: Mapping[Meaning, LinearModel] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    finer: Mapping[Meaning, Mapping[Meaning, LinearModel]] = field(default_factory=dict)

    def probabilities(self, readable: str, signs: Collection[str]) -> dict[Meaning, float]:
        """How likely each meaning of a text is. They make 1 together; empty where nothing was trained.

        ``signs``: what is known of it beside its words; each counts as much in a long text as in a short one.
        """
        words = _words(shown(readable))
        there = _features(words, self.known)
        likely = _shares({meaning: model.score(there, signs) for meaning, model in self.meanings.items()})
        stemmed = set(map(_stem, words))
        for whole in filter(likely.get, self.finer):
            share = likely.pop(whole)
            parts = _shares({meaning: model.score(stemmed) for meaning, model in self.finer[whole].items()})
            likely |= {meaning: share * part for meaning, part in parts.items()}
        return likely


def _shares(scores: Mapping[Meaning, float]) -> dict[Meaning, float]:
    """How likely each of these is, which make 1 together."""
    most = max(scores.values(), default=0.0)
    likely = {meaning: math.exp(score - most) for meaning, score in scores.items()}
    total = sum(likely.values())
    return {meaning: share / total for meaning, share in likely.items()}


LoadQuestions = Callable[[], QuestionModel]


def features(readable: str, known: Collection[str]) -> set[str]:
    """What a text says: its stems and pairs of them, groups of letters, and how many of its words are unknown."""
    return _features(_words(shown(readable)), known)


def _features(words: Sequence[str], known: Collection[str]) -> set[str]:
    stemmed = [_stem(word) for word in words]
    unknown = sum(1 for stem in set(stemmed) if stem not in known)
    return {
        *stemmed,
        *(f"{one} {two}" for one, two in pairwise(("^", *stemmed, "$"))),
        *(f"c:{group}" for word in words for group in _groups(f"<{word}>")),
        *(f"u{count}" for count in range(1, min(unknown, _MOST_UNKNOWN) + 1)),
    }


def stems(text: str) -> list[str]:
    """The words of a text without their endings."""
    return [_stem(word) for word in _words(text)]


def _words(text: str) -> list[str]:
    return split_words(raw_words(text))


def _stem(word: str) -> str:
    """A word without its ending, so that *installs*, *installed* and *installing* are one."""
    if not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word


def shown(readable: str) -> str:
    """As much of a text as is read: an error stands at its beginning or at its end."""
    return readable if len(readable) <= 2 * _READ else f"{readable[:_READ]}\n{readable[-_READ:]}"


def _groups(word: str) -> Iterator[str]:
    for size in _LETTERS:
        if len(word) > size:
            yield from (word[at : at + size] for at in range(len(word) - size + 1))

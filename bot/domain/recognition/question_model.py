"""What somebody who asks means: a linear model over words and groups of letters, trained offline.

One finds the section of the guide that a question asks for, another the error that a text tells of.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from bot.domain.recognition.linear import LinearModel
from bot.domain.recognition.stems import stem
from bot.domain.recognition.tokens import raw_words, split_words

_LETTERS = (3, 4, 5)  # of a group of letters
_MOST_UNKNOWN = 4  # words that no section's questions have; more say nothing new


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """A question as people ask it, and the section that answers it; ``None`` where the guide does not."""

    section: str | None
    text: str


@dataclass(frozen=True, slots=True)
class QuestionModel:
    """``answers``: what speaks for each entry of the guidance, and by ``None`` for none of them.

    ``known``: stems that the texts of entries have.
    """

    answers: Mapping[str | None, LinearModel] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def probabilities(self, text: str) -> dict[str | None, float]:
        """How likely each answer is, and that it is none. They make 1 together; empty where nothing was trained."""
        there = features(text, self.known)
        scores = {answer: model.score(there) for answer, model in self.answers.items()}
        most = max(scores.values(), default=0.0)
        likely = {answer: math.exp(score - most) for answer, score in scores.items()}
        total = sum(likely.values())
        return {answer: share / total for answer, share in likely.items()}


LoadQuestions = Callable[[], QuestionModel]


def features(text: str, known: frozenset[str]) -> set[str]:
    """What a question says: its stems and pairs of them, groups of letters, and how many of its words are unknown."""
    words = stems(text)
    unknown = sum(1 for word in set(words) if word not in known)
    return {
        *words,
        *(f"{one} {two}" for one, two in pairwise(("^", *words, "$"))),
        *(f"c:{group}" for word in split_words(raw_words(text)) for group in _groups(f"<{word}>")),
        *(f"u{count}" for count in range(1, min(unknown, _MOST_UNKNOWN) + 1)),
    }


def stems(text: str) -> list[str]:
    """The words of a question without their endings."""
    return [stem(word) for word in split_words(raw_words(text))]


def _groups(word: str) -> Iterator[str]:
    for size in _LETTERS:
        if len(word) > size:
            yield from (word[at : at + size] for at in range(len(word) - size + 1))

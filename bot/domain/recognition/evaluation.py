"""How good the guidance is on labelled texts: recall, precision, confusions, misses, wrong answers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.secrets.redaction import redact

NONE = "none"
"""The label of a text that must stay unanswered, and the prediction for one that did."""

_Z = 1.959964  # standard deviations on either side that hold 95 % of a normal distribution
_LINE = 100  # characters of a miss's text


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A labelled text. ``accept`` are the topics that count as right beside ``label``."""

    text: str
    label: str
    accept: tuple[str, ...] = ()

    def takes(self, topic: str) -> bool:
        """Whether ``topic`` (or ``none``) is a right prediction."""
        return topic == self.label or topic in self.accept


@dataclass(frozen=True, slots=True)
class TopicScore:
    """One topic: how many texts carry its label, how many of those were right, and how many were given it."""

    topic: str
    labelled: int
    right: int
    predicted: int
    predicted_right: int

    @property
    def recall(self) -> float | None:
        """The share of its texts that were answered right; None where it has none."""
        return self.right / self.labelled if self.labelled else None

    @property
    def precision(self) -> float | None:
        """The share of its answers that were right; None where it was never given."""
        return self.predicted_right / self.predicted if self.predicted else None


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a label was answered with another topic."""

    label: str
    predicted: str
    count: int


@dataclass(frozen=True, slots=True)
class Miss:
    """A wrongly answered text, without secrets and cut to one line."""

    label: str
    predicted: str
    line: str


@dataclass(frozen=True, slots=True)
class Score:
    """The result. ``unrelated`` texts must stay unanswered; ``wrong_answers`` of them did not."""

    rows: int
    right: int
    topics: tuple[TopicScore, ...]
    confusions: tuple[Confusion, ...]
    misses: tuple[Miss, ...]
    unrelated: int
    wrong_answers: int

    @property
    def wrong_answer_rate(self) -> float | None:
        """The share of unrelated texts that got an answer; None where there were none."""
        return self.wrong_answers / self.unrelated if self.unrelated else None


def score(rows: Sequence[LabelledText], predictions: Sequence[str]) -> Score:
    """Compare predictions (topics, or ``none`` for silence) with the labels, in the same order."""
    pairs = list(zip(rows, predictions, strict=True))
    wrong = [(row, topic) for row, topic in pairs if not row.takes(topic)]
    confused = Counter((row.label, topic) for row, topic in wrong)
    return Score(
        rows=len(rows),
        right=len(rows) - len(wrong),
        topics=_topics(pairs),
        confusions=tuple(Confusion(*pair, count) for pair, count in confused.most_common()),
        misses=tuple(Miss(row.label, topic, one_line(row.text)) for row, topic in wrong),
        unrelated=sum(row.label == NONE for row in rows),
        wrong_answers=sum(row.label == NONE for row, _ in wrong),
    )


def wilson(right: int, rows: int) -> tuple[float, float]:
    """Where a share truly lies, with 95 % confidence: Wilson's interval, which holds for few texts too."""
    if not rows:
        return 0.0, 1.0
    share, spread = right / rows, _Z * _Z / rows
    middle = (share + spread / 2) / (1 + spread)
    reach = _Z * math.sqrt(share * (1 - share) / rows + spread / rows / 4) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def one_line(text: str) -> str:
    """The beginning of a text without its secrets, on one line."""
    line = " ".join(redact(text[:2000]).text.split())
    return line if len(line) <= _LINE else line[: _LINE - 1] + "…"


def _topics(pairs: Sequence[tuple[LabelledText, str]]) -> tuple[TopicScore, ...]:
    labelled = Counter(row.label for row, _ in pairs)
    right = Counter(row.label for row, topic in pairs if row.takes(topic))
    predicted = Counter(topic for _, topic in pairs)
    predicted_right = Counter(topic for row, topic in pairs if row.takes(topic))
    return tuple(
        TopicScore(topic, labelled[topic], right[topic], predicted[topic], predicted_right[topic])
        for topic in sorted(labelled.keys() | predicted.keys())
    )

"""How good the guidance is on labelled texts: recall, precision, confusions, misses, wrong answers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

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


class TopicScore(NamedTuple):
    """The share of a topic's ``labelled`` texts and of its answers that were right; None where it has none."""

    topic: str
    labelled: int
    recall: float | None
    precision: float | None


class Score:
    """Labelled texts beside the predictions for them (topics, or ``none`` for silence), in the same order."""

    def __init__(self, rows: Sequence[LabelledText], predictions: Sequence[str]) -> None:
        self._judged = [(row, topic, row.takes(topic)) for row, topic in zip(rows, predictions, strict=True)]
        self.rows = len(rows)
        self.misses = [(row, topic) for row, topic, is_right in self._judged if not is_right]
        self.right = self.rows - len(self.misses)
        self.unrelated = sum(row.label == NONE for row in rows)
        self.wrong_answers = sum(row.label == NONE for row, _ in self.misses)

    @property
    def wrong_answer_rate(self) -> float | None:
        """The share of texts that must stay unanswered and did not; None where there were none."""
        return self.wrong_answers / self.unrelated if self.unrelated else None

    @property
    def confusions(self) -> list[tuple[tuple[str, str], int]]:
        """How often a label was answered with another topic, the most frequent first."""
        return Counter((row.label, topic) for row, topic in self.misses).most_common()

    @property
    def topics(self) -> list[TopicScore]:
        """Every topic that is a label or was given."""
        topics = sorted({name for row, topic, _ in self._judged for name in (row.label, topic)})
        return [self._topic(topic) for topic in topics]

    def _topic(self, name: str) -> TopicScore:
        labelled = [is_right for row, _, is_right in self._judged if row.label == name]
        given = [is_right for _, topic, is_right in self._judged if topic == name]
        recall, precision = (fmean(answers) if answers else None for answers in (labelled, given))
        return TopicScore(name, len(labelled), recall, precision)


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

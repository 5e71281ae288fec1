"""What the bot did, in numbers: counted since the start, without anybody's words or names."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbers:
    """How often each thing happened. ``ratings`` are by topic and whether it helped."""

    answers: Mapping[str, int]
    ratings: Mapping[tuple[str, bool], int]
    silences: int


class Counts:
    """Counts; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[str] = Counter()
        self._ratings: Counter[tuple[str, bool]] = Counter()
        self._silences = 0

    def answered(self, topic: str) -> None:
        """An answer about a topic of the guidance was given."""
        with self._lock:
            self._answers[topic] += 1

    def stayed_silent(self) -> None:
        """A message was overheard and left alone."""
        with self._lock:
            self._silences += 1

    def rated(self, topic: str, *, helpful: bool) -> None:
        """Somebody said whether an answer helped."""
        with self._lock:
            self._ratings[topic, helpful] += 1

    def numbers(self) -> Numbers:
        """Everything so far."""
        with self._lock:
            return Numbers(dict(self._answers), dict(self._ratings), self._silences)

"""A linear model over a text's features: trained offline (``tests/training``), evaluated here without libraries."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import repeat


@dataclass(frozen=True, slots=True)
class LinearModel:
    """What each feature speaks for. A feature that the training never saw says nothing but thins the others out."""

    weights: Mapping[str, float] = field(default_factory=dict, repr=False)
    bias: float = 0.0

    def score(self, features: Collection[str], signs: Iterable[str] = ()) -> float:
        """Above 0 what the model was trained to find, below 0 the other; endless where it was never trained.

        ``signs`` count each as much in a long text as in a short one, ``features`` the less the more they are.
        """
        if not self.weights or not features:
            return math.inf
        found = sum(map(self.weights.get, features, repeat(0.0)))
        return self.bias + found / math.sqrt(len(features)) + sum(map(self.weights.get, signs, repeat(0.0)))


@dataclass(frozen=True, slots=True)
class ReportModels:
    """``program`` tells a report from source that is shown, ``talk`` from a text about errors."""

    program: LinearModel = LinearModel()
    talk: LinearModel = LinearModel()

    def score(self, wording: Collection[str], layout: Collection[str] = ()) -> float:
        """Above 0 a report: its odds against both others together."""
        low, high = sorted((self.program.score(wording, layout), self.talk.score(wording, layout)))
        return low if low == high == math.inf else low - math.log1p(math.exp(low - high))


LoadReports = Callable[[], ReportModels]

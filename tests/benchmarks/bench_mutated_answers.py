"""A longer run of the spoiled answers: 1,000 and more for each way of logging in, each batch and each question.

Run by hand: ``pytest -o addopts= -s tests/benchmarks/bench_mutated_answers.py``.
"""

from __future__ import annotations

import pytest

from tests.adapters.salesforce.mutations import ACCESS, LOGIN, OVERVIEW
from tests.adapters.salesforce.test_mutated_answers import QUERIES, Target, spoil, target

__all__ = ["target"]
TIMES = 1_500


@pytest.mark.parametrize("way", ["first_facts", "exchange", "renewed", "revoke", "reach"])
def test_logins(target: Target, way: str) -> None:
    print(f"\n{way}: {spoil(target, LOGIN, getattr(target, way), TIMES)} of {TIMES} told as a sentence")  # noqa: T201


@pytest.mark.parametrize("kind", [OVERVIEW, ACCESS])
def test_batches(target: Target, kind: str) -> None:
    print(f"\n{kind}: {spoil(target, kind, target.facts, TIMES)} of {TIMES} told as a sentence")  # noqa: T201


@pytest.mark.parametrize(("kind", "number"), QUERIES)
def test_questions(target: Target, kind: str, number: int) -> None:
    told = spoil(target, kind, target.facts, TIMES, ("results", number))
    print(f"\n{kind} {number}: {told} of {TIMES} told as a sentence")  # noqa: T201

"""The counts as a scraper reads them."""

from __future__ import annotations

import pytest
from prometheus_client import generate_latest

from bot.entrypoints.prometheus import PrometheusCounts
from bot.metrics import Counts
from tests.paths import ROOT


def scraped(counts: PrometheusCounts) -> list[str]:
    return [line for line in generate_latest(counts.registry).decode().splitlines() if not line.startswith("#")]


def test_what_happened_is_counted_by_topic_and_verdict_and_nothing_else_is_told() -> None:
    counts = PrometheusCounts()

    counts.answered("install")
    counts.answered("install")
    counts.rated("install", helpful=True)
    counts.rated("install", helpful=False)
    counts.stayed_silent()

    assert scraped(counts) == [
        'flosum_answers_total{topic="install"} 2.0',
        'flosum_ratings_total{helpful="yes",topic="install"} 1.0',
        'flosum_ratings_total{helpful="no",topic="install"} 1.0',
        "flosum_silences_total 1.0",
    ]


def test_two_bots_in_one_process_count_apart() -> None:
    counts, other = PrometheusCounts(), PrometheusCounts()

    counts.stayed_silent()

    assert scraped(other) == ["flosum_silences_total 0.0"]


@pytest.mark.parametrize("name", [name for name in vars(Counts) if not name.startswith("_")])
def test_everything_that_is_counted_is_counted_by_a_use_case(name: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "service").glob("*.py")]

    assert any(f"counts.{name}(" in source for source in sources)

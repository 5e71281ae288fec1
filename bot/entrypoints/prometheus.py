"""The bot's counts as Prometheus metrics; read when somebody scrapes, so that counting costs nothing more."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.metrics import Counts


class CountsCollector(Collector):
    """``flosum_answers_total``, ``flosum_ratings_total`` and ``flosum_silences_total``."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """The numbers now."""
        numbers = self._counts.numbers()
        answers = CounterMetricFamily("flosum_answers", "Answers about a topic of the guidance.", labels=["topic"])
        for topic, count in numbers.answers.items():
            answers.add_metric([topic], count)
        ratings = CounterMetricFamily("flosum_ratings", "Verdicts on answers.", labels=["topic", "helpful"])
        for (topic, helpful), count in numbers.ratings.items():
            ratings.add_metric([topic, "yes" if helpful else "no"], count)
        yield from (answers, ratings)
        yield CounterMetricFamily(
            "flosum_silences", "Messages that were overheard and left alone.", value=numbers.silences
        )

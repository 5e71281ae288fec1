"""The bot's counts as Prometheus metrics."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, disable_created_metrics

# When a count began is no number of the bot's, and would double the series.
disable_created_metrics()  # type: ignore[no-untyped-call]


class PrometheusCounts:
    """``flosum_answers_total``, ``…_ratings_total``, ``…_silences_total``, ``…_digests_total``, in a registry."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "flosum_answers", "Answers about a topic of the guidance.", ["topic"], registry=self.registry
        )
        self._ratings = Counter("flosum_ratings", "Verdicts on answers.", ["topic", "helpful"], registry=self.registry)
        self._silences = Counter(
            "flosum_silences", "Messages that were overheard and left alone.", registry=self.registry
        )

        self._digests = Counter("flosum_digests", "Digests, by what became of them.", ["what"], registry=self.registry)

    def digest(self, what: str) -> None:
        """One was due, sent, late, retried, uncertain or given up."""
        self._digests.labels(what).inc()

    def answered(self, topic: str) -> None:
        """An answer about a topic of the guidance was given."""
        self._answers.labels(topic).inc()

    def stayed_silent(self) -> None:
        """A message was overheard and left alone."""
        self._silences.inc()

    def rated(self, topic: str, *, helpful: bool) -> None:
        """Somebody said whether an answer helped."""
        self._ratings.labels(topic, "yes" if helpful else "no").inc()

"""The bot's counts as Prometheus metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

# When a count began is no number of the bot's, and would double the series.
disable_created_metrics()  # type: ignore[no-untyped-call]


_ACKS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Seconds; Slack waits for three."""
_CALLS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0)
"""Seconds; a call of Slack ends after ten, a reading of an org after fifteen."""


class PrometheusCounts:
    """What is counted (``bot.metrics.Counts``), in a registry of this bot."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "flosum_answers", "Answers about a topic of the guidance.", ["topic"], registry=self.registry
        )
        self._ratings = Counter("flosum_ratings", "Verdicts on answers.", ["topic", "helpful"], registry=self.registry)
        self._silences = Counter(
            "flosum_silences", "Messages that were overheard and left alone.", registry=self.registry
        )

        self._acks = Histogram(
            "flosum_ack_seconds",
            "From Slack's request to its acknowledgement.",
            ["kind"],
            buckets=_ACKS,
            registry=self.registry,
        )
        self._again = Counter(
            "flosum_redeliveries", "Requests that Slack sent again.", ["reason"], registry=self.registry
        )
        self._slack = Histogram(
            "flosum_slack_call_seconds",
            "Calls of Slack's Web API.",
            ["outcome"],
            buckets=_CALLS,
            registry=self.registry,
        )
        self._orgs = Histogram(
            "flosum_org_reading_seconds", "Readings of orgs.", ["outcome"], buckets=_CALLS, registry=self.registry
        )
        self._digests = Counter("flosum_digests", "Digests, by what became of them.", ["what"], registry=self.registry)

    def watch(self, name: str, about: str, values: Mapping[str, Callable[[], float]], label: str = "") -> None:
        """A gauge that asks when it is scraped; ``values`` by the value of its ``label``, or one without any."""
        gauge = Gauge(name, about, [label] if label else [], registry=self.registry)
        for each, value in values.items():
            (gauge.labels(each) if label else gauge).set_function(value)

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

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Slack was answered that something of this kind was taken."""
        self._acks.labels(kind).observe(seconds)

    def sent_again(self, reason: str) -> None:
        """Slack sent something again."""
        self._again.labels(reason).inc()

    def slack_called(self, outcome: str, seconds: float) -> None:
        """The Web API was called."""
        self._slack.labels(outcome).observe(seconds)

    def org_read(self, outcome: str, seconds: float) -> None:
        """An org was read."""
        self._orgs.labels(outcome).observe(seconds)

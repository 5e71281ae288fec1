"""What the bot did, in numbers: counted since the start, without anybody's words or names."""

from __future__ import annotations

from typing import Protocol


class DigestCounts(Protocol):
    """Counts of digests; safe to share between threads."""

    def digest(self, what: str) -> None:
        """One was due, sent, late, retried, uncertain or given up."""
        ...


class Counts(Protocol):
    """Counts; safe to share between threads."""

    def answered(self, topic: str) -> None:
        """An answer about a topic of the guidance was given."""
        ...

    def stayed_silent(self) -> None:
        """A message was overheard and left alone."""
        ...

    def rated(self, topic: str, *, helpful: bool) -> None:
        """Somebody said whether an answer helped."""
        ...

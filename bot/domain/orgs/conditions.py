"""How an org has been over time: since when it is ready or not, and whether it stopped being so.

Only what is certain counts. An org that could not be read, or of which a reading leaves open whether anybody can get
in, is as it was; one whose connection is over is not ready until it was read again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.model import Diagnosis, Verdict
from bot.domain.orgs.findings import Finding, judge


class Condition(StrEnum):
    """What is certain of an org."""

    READY = "ready"
    OPEN = "open"  # ready, and anybody may connect
    NEEDS_STEP = "needs-step"
    OVER = "over"  # its connection


class News(StrEnum):
    """What people are to be told of an org."""

    FELL = "fell"
    READY = "ready"


_RANKS = {Condition.READY: 2, Condition.OPEN: 1, Condition.NEEDS_STEP: 0, Condition.OVER: 0}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an org over time. ``since``: when it was first read as ready, or as not ready.

    ``fell_at`` is when it stopped being ready, until it is ready again; None where it never was seen to. ``news`` is
    what people are still to be told.
    """

    verdict: Verdict
    since: datetime
    condition: Condition | None = None
    fell_at: datetime | None = None
    news: News | None = None


def condition_of(found: Diagnosis) -> Condition | None:
    """What is certain of an org by its newest reading; None where nothing is."""
    if found.org.reconnect:
        return Condition.OVER
    if not is_fresh(found) or found.facts is None or found.verdict is Verdict.UNKNOWN:
        return None
    if found.verdict is Verdict.ACTION_NEEDED:
        return Condition.NEEDS_STEP
    is_open = any(Finding.OPEN in judge(name, found.facts).findings for name in found.org.apps)
    return Condition.OPEN if is_open else Condition.READY


def is_fresh(found: Diagnosis) -> bool:
    """Whether it says what was read just now."""
    return found.facts is not None and found.trouble is None


def noted(before: Known | None, found: Diagnosis, earlier: Diagnosis | None, now: datetime) -> Known | None:
    """What is known once ``found`` is; None where nothing is. ``earlier`` is what the reading before amounted to."""
    before = _with_earlier(before, earlier)
    at = found.facts.checked_at if is_fresh(found) and found.facts else now
    known = _with_verdict(before, found, at)
    return known and _with_condition(known, condition_of(found), at)


def _with_earlier(before: Known | None, earlier: Diagnosis | None) -> Known | None:
    """What a reading told that nobody kept: from before this was noted at all."""
    if earlier is None or earlier.facts is None:
        return before
    before = before or Known(earlier.verdict, earlier.facts.checked_at)
    return before if before.condition else replace(before, condition=condition_of(earlier))


def _with_verdict(before: Known | None, found: Diagnosis, at: datetime) -> Known | None:
    if not is_fresh(found):
        return before
    if before is None:
        return Known(found.verdict, at, news=News.READY if found.verdict is Verdict.READY else None)
    if (found.verdict is Verdict.READY) == (before.verdict is Verdict.READY):
        return replace(before, verdict=found.verdict)
    news = News.READY if found.verdict is Verdict.READY else before.news
    return replace(before, verdict=found.verdict, since=at, news=news)


def _with_condition(known: Known, condition: Condition | None, at: datetime) -> Known:
    if condition is None:
        return known
    if known.condition is not None and _RANKS[condition] < _RANKS[known.condition]:
        return replace(known, condition=condition, fell_at=at, news=News.FELL)
    is_back = known.fell_at is not None and known.condition and _RANKS[condition] > _RANKS[known.condition]
    return replace(known, condition=condition, news=News.READY if is_back else known.news)

"""What a reading is worth later: it proves something for a week, unless an attempt to read again has failed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.answers.humanize import age
from bot.domain.answers.markup import code
from bot.domain.model import Diagnosis, Org, Read, Verdict
from bot.domain.off_clocks import is_ahead

GOOD_FOR = timedelta(days=7)
"""How long a reading holds where nothing was asked since: what people see between two digests of a week is one."""

_BEFORE: Mapping[Verdict, str] = {
    Verdict.READY: "ready when last read, {when}",
    Verdict.ACTION_NEEDED: "needed a step when last read, {when}: {brief}",
    Verdict.UNKNOWN: "unclear when last read, {when}: {brief}",
}
_SENTENCE = "Cannot tell whether {org} is ready: it {words}"
OVER = "must be connected again"
"""What there is to say of an org whose connection is over: nothing else can be found out before that."""

_WAS: Mapping[Verdict, str] = {Verdict.READY: "was ", Verdict.ACTION_NEEDED: "", Verdict.UNKNOWN: "was "}


def how_read(org: Org, trouble: str | None) -> Read:
    """How the latest attempt went; ``trouble`` says why it failed, if it did."""
    if org.reconnect:
        return Read.OVER
    return Read.FAILED if trouble else Read.OK


def as_of(found: Diagnosis, now: datetime) -> Diagnosis:
    """``found`` as it may be told at ``now``: where its facts prove nothing any more, as unknown, with what it was."""
    facts = found.facts
    if facts is None:
        return found
    of_off_clock = is_ahead(facts.checked_at, now)
    if found.read is Read.OK and now - facts.checked_at <= GOOD_FOR and not of_off_clock:
        return found
    when = "by a clock that was off" if of_off_clock else age(facts.checked_at, now)
    words = _BEFORE[found.verdict].format(when=when, brief=found.brief)
    sentence = f"{{org}} {OVER}: it {{words}}" if found.read is Read.OVER else _SENTENCE
    return replace(
        found,
        verdict=Verdict.UNKNOWN,
        headline=sentence.format(org=code(found.org.name), words=f"{_WAS[found.verdict]}{words}"),
        brief=words,
        last_verdict=found.verdict,
        last_read_at=facts.checked_at,
    )

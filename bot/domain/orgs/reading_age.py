"""What a reading is worth later: it proves something for a week, unless an attempt to read again has failed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.answers.humanize import age
from bot.domain.answers.markup import code
from bot.domain.model import Diagnosis, Org, Read, Verdict

GOOD_FOR = timedelta(days=7)
"""How long a reading holds where nothing was asked since: what people see between two weekly digests is one."""

_BEFORE: Mapping[Verdict, str] = {
    Verdict.READY: "ready when last read, {when}",
    Verdict.ACTION_NEEDED: "needed a step when last read, {when}: {brief}",
    Verdict.UNKNOWN: "unclear when last read, {when}: {brief}",
}
_SENTENCES: Mapping[Verdict, str] = {
    Verdict.READY: "Cannot tell whether {org} is ready: it was {words}",
    Verdict.ACTION_NEEDED: "Cannot tell whether {org} is ready: it {words}",
    Verdict.UNKNOWN: "Cannot tell whether {org} is ready: it was {words}",
}


def how_read(org: Org, trouble: str | None) -> Read:
    """How the latest attempt went; ``trouble`` says why it failed, if it did."""
    if org.reconnect:
        return Read.OVER
    return Read.FAILED if trouble else Read.OK


def as_of(found: Diagnosis, now: datetime) -> Diagnosis:
    """``found`` as it may be told at ``now``: where its facts prove nothing any more, as unknown, with what it was."""
    facts = found.facts
    if facts is None or (found.read is Read.OK and now - facts.checked_at <= GOOD_FOR):
        return found
    words = _BEFORE[found.verdict].format(when=age(facts.checked_at, now), brief=found.brief)
    return replace(
        found,
        verdict=Verdict.UNKNOWN,
        headline=_SENTENCES[found.verdict].format(org=code(found.org.name), words=words),
        brief=words,
        last_verdict=found.verdict,
        last_read_at=facts.checked_at,
    )

"""How orgs stand in a list: each one's state, the most urgent first, how many are ready. All lists share it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.answers import State
from bot.domain.answers.humanize import counted
from bot.domain.answers.markup import code
from bot.domain.model import Diagnosis, Read, Verdict

STATE_WORDS = {
    State.MISSING: "Not installed",
    State.NEEDS_STEP: "Needs a step",
    State.UNKNOWN: "Cannot tell",
    State.READY: "Ready",
}
"""Every state in a word or two, the most urgent first."""

_ORDER = tuple(STATE_WORDS)
_BY_VERDICT = {
    Verdict.READY: State.READY,
    Verdict.ACTION_NEEDED: State.NEEDS_STEP,
    Verdict.UNKNOWN: State.UNKNOWN,
}


def state_of(found: Diagnosis) -> State:
    """The emoji of a diagnosis: ⛔ where an app is missing or blocked, else by verdict."""
    if found.verdict is Verdict.ACTION_NEEDED and any(step.topic in ("install", "unblock") for step in found.steps):
        return State.MISSING
    return _BY_VERDICT[found.verdict]


def most_urgent_first(diagnoses: Sequence[Diagnosis]) -> list[Diagnosis]:
    """By state, within one state those to be connected again first, then by name in natural order."""
    return sorted(
        diagnoses,
        key=lambda found: (_ORDER.index(state_of(found)), not found.org.reconnect, natural(found.org.name)),
    )


def natural(name: str) -> list[tuple[int, str]]:
    """A name's place among others as people count: team-2 before team-13, without regard to case."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d{1,15})", name.casefold())]


def is_snoozed(found: Diagnosis) -> bool:
    """Whether it is left out of what is missing: it is snoozed, and not ready."""
    return found.org.snooze is not None and found.verdict is not Verdict.READY


def counting(diagnoses: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Those of which it is counted how many are ready: one that is snoozed counts neither as ready nor as missing."""
    return [found for found in diagnoses if not is_snoozed(found)]


def ready(diagnoses: Sequence[Diagnosis]) -> list[Diagnosis]:
    """Those that are through."""
    return [found for found in diagnoses if found.verdict is Verdict.READY]


def still_read(waiting: int) -> str:
    """``3 orgs are still being read``."""
    return f"{counted(waiting, 'org is', 'orgs are')} still being read"


def tally(diagnoses: Sequence[Diagnosis], waiting: int = 0) -> str:
    """``4 of 7 orgs ready, 2 not read``, and how many more are still being read; without those that are snoozed."""
    told_of = counting(diagnoses)
    told = f"{len(ready(told_of))} of {counted(len(told_of) + waiting, 'org', 'orgs')} ready"
    told += f", {waiting} still being read" if waiting else ""
    unread = [found for found in told_of if found.unread]
    if not unread:
        return told
    tried = any(found.facts is not None or found.trouble or found.read is not Read.OK for found in unread)
    return f"{told}, {len(unread)} not read" + ("" if tried else " yet")


def in_short(found: Diagnosis) -> str:
    """What to say of an org beside its name: what it needs, or why it could not be read and how it was before."""
    if not found.trouble:
        return found.brief
    why = found.trouble.split(". ")[0].removesuffix(".").removeprefix(f"{code(found.org.name)} ")
    return f"{why} · {found.brief}" if found.last_verdict else why

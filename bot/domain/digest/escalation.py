"""Telling somebody that an org has not been ready for long: what is typed, which orgs those are, what they are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.answers import Answer, Button, State
from bot.domain.answers.humanize import capital, counted, listed
from bot.domain.answers.markup import MENTION, as_typed, code, literal, owner_words
from bot.domain.answers.offered import for_others
from bot.domain.command import shorten
from bot.domain.digest.notices import Escalation
from bot.domain.digest.other_languages import time_in_english
from bot.domain.digest.spoken import Unclear
from bot.domain.model import Diagnosis, Org, Verdict
from bot.domain.orgs.alert_report import BROKE_OFF
from bot.domain.orgs.needs import need
from bot.domain.orgs.snooze_report import since_words, snooze_button
from bot.domain.orgs.urgency import is_snoozed, state_of

OWNER_FORM = "owner"
MOST_WEEKS = 52
_FEW = 5  # orgs with a button each
_NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_NUMBERS |= {"a": 1, "an": 1, "eleven": 11, "twelve": 12}
_IDLE = frozenset(
    "after to and also nobody for tell notify orgs org weeks: on it set please us within in the person".split()
)
_IDLE_ELSEWHERE = frozenset(
    "a aan al an au après após de depois después dopo efter na nach po till zu à після после через 后 後 후".split()
)
"""The same in other languages, beside a time in one of them."""
_OFF = frozenset("off stop never none disable no end".split())
_UNITS = {"day": 1 / 7, "week": 1.0, "fortnight": 2.0, "month": 4.0, "quarter": 13.0, "year": 52.0}
_AMOUNT = re.compile(r"(?P<number>\d{1,6})(?P<unit>[a-z]*)")
_AROUND = ",.;:()"
EXAMPLE = "`/flosum remind escalate after 3 weeks to @person`"


def read_escalation(words: Sequence[str]) -> tuple[int, str | None] | None:
    """After how many weeks, and who is told beside the owner; None for nobody any more. Raises Unclear."""
    plain = [(as_typed(word) if word.startswith("<#") else word).casefold().strip(",.!\"'") for word in words]
    if plain and plain[0] in _OFF:
        return None
    people = list(dict.fromkeys(found["id"] for word in words if (found := MENTION.fullmatch(word.strip(_AROUND)))))
    if len(people) > 1:
        raise Unclear(f"One person is told beside an org's owner: which of them is it? Say {EXAMPLE}.")
    rest = [word for word in plain if word not in _IDLE and not MENTION.fullmatch(word.upper().strip(_AROUND))]
    if (english := time_in_english(rest)) != rest:
        rest = [word for word in english if word not in _IDLE_ELSEWHERE]
    number, unit, left = _amount(rest)
    if left:
        word = left[0]
        pick = "" if word[0].isdigit() else " Pick the person from the list that Slack offers."
        raise Unclear(f"I do not understand {code(shorten(word, 40))}.{pick} Say {EXAMPLE}.")
    if number is None:
        raise Unclear(f"After how many weeks? Say {EXAMPLE}.")
    weeks = round(number * _UNITS[unit])
    if not 1 <= weeks <= MOST_WEEKS:
        raise Unclear(f"It takes between 1 and {MOST_WEEKS} weeks. Say {EXAMPLE}.")
    return weeks, next(iter(people), None)


def _amount(words: Sequence[str]) -> tuple[int | None, str, list[str]]:
    number, unit, left = None, "week", []
    for word in words:
        found = _AMOUNT.fullmatch(word)
        name = (found["unit"] if found else word).removesuffix("s")
        if number is None and found and (not name or name in _UNITS or name in ("w", "d", "wk")):
            number = int(found["number"])
            unit = {"w": "week", "wk": "week", "d": "day"}.get(name, name or unit)
        elif number is None and word in _NUMBERS:
            number = _NUMBERS[word]
        elif name in _UNITS:
            unit = name
        else:
            left.append(word)
    return number, unit, left


def is_long_open(org: Org, weeks: int, now: datetime) -> bool:
    """Whether an org has not been ready for so many weeks, and nobody snoozed it."""
    is_snoozed_now = org.snooze is not None and org.snooze.holds(now)
    return org.open_since is not None and not is_snoozed_now and now - org.open_since >= timedelta(weeks=weeks)


def first(found: Iterable[Diagnosis], weeks: int, now: datetime) -> set[str]:
    """The names of the orgs that lead a digest."""
    long_open = (each for each in found if each.verdict is not Verdict.READY and not is_snoozed(each))
    return {each.org.name for each in long_open if is_long_open(each.org, weeks, now)}


# --- in words ------------------------------------------------------------------------------------------


def shown(escalation: Escalation | None, person: str, *, may: bool) -> Answer:
    """What is set; ``person`` in our markup. How to set it is for who ``may``."""
    if escalation is None or not escalation.weeks:
        return Answer(
            "Nobody is told when an org takes long",
            f"Set it: {EXAMPLE}" if may else for_others("sets that"),
            note="The org then moves to the top of digests, and its owner gets a direct message, once.",
        )
    beside = f", and so does {person}" if person else ""
    return Answer(
        f"After {counted(escalation.weeks, 'week', 'weeks')} an org moves to the top of digests",
        f"Its owner then gets a direct message, once{beside}.",
        State.READY,
        buttons=(Button("Switch escalation off", command="remind escalate off"),),
    )


def switched_off(*, news: bool) -> Answer:
    """Nobody is told any more."""
    return Answer("Nobody is told any more when an org takes long" if news else "It was off already", state=State.READY)


def escalated(found: Diagnosis, now: datetime, owner: str) -> Answer:
    """For an org's owner, and for the second person (``owner`` is then the owner's name in our markup)."""
    name, since = found.org.name, since_words(found.org.open_since, now)
    # Of one that could not be read it is not known, unless it was not ready before that.
    is_open = Verdict.ACTION_NEEDED in (found.verdict, found.last_verdict)
    told = f"{code(name)} has not been ready for" if is_open else f"Whether {code(name)} is ready cannot be told for"
    why = f"It needs: {need(found)}." if found.verdict is Verdict.ACTION_NEEDED else f"{capital(need(found))}."
    return Answer(
        f"{told} {since}",
        why + (f" Its owner is {owner}." if owner else ""),
        state_of(found),
        buttons=(Button(f"Check {name}", command=f"status {name}", primary=True), snooze_button(name)),
        note="You are told once. It stands at the top of digests until it is ready.",
    )


def undelivered(name: str, channel_id: str, why: str) -> Answer:
    """For whoever set it: the channel that looks after an org was not told."""
    return Answer(
        f"{owner_words(channel_id)}, the owner of {code(name)}, was not told that it is not ready for long",
        why or BROKE_OFF,
        State.MISSING,
        buttons=(Button("Choose an owner", command=name, form=OWNER_FORM, primary=True),),
        note="You hear it because you set escalation, and once for each org.",
    )


def left_behind(person: str, owned: Sequence[str], connected: Sequence[str]) -> Answer:
    """For admins: somebody left the workspace, and these orgs have nobody to look after them."""
    did = []
    did += [f"owned {_few(owned)}"] if owned else []
    did += [f"connected {_few(connected)}"] if connected else []
    orgs = [*dict.fromkeys((*owned, *connected))]
    choose = "Choose an owner" if len(orgs) == 1 else "Choose an owner of {}"
    return Answer(
        f"{literal(person)} left the workspace, who {listed(did)}",
        "Choose who is named and told instead.",
        State.NEEDS_STEP,
        buttons=tuple(Button(choose.format(name), command=name, form=OWNER_FORM) for name in orgs[:_FEW]),
        note="Every admin is told once. The orgs stay connected."
        + (f" The others: /flosum owner {orgs[_FEW]} @person" if len(orgs) > _FEW else ""),
    )


def _few(names: Sequence[str]) -> str:
    more = [f"{len(names) - _FEW} more"] if len(names) > _FEW else []
    return listed([*map(code, names[:_FEW]), *more])


def handover_shown(*, on: bool, may: bool) -> Answer:
    """Whether admins are told when somebody leaves. How to switch it on is for who ``may``."""
    begin = "Switch it on: `/flosum remind handover on`." if may else for_others("switches it on")
    return Answer(
        f"Handover is {'on' if on else 'off'}",
        "When somebody leaves who owns or connected an org, its admins hear it once."
        if on
        else f"{begin} Admins then hear it once when an org's owner leaves.",
        buttons=(
            Button(f"Switch handover {'off' if on else 'on'}", command=f"remind handover {'off' if on else 'on'}"),
        ),
    )

"""Snoozed orgs in words: what was set, which there are, and what a line says of one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.answers import Answer, Button, Entry, Field, Form, Item, Items, State
from bot.domain.answers.humanize import capital, counted
from bot.domain.answers.markup import code, literal, time
from bot.domain.answers.offered import for_others
from bot.domain.errors import AskerError
from bot.domain.model import Diagnosis, Org, Snooze
from bot.domain.orgs.urgency import is_snoozed, natural

SNOOZE_FORM = "snooze"
ANY = "-"
"""What the form is about where the org is chosen in it."""

FEW = 5
"""So many snoozes have a button each."""

_LENGTHS = (("7", "1 week"), ("14", "2 weeks"), ("28", "4 weeks"), ("never", "Not needed here"))
_CHOICES = 100  # of a list, which is all that Slack shows
_LINES = 20  # of the orgs that are snoozed


def until_words(snooze: Snooze) -> str:
    """``until 5 December``, in the reader's zone; or that it is for good."""
    return f"until {time(snooze.until)}" if snooze.until else "for good: not needed here"


def told(snooze: Snooze, by: str) -> str:
    """Until when, by whom (already in our markup) and why."""
    reason = f": {literal(snooze.reason)}" if snooze.reason else ""
    if snooze.until is None:
        return f"Not needed here, says {by}{reason}"
    return f"Snoozed until {time(snooze.until)} by {by}{reason}"


def snoozed(org: Org, snooze: Snooze, before: Snooze | None) -> Answer:
    """It was set."""
    name = code(org.name)
    lead = f"Reason: {literal(snooze.reason)}" if snooze.reason else ""
    notes = ["It ends by itself, with a word to you, or once the org is ready." if snooze.until else ""]
    notes += [f"Before: {until_words(before)}" if before and before.until != snooze.until else ""]
    return Answer(
        f"{name} is snoozed {until_words(snooze)}" if snooze.until else f"{name} is not needed here from now on",
        lead,
        State.READY,
        buttons=(wake(org, "End it" if snooze.until else "It is needed"),),
        note=" ".join(note for note in notes if note) or "Digests leave it out; it does not count as ready.",
    )


def as_before(org: Org, snooze: Snooze, by: str) -> Answer:
    """It was so already."""
    return Answer(f"{code(org.name)} is snoozed like that already", told(snooze, by), buttons=(wake(org),))


def woken(org: Org, was: Snooze | None) -> Answer:
    """It ended."""
    if was is None:
        return Answer(f"{code(org.name)} is not snoozed", "Nothing was changed.", buttons=(snooze_button(org.name),))
    return Answer(
        f"{code(org.name)} is in the digests again",
        state=State.READY,
        buttons=(Button(f"Check {org.name}", command=f"status {org.name}"),),
        note=f"It was snoozed {until_words(was)}",
    )


def is_ready(org: Org) -> AskerError:
    """There is nothing to leave out."""
    check = Button(f"Check {org.name}", command=f"status {org.name}")
    return AskerError(f"{code(org.name)} is ready as it was last read, so no digest tells of it.", (check,))


def how_long(org: Org, text: str, choices: Sequence[str]) -> Answer:
    """What was not understood, with a button for each thing that may be meant."""
    buttons = [Button(_label(choice), command=f"snooze {org.name} {choice}") for choice in choices[:4]]
    return Answer(
        text,
        f"`/flosum snooze {org.name} 7 holidays` · `2 weeks` · `until friday` · `never`",
        buttons=(*buttons, snooze_button(org.name, "With a reason")),
    )


def _label(choice: str) -> str:
    first = choice.split(" ")[0]
    return "Not needed here" if first == "never" else capital(_REASON.sub(r"\1: ", choice)[:60])


_REASON = re.compile(r"^(\d+ (?:day|week)s?) (?=.)")
"""A length in a choice, with a reason behind it."""


def listed(orgs: Sequence[Org], by: Mapping[str, str], *, may: bool) -> Answer:
    """Every org that is snoozed; ``by`` are the people's names in our markup. How to begin is for who ``may``."""
    kept = [(org, org.snooze) for org in orgs if org.snooze]
    kept.sort(key=lambda each: (each[1].until is None, each[1].until or each[1].at, natural(each[0].name)))
    if not kept:
        return Answer(
            "No org is snoozed",
            "Leave one out of the digest for a while: `/flosum snooze prod 7 holidays`"
            if may
            else for_others("snoozes one"),
            buttons=(snooze_button(ANY),) if orgs else (),
        )
    pressed = len(kept) <= FEW
    items = [
        Item(code(org.name), _line(snooze, by), None, (wake(org, f"End {org.name}"),) if pressed else ())
        for org, snooze in kept[:_LINES]
    ]
    more = f"And {len(kept) - _LINES} more" if len(kept) > _LINES else "None of them counts as ready"
    return Answer(
        f"{counted(len(kept), 'org is', 'orgs are')} snoozed",
        parts=(Items(tuple(items)),),
        buttons=(snooze_button(ANY, "Snooze another"),),
        note=more,
    )


def _line(snooze: Snooze, by: Mapping[str, str]) -> str:
    until = f"until {time(snooze.until)}" if snooze.until else "not needed here"
    reason = (literal(snooze.reason),) if snooze.reason else ()
    return " · ".join((until, by.get(snooze.by, ""), *reason))


def over(name: str) -> Answer:
    """For whoever snoozed an org, when the time is over."""
    return Answer(
        f"The snooze of {code(name)} is over",
        "It is in the digests again.",
        State.UNKNOWN,
        buttons=(Button(f"Check {name}", command=f"status {name}", primary=True), snooze_button(name, "Snooze again")),
    )


def ready(name: str) -> Answer:
    """For whoever snoozed an org, when it became ready."""
    return Answer(f"{code(name)} is ready", "Its snooze ended with that.", State.READY)


def wake(org: Org, label: str = "End the snooze") -> Button:
    """Ends a snooze."""
    return Button(label, command=f"snooze {org.name} off", replaces=True)


def snooze_button(name: str, label: str = "Snooze") -> Button:
    """Opens the form for an org."""
    return Button(label, command=name, form=SNOOZE_FORM)


# --- the form ------------------------------------------------------------------------------------------


def form(name: str, choices: Sequence[str]) -> Form:
    """The form for an org; for one of ``choices`` where ``name`` leaves it open."""
    orgs = tuple((choice, choice) for choice in choices[:_CHOICES])
    which = (Field("org", "Org", entry=Entry.CHOICE, choices=orgs),) if name == ANY else ()
    about = "The org" if name == ANY else code(name)
    return Form(
        SNOOZE_FORM,
        name,
        "Snooze an org",
        f"{about} is left out of digests until then, or until it is ready. It does not count as ready meanwhile.",
        (
            *which,
            Field("length", "For how long", value="7", entry=Entry.CHOICE, choices=_LENGTHS),
            Field("reason", "Why", "Everybody who sees the orgs can read it.", optional=True),
        ),
        "Snooze",
    )


def faults(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by line."""
    known = {value for value, _ in _LENGTHS}
    found = {} if values.get("length") in known else {"length": "Choose how long."}
    return found | ({"org": "Choose an org."} if values.get("org") == "" else {})


def said(values: Mapping[str, str]) -> str:
    """What was filled in, as one would type it behind the org."""
    return f"{values.get('length', '')} {values.get('reason', '')}".strip()


def counted_words(found: Sequence[Diagnosis]) -> str:
    """``2 snoozed``; "" for none."""
    count = sum(map(is_snoozed, found))
    return f"{count} snoozed" if count else ""


def since_words(since: datetime | None, now: datetime) -> str:
    """``5 weeks``, ``3 days``: for how long an org has been open; "" for less than a day."""
    days = (now - since).days if since else 0
    if days < 14:
        return counted(days, "day", "days") if days > 0 else ""
    return f"{days // 7} weeks"

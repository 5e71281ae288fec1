"""What was read of orgs, put into words: one org, all of them, none yet. The finding comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.answers import Answer, Button, Item, Items, Part, State, Steps, Text
from bot.domain.answers.humanize import age
from bot.domain.answers.markup import code
from bot.domain.command import shorten
from bot.domain.errors import AskerError
from bot.domain.model import Diagnosis, Org, Verdict
from bot.domain.org_questions import nearest, nearly
from bot.domain.orgs.app_evidence import app_evidence, other_apps, unseen_blocks
from bot.domain.orgs.connection import same_org, same_orgs
from bot.domain.orgs.identity import AFTER_A_REFRESH
from bot.domain.orgs.urgency import in_short, most_urgent_first, state_of, still_read, tally

_AGAIN = {True: "Check all again", False: "Check all now"}  # by whether it was just read


def status(found: Diagnosis, now: datetime) -> Answer:
    """One org: the verdict, the one next step with the link to its very page, then what was read of each app."""
    steps = [step.text for step in found.steps]
    parts: list[Part] = []
    if found.facts is not None:
        parts.append(Items(tuple(app_evidence(app, found.facts, found.org, now) for app in found.facts.apps)))
        parts += [Text(other_apps(found.facts.other_apps))] if found.facts.other_apps else []
    if found.facts is not None and found.facts.refreshed_at:
        when = age(found.facts.refreshed_at, now)
        parts += [Text(f"Refreshed since it was connected, as seen {when}. To do again:"), Steps(AFTER_A_REFRESH)]
    if found.trouble:
        after, lead = "Until then, as far as is known:", found.trouble
        if found.org.reconnect:
            lead = f"Reconnect needed. {lead}"
    else:
        after, lead = "After that:", steps.pop(0) if steps else ""
    if steps:
        parts += [Text(after), Steps(tuple(steps))]
    return Answer(
        headline=found.headline,
        lead=lead,
        state=state_of(found),
        parts=tuple(parts),
        buttons=_status_buttons(found),
        note=_status_note(found, now),
    )


def _status_buttons(found: Diagnosis) -> tuple[Button, ...]:
    again = Button("Try again", command=f"status {found.org.name}", primary=True, replaces=True)
    if found.org.reconnect:
        again = reconnect(found.org)
    buttons = [again] if found.trouble else []
    first = found.steps[0] if found.steps else None
    if first and first.link:
        buttons.append(Button("Open the page", url=first.link, primary=not buttons))
    if first and not found.trouble:
        buttons.append(Button("Show the steps", command=f"guide {first.topic}"))
    return (*buttons, Button("Share in channel", command=f"status {found.org.name}", public=True))


def _status_note(found: Diagnosis, now: datetime) -> str:
    if found.facts is None:
        return "Never read so far"
    read = f"Read from Salesforce {age(found.facts.checked_at, now)}"
    if found.trouble:
        read = f"Last read from Salesforce {age(found.facts.checked_at, now)}; it may have changed since"
    kind = {True: "sandbox", False: "production", None: ""}[found.facts.sandbox]
    words = (read, kind, found.facts.organization_id or "", unseen_blocks(found.facts, found.org))
    return " · ".join(word for word in words if word)


def overview(diagnoses: Sequence[Diagnosis], now: datetime, *, live: bool, waiting: int = 0) -> Answer:
    """Every org of the workspace in one line each, what needs doing first; ``waiting`` more are still being read."""
    if not diagnoses and waiting:
        return Answer(still_read(waiting), state=State.UNKNOWN)
    if not diagnoses:
        return no_orgs()
    urgent = most_urgent_first(diagnoses)
    twins = [Text(same_org(names)) for names in same_orgs([found.org for found in diagnoses])]
    return Answer(
        headline=tally(diagnoses, waiting),
        lead="" if urgent[0].verdict is Verdict.READY else f"First: {urgent[0].headline}",
        state=state_of(urgent[0]),
        parts=(Items(tuple(_org_line(found, now) for found in urgent)), *twins),
        buttons=(
            Button(
                "Check all again" if live else "Check all now", command="status all", primary=not live, replaces=True
            ),
            Button("Share in channel", command="status all" if live else "orgs", public=True),
        ),
        note=_overview_note(diagnoses, waiting) if live else "As last read; nothing was asked of Salesforce",
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """Some of the orgs: which, the command that shows them, and what is said where there are none."""

    fits: Callable[[Diagnosis], bool]
    command: str
    none: str


FILTERS = {
    "sandboxes": Filter(lambda found: _is_sandbox(found), "status sandboxes", "No sandbox is connected"),
    "not ready": Filter(
        lambda found: found.verdict is not Verdict.READY, "status not ready", "Every connected org is ready"
    ),
}
"""By what is typed after ``status``; an org of that name comes first."""


def _is_sandbox(found: Diagnosis) -> bool:
    return bool(found.facts.sandbox if found.facts else found.org.sandbox)


def filtered(diagnoses: Sequence[Diagnosis], wanted: Filter, now: datetime) -> Answer:
    """Some of the orgs, as the overview shows all."""
    found = [each for each in diagnoses if wanted.fits(each)]
    every = Button("Check all orgs", command="status all")
    if not found:
        is_good = all(each.verdict is Verdict.READY for each in diagnoses)
        return Answer(wanted.none, state=State.READY if is_good else None, buttons=(every,))
    share = Button("Share in channel", command=wanted.command, public=True)
    return replace(overview(found, now, live=True), buttons=(every, share))


def _overview_note(diagnoses: Sequence[Diagnosis], waiting: int) -> str:
    failed = sum(1 for found in diagnoses if found.trouble)
    if not failed and not waiting:
        return "Read from Salesforce just now"
    every = len(diagnoses) + waiting
    note = f"{len(diagnoses) - failed} of {every} read from Salesforce just now"
    note += f"; {failed} could not be read" if failed else ""
    return f"{note}; {still_read(waiting)}, the rest follows" if waiting else note


def _org_line(found: Diagnosis, now: datetime) -> Item:
    # Where the verdict is an old one its age stands beside it.
    checked = f"read {age(found.facts.checked_at, now)}" if found.facts and not found.last_verdict else ""
    over = "reconnect needed" if found.org.reconnect else ""
    details = (over, in_short(found), "sandbox" if found.org.sandbox else "", checked)
    button = Button(f"Check {found.org.name}", command=f"status {found.org.name}")
    if over:
        button = replace(reconnect(found.org), primary=False)  # many may stand in one list
    return Item(code(found.org.name), " · ".join(word for word in details if word), state_of(found), (button,))


def reconnect(org: Org) -> Button:
    """Where a connection is over."""
    return Button(f"Reconnect {org.name}", command=f"connect {org.name}", primary=True)


def no_orgs() -> Answer:
    """A workspace without orgs: how the first one is connected."""
    return Answer(
        headline="No org is connected yet",
        lead="Connect the first one: `/flosum connect prod`",
        state=State.UNKNOWN,
        note="Error pastes and questions are answered without any org.",
    )


_ALL_ORGS = Button("All orgs", command="orgs")


def unknown_org(name: str, orgs: Sequence[Org], line: str = "status {org}") -> AskerError:
    """A name that no org of the workspace has: what was meant by it, or the orgs whose names are most like it.

    ``line`` is the command that was typed, with ``{org}`` for the name.
    """
    name = name.strip(" \"'“”„`?!.")
    names, unknown = [org.name for org in orgs], f"I know no org called {code(shorten(name))}."
    if not names:
        return AskerError(f"{unknown} Connected orgs: none yet.")
    if meant := nearly(name, names):
        buttons = meant_buttons(meant, line)
        return AskerError(f"{unknown} Did you mean {_alternatives(meant)}?", buttons)
    shown = [known for known in names if known in nearest(name, names)]
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    known = ", ".join(map(code, shown))
    return AskerError(f"{unknown} Connected orgs: {known}{more}.", (_ALL_ORGS,))


def which_org(meant: Sequence[str]) -> Answer:
    """Asked about an org by a name that is nearly one, or about several at once."""
    several = "" if len(meant) == 1 else " I read one at a time, or all."
    return Answer(
        headline=f"Did you mean {_alternatives(meant)}?{several}",
        buttons=meant_buttons(meant[:_BUTTONS], "status {org}"),
        unknown=True,
    )


_BUTTONS = 3


def meant_buttons(meant: Sequence[str], line: str) -> tuple[Button, ...]:
    """One for each org that may be meant, and one for all orgs where there is room."""
    is_check = line == "status {org}"
    buttons = [
        Button(f"Check {name}" if is_check else name, command=line.replace("{org}", name), primary=len(meant) == 1)
        for name in meant
    ]
    return tuple([*buttons, _ALL_ORGS][:_BUTTONS])


def _alternatives(names: Sequence[str]) -> str:
    *first, last = map(code, names)
    return f"{', '.join(first)} or {last}" if first else last

"""What was read of orgs, put into words: one org, all of them, none yet. The finding comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.answers import Answer, Button, Buttons, Item, Items, Part, State, Steps, Text
from bot.domain.answers.fitting import SMALL, height
from bot.domain.answers.humanize import age, counted
from bot.domain.answers.markup import code
from bot.domain.answers.plain_text import item_line, marked
from bot.domain.command import shorten
from bot.domain.errors import AskerError
from bot.domain.model import Diagnosis, Org, Verdict
from bot.domain.org_questions import nearest, nearly
from bot.domain.orgs.app_evidence import app_evidence, in_brief, other_apps, unseen_blocks
from bot.domain.orgs.connection import same_org, same_orgs
from bot.domain.orgs.identity import AFTER_A_REFRESH
from bot.domain.orgs.needs import need
from bot.domain.orgs.setup_links import page_name
from bot.domain.orgs.snooze_report import is_snoozed, since_words, told, wake
from bot.domain.orgs.urgency import most_urgent_first, state_of, still_read, tally

LINES = 14
"""What a status may take of a phone."""

PER_PAGE = 20
"""Orgs on one page of a list."""

FEW = 5
"""So many orgs of a list have a button each; beyond that the list is to be read, not pressed."""

_AGAIN = {True: "Check all again", False: "Check all now"}  # by whether it was just read


def status(found: Diagnosis, now: datetime, by: str = "") -> Answer:
    """One org: the verdict, the one next step with the button to its very page, and what was read in few words.

    ``by`` is the name of whoever snoozed it, in our markup.
    """
    lead = _lead(found)
    first = _first_button(found)
    parts: list[Part] = [Buttons((first,))] if first else []
    if found.facts is not None and found.facts.refreshed_at:
        when = age(found.facts.refreshed_at, now)
        parts.append(Text(f"Refreshed since it was connected, as seen {when}: **Update Token** in Flosum."))
    parts += _snoozed(found, by)
    note = _status_note(found, now, whole=False)
    above = height(marked(state_of(found), found.headline)) + height(lead) + 1 + height(note, SMALL)
    above += sum(height(part.text) if isinstance(part, Text) else 1 for part in parts)
    count = max(len(found.steps), 1)
    more = Button(f"All {count} steps" if count > 1 else "Details", command=f"status {found.org.name} details")
    return Answer(
        headline=found.headline,
        lead=lead,
        state=state_of(found),
        parts=(*parts, *_evidence_in(LINES - above, found, now)),
        buttons=(more, *((wake(found.org),) if is_snoozed(found) else ()), _share(found)),
        note=note,
    )


def _lead(found: Diagnosis) -> str:
    if found.trouble:
        return f"Reconnect needed. {found.trouble}" if found.org.reconnect else found.trouble
    return found.steps[0].text if found.steps else ""


def _evidence_in(room: int, found: Diagnosis, now: datetime) -> tuple[Part, ...]:
    """What was read of each app, as much of it as there is room for; of an old reading nothing."""
    facts = found.facts
    if facts is None or found.trouble or not facts.apps:
        return ()
    for items in (
        tuple(in_brief(app, facts, found.org, now) for app in facts.apps),
        tuple(replace(in_brief(app, facts, found.org, now), detail="") for app in facts.apps),
    ):
        if sum(height(item_line(item)) for item in items) <= room:
            return (Items(items),)
    return ()


def _snoozed(found: Diagnosis, by: str) -> list[Part]:
    snooze = found.org.snooze
    return [Text(told(snooze, by))] if snooze is not None and is_snoozed(found) else []


def details(found: Diagnosis, now: datetime, by: str = "") -> Answer:
    """All that is known of one org: every step, all that was read of each app."""
    steps = [step.text for step in found.steps]
    parts: list[Part] = _snoozed(found, by)
    if found.facts is not None:
        parts.append(Items(tuple(app_evidence(app, found.facts, found.org, now) for app in found.facts.apps)))
        parts += [Text(other_apps(found.facts.other_apps))] if found.facts.other_apps else []
    if found.facts is not None and found.facts.refreshed_at:
        when = age(found.facts.refreshed_at, now)
        parts += [Text(f"Refreshed since it was connected, as seen {when}. To do again:"), Steps(AFTER_A_REFRESH)]
    if steps:
        parts += [Text("Until then, as far as is known:" if found.trouble else "To do:"), Steps(tuple(steps))]
    first = _first_button(found)
    guide = Button("Show the guide", command=f"guide {found.steps[0].topic}") if found.steps else None
    return Answer(
        headline=found.headline,
        lead=_lead(found) if found.trouble else "",
        state=state_of(found),
        parts=tuple(parts),
        buttons=tuple(button for button in (first, guide, _share(found)) if button),
        note=_status_note(found, now, whole=True),
    )


def _first_button(found: Diagnosis) -> Button | None:
    """What to press next."""
    if found.org.reconnect:
        return reconnect(found.org)
    if found.trouble:
        return Button("Try again", command=f"status {found.org.name}", primary=True, replaces=True)
    first = found.steps[0] if found.steps else None
    return Button(f"Open {page_name(first.link)}", url=first.link, primary=True) if first and first.link else None


def _share(found: Diagnosis) -> Button:
    return Button("Share in channel", command=f"status {found.org.name}", public=True)


def _status_note(found: Diagnosis, now: datetime, *, whole: bool) -> str:
    if found.facts is None:
        return "Never read so far"
    read = f"Read from Salesforce {age(found.facts.checked_at, now)}"
    if found.trouble:
        read = f"Last read {age(found.facts.checked_at, now)}; it may have changed since"
    kind = {True: "sandbox", False: "production", None: ""}[found.facts.sandbox]
    unseen = unseen_blocks(found.facts, found.org)
    since = since_words(found.org.open_since, now) if found.verdict is not Verdict.READY else ""
    words = (
        f"Open for {since}" if since else "",
        read,
        kind,
        (found.facts.organization_id or "") if whole else "",
        unseen,
    )
    return " · ".join(word for word in words if word)


def overview(diagnoses: Sequence[Diagnosis], now: datetime, *, live: bool, waiting: int = 0, page: int = 1) -> Answer:
    """The orgs of the workspace that need something, one line each, and how many are ready; ``waiting`` more are still
    being read."""
    if not diagnoses and waiting:
        return Answer(still_read(waiting), state=State.UNKNOWN)
    if not diagnoses:
        return no_orgs()
    urgent = most_urgent_first(diagnoses)
    needy = [found for found in urgent if found.verdict is not Verdict.READY]
    through = [found for found in urgent if found.verdict is Verdict.READY]
    page = min(max(page, 1), max(1, -(-len(needy) // PER_PAGE)))
    shown, left = needy[(page - 1) * PER_PAGE : page * PER_PAGE], len(needy) - page * PER_PAGE
    parts: list[Part] = [Items(tuple(_org_line(found, pressed=len(needy) <= FEW) for found in shown))] if shown else []
    parts += [Text(_through(through))] if through else []
    parts += [Text(same_org(names)) for names in same_orgs([found.org for found in diagnoses])]
    more = (Button(f"Next {min(left, PER_PAGE)}", command=f"orgs {page + 1}"),) if left > 0 else ()
    again = Button(_AGAIN[live], command="status all", primary=not live, replaces=True)
    return Answer(
        headline=tally(diagnoses, waiting),
        state=state_of(urgent[0]),
        parts=tuple(parts),
        buttons=(
            *(() if live and more else (again,)),
            *more,
            Button("Share in channel", command="status all" if live else "orgs", public=True),
        ),
        note=_overview_note(diagnoses, waiting) if live else _as_last_read(diagnoses, now),
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


def _as_last_read(diagnoses: Sequence[Diagnosis], now: datetime) -> str:
    read = [found.facts.checked_at for found in diagnoses if found.facts]
    return f"As last read, the oldest {age(min(read), now)}" if read else "Nothing was asked of Salesforce"


def _through(found: Sequence[Diagnosis]) -> str:
    """The ready ones in one line: by name where that fits."""
    told = marked(State.READY, f"Ready: {', '.join(code(each.org.name) for each in found)}")
    return told if height(told) == 1 else marked(State.READY, f"{counted(len(found), 'org', 'orgs')} ready")


def _overview_note(diagnoses: Sequence[Diagnosis], waiting: int) -> str:
    failed = sum(1 for found in diagnoses if found.trouble)
    if not failed and not waiting:
        return "Read from Salesforce just now"
    every = len(diagnoses) + waiting
    note = f"{len(diagnoses) - failed} of {every} read from Salesforce just now"
    note += f"; {failed} could not be read" if failed else ""
    return f"{note}; {still_read(waiting)}, the rest follows" if waiting else note


def _org_line(found: Diagnosis, *, pressed: bool) -> Item:
    button = Button(f"Check {found.org.name}", command=f"status {found.org.name}")
    if found.org.reconnect:
        button = replace(reconnect(found.org), primary=False)  # many may stand in one list
    return Item(code(found.org.name), need(found), state_of(found), (button,) if pressed else ())


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

"""An error explained so that it fits a phone: its cause, the first steps, the button right below the first one.

What is known of the org that is meant comes first: nobody is sent to install or unblock what was read as being there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.answers import Answer, Button, Buttons, Part, Steps, Text
from bot.domain.answers.fitting import SMALL, fitting, height
from bot.domain.answers.humanize import age
from bot.domain.answers.markup import code
from bot.domain.answers.plain_text import marked
from bot.domain.conversations.entry_reply import About, beside, check_button, finding
from bot.domain.model import AppState, Diagnosis, Org, Policy, Read, Verdict
from bot.domain.orgs import app_history
from bot.domain.orgs.findings import may_be_blocked
from bot.domain.orgs.grant_button import grant_button
from bot.domain.orgs.reading_age import OVER
from bot.domain.orgs.setup_links import NAMES, page_link, setup_link, with_link
from bot.domain.orgs.status_report import to_details
from bot.domain.orgs.urgency import state_of
from bot.domain.recognition.entries import Entry, Recognition

LINES = 18
"""What an error's answer may take of a phone."""

STEPS = 4
_AS_LONG = 2  # lines of "who can": a longer one waits behind "All steps"
_BUTTONS = 2  # rows of them: one below the first step, one at the end

_OF_READY: Mapping[str, tuple[str, ...]] = {
    "app-not-installed": (
        "See in the address of the login page that it was this org: another one may lack the app.",
        "Check it again: what was read may have changed since.",
        "In Flosum: the org's ⋮ → **Update Token**.",
    ),
    "app-blocked": (
        "See in the address of the login page that it was this org: another one may block the app.",
        "Check it again: what was read may have changed since.",
        "In Flosum: the org's ⋮ → **Update Token**.",
    ),
    "user-not-approved": (
        "See that the user who logs in has one of the profiles or permission sets that are granted access.",
        "See in the address of the login page that it was this org.",
        "In Flosum: the org's ⋮ → **Update Token**, with a user who is granted access.",
    ),
}
"""What is left to look at where an org was read as ready, by the topics whose cause would show in a reading."""

_OPEN_TO_ALL = (
    "See in the address of the login page that it was this org: here all users may authorize themselves.",
    "Where **API Access Control** is on, that lets in only who is granted access: add a permission set of the user's.",
)
_LOOK_FOR_BLOCK = "Look at {page}: does **Unblock** stand beside a Flosum app? That could not be read."


def brief(found: Recognition, entry: Entry, about: About, note: str) -> Answer:
    """The answer to an error, in ``LINES`` lines where its cause and its first step leave that possible."""
    told = [_told(about.reading, about.now)] if about.reading else []
    told += [_told(known, about.now) for known in about.several if known.facts or known.trouble]
    told += beside(found)
    cause = finding(found, entry)
    steps = _steps(entry, about)
    who, check = _who(entry, about), check_button(about, entry)
    invited = 1 if about.only is None and about.orgs else 0  # a line more of small print, where it is said in a channel
    room = LINES - invited - sum(map(height, (cause, who, *told))) - height(note, SMALL) - _BUTTONS
    shown = fitting(steps[:STEPS], room)
    more = _rest(entry, about, shown, who)
    return Answer(
        headline=cause,
        lead=who,
        parts=(*map(Text, told), *_with_buttons(shown, _pressed(entry, about, check))),
        buttons=(*((more,) if more else ()), Button("Not what happened", command=f"helpful {entry.id} no")),
        note=note,
    )


def first_step(entry: Entry, about: About) -> tuple[str, str]:
    """What is known of the org, and the first step in it; each is empty where there is none."""
    steps = _steps(entry, about)
    return _told(about.reading, about.now) if about.reading else "", steps[0] if steps else ""


def without_feedback(answer: Answer) -> Answer:
    """For somebody whose word on it is not asked."""
    buttons = tuple(button for button in answer.buttons if not (button.command or "").startswith("helpful "))
    return replace(answer, buttons=buttons, rates=None)


def _whole(entry: Entry, org: Org | None) -> Button:
    """What shows all of an entry."""
    label = f"All {len(entry.steps)} steps" if len(entry.steps) > 1 else "More about it"
    return Button(label, command=f"entry {entry.id} {org.name}" if org else f"entry {entry.id}")


def _rest(entry: Entry, about: About, shown: Sequence[str], who: str) -> Button | None:
    """What shows what an answer left out; None where it told all of its entry."""
    known = _bearing(entry, about)
    if known is not None and known.verdict is not Verdict.READY:
        left = len(shown) < len(known.steps)
        return Button("All that it needs", command=f"status {known.org.name} steps") if left else to_details(known)
    if known is not None or entry.short or len(shown) < len(entry.steps):
        return _whole(entry, about.only)
    told_all = not entry.tips and who == _who_can(entry)
    return None if told_all else replace(_whole(entry, about.only), label="More about it")


def _pressed(entry: Entry, about: About, check: Button | None) -> tuple[Button, ...]:
    """What stands right below the first step: to check the org, and to grant access where that is the step."""
    grant = grant_button(about.reading) if about.reading and entry.topic in _OF_READY else None
    return tuple(button for button in (check, grant and replace(grant, primary=False)) if button)


def _with_buttons(steps: Sequence[str], buttons: tuple[Button, ...]) -> Iterator[Part]:
    if not buttons:
        yield from (Steps(tuple(steps)),) if steps else ()
        return
    if steps:
        yield Steps(tuple(steps[:1]))
    yield Buttons(buttons)
    if steps[1:]:
        yield Steps(tuple(steps[1:]), first=2)


def _who(entry: Entry, about: About) -> str:
    """Who can help, in few words."""
    if not entry.who or about.reading or any(known.facts for known in about.several):
        return ""
    who = _who_can(entry)
    return who if height(who) <= _AS_LONG else f"{who.split(';')[0].removesuffix('.')}."


def _who_can(entry: Entry) -> str:
    return f"Who can: {entry.who}" if entry.who else ""


def _told(known: Diagnosis, now: datetime | None) -> str:
    """What is known of the org, and of when that is."""
    name = code(known.org.name)
    if known.unread:
        why = OVER if known.read is Read.OVER else "could not be read"
        return marked(state_of(known), f"{name} {why}{f' ({known.brief})' if known.last_verdict else ''}")
    when = f" (read {age(known.facts.checked_at, now)})" if known.facts and now else ""
    return marked(state_of(known), f"{name}: {known.brief}{when}{_since(known, now)}")


def _since(known: Diagnosis, now: datetime | None) -> str:
    """What was done to an app that the org needs, where that bears on the error: who pasted it may not know yet."""
    if known.facts is None or now is None:
        return ""
    needed = known.needed_apps
    if known.verdict is Verdict.READY:
        opened = app_history.last_opened(needed)
        return f". {opened[0].name} was {app_history.told(opened[1], now)}" if opened else ""
    closed = app_history.closed(needed)
    return f". {closed[0].name} was {app_history.told(closed[1], now)}" if closed else ""


def _bearing(entry: Entry, about: About) -> Diagnosis | None:
    """What was read of the org, where that says what is left to do about the error; None where the entry does."""
    known = about.reading
    is_of_org = entry.topic in _OF_READY or (entry.topic == "token-expired-or-revoked" and _shuts_out(known))
    if known is None or not is_of_org or known.unread or known.verdict is Verdict.UNKNOWN:
        return None
    return known


def _steps(entry: Entry, about: About) -> tuple[str, ...]:
    """The steps of the org as it was read, or the entry's own."""
    known = _bearing(entry, about)
    if known is None:
        return _own_steps(entry, about.only)
    if known.verdict is Verdict.READY:
        return _of_ready(entry, known)
    first, *rest = known.steps
    return (with_link(first.text, first.link), *(step.text for step in rest))


def _shuts_out(known: Diagnosis | None) -> bool:
    """Whether an app that the org needs is blocked or not installed: no new token is to be had before that is over."""
    shut = (AppState.BLOCKED, AppState.NOT_INSTALLED)
    return known is not None and any(app.state in shut for app in known.needed_apps)


def _own_steps(entry: Entry, org: Org | None) -> tuple[str, ...]:
    """The entry's steps; the first that names its page, or else the first, leads to the very page in the org."""
    steps = entry.short or entry.steps
    if org is None or entry.page is None or not steps:
        return steps
    at = next((number for number, step in enumerate(steps) if f"**{NAMES[entry.page]}**" in step), 0)
    return (*steps[:at], with_link(steps[at], setup_link(org.host, entry.page)), *steps[at + 1 :])


def _of_ready(entry: Entry, known: Diagnosis) -> tuple[str, ...]:
    steps = _OF_READY[entry.topic]
    if entry.topic == "app-blocked" and any(map(may_be_blocked, known.needed_apps)):
        return (_LOOK_FOR_BLOCK.format(page=page_link(known.org.host, "usage")), *steps[1:])
    policies = {app.permitted_users for app in known.needed_apps}
    if entry.topic == "user-not-approved" and policies == {Policy.SELF_AUTHORIZE}:
        return (*_OPEN_TO_ALL, steps[-1])
    return steps

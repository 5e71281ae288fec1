"""An error, the org as just read, and the person who asks, joined: the likeliest cause first, contradictions said.

What the org itself shows to be so comes first, then what keeps this person out. Where neither bears the error out, what
contradicts it is said, and since when and by whom things are otherwise: then the error is older than that, comes of
another org or another user, or the token does. What was done after the error was explained contradicts nothing: it is
what was hoped for, and is told so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.answers import Answer, Button, Buttons, Items, Part, State, Text
from bot.domain.answers.markup import code
from bot.domain.answers.plain_text import marked
from bot.domain.model import AppState, Diagnosis, OrgFacts, Policy, Verdict
from bot.domain.orgs import app_history, status_report, user_access_report
from bot.domain.orgs.app_evidence import in_brief
from bot.domain.orgs.findings import NOBODY_GETS_IN, Finding, is_uninstalled, judge, may_be_blocked
from bot.domain.orgs.urgency import state_of
from bot.domain.orgs.user_access import Entry as MayEnter
from bot.domain.orgs.user_access import UserReading, Why, verdict
from bot.domain.recognition.entries import Entry

_OF_ORG: Mapping[str, frozenset[Finding]] = {
    "app-not-installed": frozenset({Finding.MISSING, Finding.ONE_NOT_INSTALLED}),
    "app-blocked": frozenset({Finding.BLOCKED}),
    "user-not-approved": NOBODY_GETS_IN,
    "token-expired-or-revoked": frozenset({Finding.MISSING, Finding.BLOCKED, Finding.REFRESHED}),
}
"""What an org shows where it is the cause of an error, by the error's topic."""

_OF_PERSON: Mapping[str, frozenset[Why]] = {
    "app-not-installed": frozenset({Why.NOT_INSTALLED}),
    "app-blocked": frozenset({Why.BLOCKED}),
    "user-not-approved": frozenset(
        {Why.NOT_GRANTED, Why.EXPIRED, Why.CONTROLLED, Why.GROUP_STALE, Why.GROUP_WITHHOLDS, Why.SESSION_BASED}
        | {Why.INACTIVE, Why.FROZEN}
    ),
    "user-inactive-or-locked": frozenset({Why.INACTIVE, Why.FROZEN}),
    "wrong-credentials": frozenset({Why.INACTIVE, Why.FROZEN}),
    "token-expired-or-revoked": frozenset({Why.INACTIVE, Why.FROZEN, Why.NOT_GRANTED, Why.EXPIRED, Why.CONTROLLED}),
}
"""The same of what keeps the person out who asks."""

_SAYS: Mapping[str, str] = {
    "app-not-installed": "not installed",
    "app-blocked": "blocked",
    "user-not-approved": "not approved",
    "user-inactive-or-locked": "inactive or locked",
}
"""What an error claims that a reading can contradict."""

_UPDATE = "In Flosum: the org's ⋮ → **Update Token**, logged in to Salesforce as a user who may connect."
_ANOTHER = "See in the address of the login page that it was this org, and which user logged in."


@dataclass(frozen=True, slots=True)
class Joined:
    """What is joined: the error, the org just read, and the person's own reading where there is one."""

    entry: Entry
    found: Diagnosis
    person: UserReading | None
    now: datetime
    told_at: datetime | None = None
    """When the error was explained: it had happened by then."""


def likely_cause(joined: Joined) -> Answer:
    """The likeliest cause of an error in an org, the one step, and what it rests on."""
    found, facts = joined.found, joined.found.facts
    if found.trouble or facts is None:
        return status_report.status(found, joined.now)
    person = _of_person(joined)
    about_person = _told_of(joined, person)
    if _shows_cause(joined, facts):
        return _answer(joined, facts, _from_org(joined), about_person)
    if gone := _gone(joined):
        return _answer(joined, facts, gone, about_person)
    if person is not None and _keeps_out(joined):
        return _answer(joined, facts, person, "")
    told = _overtaken(joined) or _not_needed(joined) or _contradiction(joined) or _unproven(joined)
    return _answer(joined, facts, told, about_person)


# --- the candidates ------------------------------------------------------------------------------------


def _shows_cause(joined: Joined, facts: OrgFacts) -> bool:
    wanted = _OF_ORG.get(joined.entry.topic, frozenset[Finding]())
    return any(wanted.intersection(judge(app, facts).findings) for app in joined.found.org.apps)


def _from_org(joined: Joined) -> Answer:
    first = status_report.first_button(joined.found)
    return Answer(
        joined.found.headline,
        status_report.lead_of(joined.found),
        state_of(joined.found),
        buttons=(first,) if first else (),
    )


def _gone(joined: Joined) -> Answer | None:
    """An app that somebody took away, and all tokens with it: that is what the error says."""
    if joined.entry.topic not in ("app-not-installed", "token-expired-or-revoked"):
        return None
    for app in joined.found.needed_apps:
        event = app_history.explains(app) if is_uninstalled(app) else None
        if event is not None:
            what = app_history.told(event, joined.now)
            headline = f"**{app.name}** in {code(joined.found.org.name)}: {what}, which fits the error"
            return replace(_from_org(joined), headline=headline, state=State.MISSING)
    return None


def _not_needed(joined: Joined) -> Answer | None:
    """An app that is said not to be needed in the org, and is as the error says: the error may be of that one."""
    states = {"app-not-installed": AppState.NOT_INSTALLED, "app-blocked": AppState.BLOCKED}
    org, facts = joined.found.org, joined.found.facts
    wanted = states.get(joined.entry.topic)
    apps = [app for app in facts.apps if app.name not in org.apps and app.state is wanted] if facts else []
    if not apps:
        return None
    return Answer(
        f"**{apps[0].name}** is {_SAYS[joined.entry.topic]} in {code(org.name)}, where it is said not to be needed",
        f"If the error is of that app: `/flosum apps {org.name} both`, and then its step. "
        f"Otherwise {_ANOTHER[0].lower()}{_ANOTHER[1:]}",
        State.NEEDS_STEP,
    )


def _of_person(joined: Joined) -> Answer | None:
    """Whether the person who asks may connect, in words."""
    if joined.person is None or len(joined.person.users) != 1 or not joined.person.apps:
        return None
    return user_access_report.report(joined.found.org, joined.person, joined.now)


def _decided(joined: Joined) -> list[tuple[MayEnter, Why]]:
    if joined.person is None or len(joined.person.users) != 1:
        return []
    user, needed = joined.person.users[0], joined.found.org.apps
    verdicts = [verdict(user, app) for app in joined.person.apps if app.app in needed]
    return [(each.entry, each.why) for each in verdicts]


def _keeps_out(joined: Joined) -> bool:
    wanted = _OF_PERSON.get(joined.entry.topic, frozenset[Why]())
    return any(why in wanted for _, why in _decided(joined))


def _overtaken(joined: Joined) -> Answer | None:
    """What was done about the error since it was explained, as the success that it is, and what is left."""
    opened = app_history.last_opened(joined.found.needed_apps) if joined.entry.topic in _OPENED else None
    if opened is None or opened[1].at is None or joined.told_at is None or opened[1].at <= joined.told_at:
        return None
    done = _OPENED[joined.entry.topic](joined)
    if not done:
        return None
    if joined.found.verdict is Verdict.READY:
        return Answer(f"{code(joined.found.org.name)} is ready now: {done}", f"Try again. {_UPDATE}", State.READY)
    left = _from_org(joined)
    return replace(left, lead=f"Done since the error: {done}. {left.lead}")


def _contradiction(joined: Joined) -> Answer | None:
    """What the error says, and what was read instead."""
    topic, name = joined.entry.topic, code(joined.found.org.name)
    read = {
        "app-not-installed": _all_installed,
        "app-blocked": _none_blocked,
        "user-not-approved": _person_gets_in,
        "user-inactive-or-locked": _person_is_active,
    }
    told = read[topic](joined) if topic in read else ""
    if not told:
        return None
    step = _ANOTHER if topic == "user-inactive-or-locked" else f"{_UPDATE} {_ANOTHER}"
    if joined.found.verdict is Verdict.READY:
        headline = f"{name} is ready, though the error says {_SAYS[topic]}: {told}"
        return Answer(headline, step, State.READY)
    return Answer(f"The error says {_SAYS[topic]}; {name} says {told}", step, State.NEEDS_STEP)


def _all_installed(joined: Joined) -> str:
    needed = joined.found.needed_apps
    if not needed or any(app.state is not AppState.INSTALLED for app in needed):
        return ""
    return _opened(joined) or "it is installed"


def _none_blocked(joined: Joined) -> str:
    needed = joined.found.needed_apps
    if not needed or any(app.state is not AppState.INSTALLED or may_be_blocked(app) for app in needed):
        return ""
    return _opened(joined) or "it is not blocked"


def _opened(joined: Joined) -> str:
    """Which of the apps was installed or unblocked last, when and by whom, where that is known."""
    opened = app_history.last_opened(joined.found.needed_apps)
    return f"**{opened[0].name}** {app_history.told(opened[1], joined.now)}" if opened else ""


def _person_gets_in(joined: Joined) -> str:
    needed = joined.found.needed_apps
    if needed and all(app.permitted_users is Policy.SELF_AUTHORIZE for app in needed):
        control = joined.person.access_control if joined.person else None
        return "all users may authorize themselves" if control is False else ""
    decided = _decided(joined)
    return "you are let in" if decided and all(entry is MayEnter.YES for entry, _ in decided) else ""


def _person_is_active(joined: Joined) -> str:
    if joined.person is None or len(joined.person.users) != 1:
        return ""
    user = joined.person.users[0]
    return "your user is active" if user.active and user.frozen is False and user.locked is False else ""


_OPENED: Mapping[str, Callable[[Joined], str]] = {"app-not-installed": _all_installed, "app-blocked": _none_blocked}
"""What undoes an error and has its time in the org's setup audit trail."""


def _unproven(joined: Joined) -> Answer:
    """Nothing that was read bears the error out or contradicts it."""
    name = code(joined.found.org.name)
    steps = joined.entry.short or joined.entry.steps
    needs = "" if joined.found.verdict is not Verdict.ACTION_NEEDED else f" {name} needs a step of its own:"
    return Answer(
        f"Nothing that can be read in {name} explains this error{'.' if needs else ':'}{needs} {joined.found.brief}",
        steps[0] if steps else _ANOTHER,
        State.UNKNOWN,
    )


# --- the answer ----------------------------------------------------------------------------------------


def _answer(joined: Joined, facts: OrgFacts, first: Answer, about_person: str) -> Answer:
    """The candidate that leads, then what else was read: the apps in brief, and the person."""
    found, now = joined.found, joined.now
    pressed = tuple(button for button in first.buttons if button.primary)[:1]
    parts: list[Part] = [Buttons(pressed)] if pressed else []
    parts.append(Items(tuple(in_brief(app, facts, found.org, now) for app in joined.found.needed_apps)))
    parts += [Text(about_person)] if about_person else []
    more = status_report.all_steps(found) if len(found.steps) > 1 else status_report.to_details(found)
    if not about_person:  # who leads
        more = Button("What lets me in", command=f"access {found.org.name} me")
    return Answer(
        first.headline,
        first.lead,
        first.state,
        parts=tuple(parts),
        buttons=(more, status_report.share(found)),
        note=status_report.status_note(found, now, whole=False),
    )


def _told_of(joined: Joined, person: Answer | None) -> str:
    """The person in one line, or that they could not be looked up."""
    if person is not None:
        return marked(person.state, person.headline)
    org = joined.found.org.name
    return f"Which user of {code(org)} you are cannot be told; say it: `/flosum access {org} user-name`"

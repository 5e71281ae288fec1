"""Whether somebody may connect, in words: the finding, the one step that helps, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.answers import Answer, Button, Item, Items, Part, State, Text
from bot.domain.answers.humanize import age, counted, listed
from bot.domain.answers.markup import code, literal
from bot.domain.model import FLOSUM_APPS, AppState, Org, loosely
from bot.domain.orgs.app_evidence import may_be_renamed
from bot.domain.orgs.grant_button import button_for
from bot.domain.orgs.setup_links import page_name, setup_link
from bot.domain.orgs.status_report import reconnect
from bot.domain.orgs.user_access import (
    DAYS,
    Entry,
    Grant,
    LoginAttempt,
    LoginHours,
    OrgUser,
    ProfileLimits,
    UserOfApp,
    UserReading,
    Verdict,
    Way,
    Why,
    verdict,
)

OFFERED = 5
"""Users that fit and are offered; beyond, the words must say more."""

TOKENS_KEPT = 5
"""Tokens that Salesforce keeps for a user and an app."""

_Decided = tuple[UserOfApp, Verdict]
"""An app, and whether somebody may connect through it."""

_ATTEMPTS = 3
_OURS = frozenset(map(loosely, FLOSUM_APPS))
_SIGNS = {Entry.YES: State.READY, Entry.NO: State.MISSING, Entry.UNKNOWN: State.UNKNOWN}
_WORST_FIRST = (Entry.NO, Entry.UNKNOWN, Entry.YES)

_REASONS: Mapping[Why, str] = {
    Why.INACTIVE: "the user is not active",
    Why.FROZEN: "the user is frozen",
    Why.BLOCKED: "the app is blocked",
    Why.NOT_INSTALLED: "the app is not installed",
    Why.NOT_GRANTED: "no profile or permission set of theirs is granted",
    Why.CONTROLLED: "API Access Control is on, so self-authorize opens it to nobody, and they are not granted it",
    Why.EXPIRED: "the assignment that let them in has ended",
    Why.GROUP_STALE: "their permission set group is not up to date",
    Why.GROUP_WITHHOLDS: "their permission set group holds a granted one, and does not show that it passes it on",
    Why.SESSION_BASED: "their permission set counts only while it is activated",
    Why.TWO_APPS: "there are two apps of this name, and which of them is Flosum's cannot be read",
    Why.APP_NEVER_SEEN: "neither the app nor a token of it is there",
    Why.APP_UNSEEN: "whether the app is installed cannot be read",
    Why.ACTIVE_UNREAD: "whether the user is active cannot be read",
    Why.FROZEN_UNREAD: "whether the user is frozen cannot be read",
    Why.BLOCKED_UNREAD: "whether the app is blocked cannot be read",
    Why.BLOCK_UNTOLD: "nothing tells whether the app is blocked",
    Why.POLICY_UNREAD: "the app's Permitted Users cannot be read",
    Why.GRANTS_UNREAD: "whom the app is granted to cannot be read",
    Why.UNINSTALLED_UNREAD: "the app is not installed, and whether they may pass all the same cannot be read",
    Why.ANY_CLIENT: "they are not granted it, and their Use Any API Client may let them in all the same",
    Why.ANY_CLIENT_UNREAD: "they are not granted it, and whether they hold Use Any API Client cannot be read",
    Why.NOT_STANDARD: "this is a user of a community or a machine, and Flosum asks for a standard one",
    Why.SELF_AUTHORIZE: "all users may authorize it themselves",
    Why.GRANTED: "granted",
    Why.APPROVES_UNINSTALLED: "not installed; their Approve Uninstalled Connected Apps lets them in all the same",
}
_STEPS: Mapping[Why, tuple[str, str]] = {
    Why.INACTIVE: ("Open the user in **Users**, edit it and tick **Active**.", "users"),
    Why.FROZEN: ("Open the user in **Users** and press **Unfreeze**.", "users"),
    Why.BLOCKED: ("In **Connected Apps OAuth Usage** press **Unblock** beside the app.", "usage"),
    Why.BLOCK_UNTOLD: (
        "See in **Connected Apps OAuth Usage** that **Unblock** does not stand beside the app.",
        "usage",
    ),
    Why.NOT_INSTALLED: ("In **Connected Apps OAuth Usage** press **Install** beside the app.", "usage"),
    Why.NOT_GRANTED: (
        "In **Connected Apps OAuth Usage** open **Manage App Policies**; add a profile or permission set of theirs.",
        "usage",
    ),
    Why.CONTROLLED: (
        "In **Connected Apps OAuth Usage** open **Manage App Policies**; add a profile or permission set of theirs.",
        "usage",
    ),
    Why.ANY_CLIENT: (
        "Grant it to them all the same: **Connected Apps OAuth Usage**, **Manage App Policies**.",
        "usage",
    ),
    Why.TWO_APPS: (
        "In **Connected Apps OAuth Usage** look at each row of that name: the one with Flosum's users is Flosum's.",
        "usage",
    ),
    Why.NOT_STANDARD: ("Connect with a user who has a Salesforce license; **Users** shows who has one.", "users"),
    Why.APP_NEVER_SEEN: (
        "Let somebody connect once from Flosum; then press **Install** in **Connected Apps OAuth Usage**.",
        "usage",
    ),
    Why.EXPIRED: ("In **Permission Sets** assign it to them anew.", "permission-sets"),
    Why.GROUP_STALE: ("In **Permission Set Groups** open the group and recalculate it.", "permission-set-groups"),
    Why.GROUP_WITHHOLDS: (
        "In **Permission Set Groups** open the group: see whether its muting permission set takes the app away.",
        "permission-set-groups",
    ),
    Why.SESSION_BASED: ("Give them a permission set that needs no activation.", "permission-sets"),
    Why.APPROVES_UNINSTALLED: (
        "Install the app all the same: that permission is meant for few. **Connected Apps OAuth Usage**, **Install**.",
        "usage",
    ),
}
"""The one step that helps, and its Setup page; where none is here, the bot's user lacks a right."""

_OF_POLICIES = frozenset({Why.NOT_GRANTED, Why.CONTROLLED, Why.ANY_CLIENT})
_EXTERNAL = (
    "In **External Client App Manager** open the app, **Edit Policies**; add a profile or permission set of theirs."
)
"""The same for an external client app, whose policies have a page of their own."""

_PERMISSION = (
    "The bot's user in that org needs **View Setup and Configuration** and **Customize Application** to see it."
)

_SEE_EXTERNAL = (
    "The bot's user in that org needs **View all External Client Apps, view their settings, and edit their policies** "
    "to see it."
)


def unread(org: Org) -> Answer:
    """The org's users could not be read."""
    return Answer(
        f"Who the users of {code(org.name)} are cannot be read",
        "The bot's user in that org needs **View Setup and Configuration** to see them.",
        State.UNKNOWN,
    )


def failed(org: Org, text: str, again: str) -> Answer:
    """The org could not be asked; ``again`` is what to say once more, "" where only connecting it again helps."""
    button = Button("Try again", command=again, primary=True, replaces=True) if again else reconnect(org)
    return Answer(f"{code(org.name)} could not be read", text, State.UNKNOWN, buttons=(button,))


def nobody(org: Org, wanted: str) -> Answer:
    """No user fits."""
    return Answer(
        f"{code(org.name)} has no user that fits {code(wanted)}",
        "Try their user name there: it looks like an e-mail address, and in a sandbox the sandbox's name stands behind "
        "it.",
        State.UNKNOWN,
    )


def several(org: Org, wanted: str, users: Sequence[OrgUser], *, own: bool = False) -> Answer:
    """More than one fits, of whom one is to be chosen. ``own``: they are all of whoever asks."""
    shown = users[:OFFERED]
    lead = (
        "Which one?" if len(users) <= OFFERED else "Which one? Say more of the name than that if none of these is it."
    )
    return Answer(
        f"{len(users) if len(users) < 20 else 'Many'} users of {code(org.name)} fit {code(wanted)}",
        lead,
        State.UNKNOWN,
        parts=(Items(tuple(_choice(org, user, own=own) for user in shown)),),
    )


def _choice(org: Org, user: OrgUser, *, own: bool) -> Item:
    state = "" if user.active is not False else " · not active"
    press = Button(user.username, command=f"access {org.name} {'me ' if own else ''}{user.username}")
    return Item(literal(user.name), f"{code(user.username)}{state}", buttons=(press,))


def report(org: Org, reading: UserReading, now: datetime, *, may_grant: bool = False) -> Answer:
    """Whether the one user may connect through the apps that the org needs.

    ``may_grant``: where nothing of theirs is granted, that can be done from here.
    """
    (user,) = reading.users
    found = [(app, verdict(user, app)) for app in reading.apps]
    needed = [pair for pair in found if pair[0].app in org.apps] or found
    app, worst = min(needed, key=lambda pair: _WORST_FIRST.index(pair[1].entry))
    _, button = _step(org, app, worst)
    ungranted = [each.app for each, decided in needed if decided.why is Why.NOT_GRANTED]
    here = button_for(org, ungranted, primary=True) if may_grant and worst.why is Why.NOT_GRANTED else None
    here = replace(here, otherwise=button) if here else None
    parts: list[Part] = [Items(tuple(_line(each, decided, now) for each, decided in found)), Text(_about(user))]
    if reading.other_apps and any(each.state is not AppState.INSTALLED for each, _ in needed):
        parts.append(Text(may_be_renamed(reading.other_apps)))
    if attempts := _attempts(reading.logins):
        parts.append(Text("\n".join(f"{age(each.at, now)} · {_of(each)}" for each in attempts)))
    return Answer(
        _headline(user, org, needed, app, worst) + (_only_if(reading.limits) if worst.entry is Entry.YES else ""),
        _lead(org, needed, app, worst),
        _SIGNS[worst.entry],
        parts=tuple(parts),
        buttons=tuple(each for each in (here, replace(button, primary=here is None) if button else None) if each),
        note=" · ".join((f"Read from Salesforce {age(reading.checked_at, now)}", *_looked_at(reading))),
    )


def _alike(needed: Sequence[_Decided], worst: Verdict) -> Sequence[_Decided]:
    """The apps of which the finding is what it is of the worst, each perhaps for a reason of its own."""
    return [pair for pair in needed if pair[1].entry is worst.entry]


def _headline(user: OrgUser, org: Org, needed: Sequence[_Decided], app: UserOfApp, worst: Verdict) -> str:
    who, where, alike = literal(user.name or user.username), code(org.name), _alike(needed, worst)
    is_every = len(alike) == len(needed) > 1
    if worst.entry is Entry.YES:
        return f"{who} may connect to {where} through {'each Flosum app' if is_every else f'**{literal(app.app)}**'}"
    through = "either Flosum app" if is_every else f"**{literal(app.app)}**"
    is_one = not is_every or len({decided.why for _, decided in alike}) == 1
    why = f": {_REASONS[worst.why]}" if is_one else ""  # else each stands beside its app
    if worst.entry is Entry.NO:
        return f"{who} cannot connect to {where} through {through}{why}"
    return f"Whether {who} may connect to {where} through {through} cannot be told{why}"


def _lead(org: Org, needed: Sequence[_Decided], app: UserOfApp, worst: Verdict) -> str:
    """The step that helps; where each app needs another one, which is for which."""
    alike = _alike(needed, worst)
    if len({decided.why for _, decided in alike}) == 1:
        return _step(org, app, worst)[0]
    steps = {each.app: _step(org, each, decided)[0] for each, decided in alike}
    if len({*steps.values()}) == 1:
        return steps[app.app]
    return " ".join(f"**{literal(name)}**: {step}" for name, step in steps.items())


def _step(org: Org, app: UserOfApp, worst: Verdict) -> tuple[str, Button | None]:
    if worst.why in _STEPS:
        words, page = (_EXTERNAL, "external-apps") if app.external and worst.why in _OF_POLICIES else _STEPS[worst.why]
        link = setup_link(org.host, page)
        return words, Button(f"Open {page_name(link)}", url=link, primary=True)
    if worst.entry is Entry.YES:
        return "If it fails all the same: **Update Token** in Flosum, logged in to Salesforce as this user.", None
    return _SEE_EXTERNAL if app.external and worst.why is Why.POLICY_UNREAD else _PERMISSION, None


def _line(app: UserOfApp, decided: Verdict, now: datetime) -> Item:
    details = [f"{_REASONS[decided.why]}{_through(decided.grants)}"]
    if app.tokens:
        used = f", last used {age(app.last_used, now)}" if app.last_used else ""
        details.append(f"{counted(app.tokens, 'token', 'tokens')}{used}")
    if app.tokens is not None and app.tokens >= TOKENS_KEPT:
        details.append("their next login drops the oldest")
    return Item(f"**{literal(app.app)}**", " · ".join(details), _SIGNS[decided.entry])


_WAYS = {Way.PROFILE: "profile", Way.PERMISSION_SET: "permission set", Way.GROUP: "group"}


def _through(grants: Sequence[Grant]) -> str:
    told = [
        f"{_WAYS[grant.kind]} {literal(grant.name)}" + (f" ({grant.status})" if grant.kind is Way.GROUP else "")
        for grant in grants
    ]
    return f": {listed(told)}" if told else ""


def _about(user: OrgUser) -> str:
    told = [
        code(user.username),
        literal(user.profile) if user.profile else "",
        _is(user.active, "active", "not active"),
    ]
    told += ["frozen" if user.frozen else "", "password locked" if user.locked else ""]
    told += ["" if user.standard else "not a standard user: a community or machine user"]
    told += ["lacks API Enabled: logs in, and every call is refused" if user.api_enabled is False else ""]
    return "User: " + " · ".join(word for word in told if word)


def _is(value: bool | None, yes: str, no: str) -> str:
    return {True: yes, False: no, None: ""}[value]


def _attempts(logins: Sequence[LoginAttempt] | None) -> list[LoginAttempt]:
    """The latest through a Flosum app, in the last 30 days."""
    return [each for each in logins or () if loosely(each.application) in _OURS][:_ATTEMPTS]


def _of(attempt: LoginAttempt) -> str:
    return f"{literal(attempt.application)}: {literal(attempt.status or 'no status')}"


def _only_if(limits: ProfileLimits | None) -> str:
    """What a login must meet besides, where that is known."""
    bound = [
        "at its profile's login hours" if limits and limits.hours else "",
        "from its profile's IP ranges" if limits and limits.ip_ranges else "",
    ]
    told = listed([word for word in bound if word])
    return f", only {told}" if told else ""


def _looked_at(reading: UserReading) -> Iterator[str]:
    """What else bears on a login: as it was read, or that it could not be."""
    unread = ["login history"] if reading.logins is None else []
    if reading.limits is None:
        unread += ["login hours", "IP ranges"]
    else:
        yield f"login hours: {_hours(reading.limits.hours)}"
        yield f"IP ranges: {_ranges(reading.limits.ip_ranges)}"
    if reading.access_control is None:
        unread.append("API Access Control")
    else:
        yield f"API Access Control {'on' if reading.access_control else 'off'}"
    if unread:
        yield f"could not be read: {listed(unread)}"


def _hours(hours: Sequence[LoginHours]) -> str:
    """``Mon to Fri 08:00–17:00, Sat and Sun never``; days of equal hours stand together."""
    if not hours:
        return "any"
    days: dict[str, list[str]] = {}
    for each in hours:
        span = "never" if each.start == each.end else f"{_clock(each.start)}–{_clock(each.end)}"
        days.setdefault(span, []).append(each.day[:3])
    told = [f"{_named(named)} {span}" for span, named in days.items()]
    rest = "" if len(hours) == len(DAYS) else ", else any"
    return f"{', '.join(told)}{rest} (the org's time)"


def _named(days: Sequence[str]) -> str:
    """Days that follow each other as a span."""
    every = [day[:3] for day in DAYS]
    first = every.index(days[0])
    together = len(days) > 2 and every[first : first + len(days)] == [*days]
    return f"{days[0]} to {days[-1]}" if together else listed(days)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _ranges(ranges: Sequence[tuple[str, str]]) -> str:
    if not ranges:
        return "any"
    first, last = ranges[0]
    more = f" and {len(ranges) - 1} more" if len(ranges) > 1 else ""
    return f"{literal(first)}–{literal(last)}{more}"

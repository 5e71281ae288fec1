"""Who did what to an app, and when, as the org's setup audit trail tells it: 180 days, our apps' lines alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.answers.humanize import age
from bot.domain.answers.markup import literal
from bot.domain.model import AppAction, AppEvent, AppFacts, AppState, Diagnosis

_WORDS: Mapping[AppAction, str] = {
    AppAction.INSTALLED: "installed",
    AppAction.UNINSTALLED: "uninstalled",
    AppAction.BLOCKED: "blocked",
    AppAction.UNBLOCKED: "unblocked",
    AppAction.POLICY_CHANGED: "policies changed",
}
_EXPLAINS: Mapping[AppState, tuple[AppAction, ...]] = {
    AppState.INSTALLED: (AppAction.INSTALLED, AppAction.UNBLOCKED),
    AppState.NOT_INSTALLED: (AppAction.UNINSTALLED,),
    AppState.BLOCKED: (AppAction.BLOCKED,),
}
"""What somebody did where that is the state."""

_SHOWN = 3  # lines of one app, where there is room for all that is known


def told(event: AppEvent, now: datetime) -> str:
    """``uninstalled 3 days ago by Ada Lindt``; what the trail does not say is left out."""
    words = _what(event) if event.action else "changed in a way that I do not know"
    when = f" {age(event.at, now)}" if event.at else ""
    return f"{words}{when}{by_whom(event)}"


_SET_TO = re.compile(r"permitted users\b.*\bto (?P<policy>admin approved|all users)", re.IGNORECASE)
_POLICIES = {"admin approved": "admin-approved", "all users": "self-authorize"}


def _what(event: AppEvent) -> str:
    """What was done; of a policy which one, where the trail's text says it."""
    if event.action is AppAction.POLICY_CHANGED and "permitted users" in event.raw.lower():
        to = _SET_TO.search(event.raw)
        return "Permitted Users changed" + (f" to {_POLICIES[to['policy'].lower()]}" if to else "")
    return _WORDS[event.action] if event.action else ""


def by_whom(event: AppEvent) -> str:
    """`` by Ada Lindt``; nothing where the trail does not say."""
    return f" by {literal(event.by)}" if event.by else ""


def explains(app: AppFacts) -> AppEvent | None:
    """What made the app's state what it is; None where the trail holds nothing of it, or something else came after."""
    bearing = [event for event in app.history or () if event.action is not AppAction.POLICY_CHANGED]
    newest = bearing[0] if bearing else None
    return newest if newest and newest.action in _EXPLAINS.get(app.state, ()) else None


def latest(app: AppFacts, now: datetime) -> str:
    """The newest line of the trail about an app; "" where there is none, or it cannot be read."""
    return next((told(event, now) for event in app.history or ()), "")


def lines(apps: Sequence[AppFacts], now: datetime, shown: int = _SHOWN) -> list[str]:
    """What was done to each app, the newest first: a line each."""
    return [
        f"**{literal(app.name)}**: {', '.join(told(event, now) for event in events)}"
        for app in apps
        if (events := (app.history or ())[:shown])
    ]


def last_opened(apps: Sequence[AppFacts]) -> tuple[AppFacts, AppEvent] | None:
    """The newest time that one of these apps was installed or unblocked, where that still holds."""
    opened = [(app, event) for app in apps if app.state is AppState.INSTALLED and (event := explains(app))]
    dated = [(app, event) for app, event in opened if event.at is not None]
    return max(dated, key=lambda pair: pair[1].at.timestamp() if pair[1].at else 0.0, default=None)


def closed(apps: Sequence[AppFacts]) -> tuple[AppFacts, AppEvent] | None:
    """The first of these apps that is not installed, or blocked, with what made it so."""
    found = [(app, event) for app in apps if app.state is not AppState.INSTALLED and (event := explains(app))]
    return next(iter(found), None)


def closed_by(found: Diagnosis, now: datetime) -> str:
    """``uninstalled 3 days ago by Ada Lindt``: what closed an app that the org needs, as it was just read; else ""."""
    if found.facts is None or found.unread:
        return ""
    event = closed(found.needed_apps)
    return told(event[1], now) if event else ""

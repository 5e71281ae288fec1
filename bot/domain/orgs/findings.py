"""What is true of each app that an org needs, told apart as finely as what is to be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, auto

from bot.domain.answers.humanize import listed
from bot.domain.model import FLOSUM_APPS, AppFacts, AppState, OrgFacts, Policy


class Finding(IntEnum):
    """What is true of one app that an org needs, the most urgent first."""

    BLOCKED = auto()
    MISSING = auto()
    NOBODY_GRANTED = auto()
    NOBODY_ACTIVE = auto()
    HIDDEN = auto()
    HIDDEN_POLICY = auto()
    HIDDEN_GRANTS = auto()
    UNSEEN = auto()
    OPEN = auto()
    THROUGH = auto()


@dataclass(frozen=True, slots=True)
class Judged:
    """One needed app and what is true of it."""

    name: str
    finding: Finding


def judge(name: str, facts: OrgFacts) -> Judged:
    """What ``facts`` say of the app ``name``; an app without facts could not be read."""
    app = next((app for app in facts.apps if app.name == name), None)
    return Judged(name, Finding.HIDDEN if app is None else _finding(app))


def _finding(app: AppFacts) -> Finding:
    if app.state is AppState.INSTALLED:
        return _finding_of_installed(app)
    return {
        AppState.BLOCKED: Finding.BLOCKED,
        AppState.NOT_INSTALLED: Finding.MISSING,
        AppState.NOT_SEEN: Finding.UNSEEN,
        AppState.UNREADABLE: Finding.HIDDEN,
    }[app.state]


def _finding_of_installed(app: AppFacts) -> Finding:
    if app.permitted_users is None:
        return Finding.HIDDEN_POLICY
    if app.permitted_users is Policy.SELF_AUTHORIZE:
        return Finding.OPEN
    if app.users_with_access:
        return Finding.THROUGH
    if app.profiles is None or app.permission_sets is None:
        return Finding.HIDDEN_GRANTS
    if not app.profiles and not app.permission_sets:
        return Finding.NOBODY_GRANTED
    return Finding.THROUGH if app.users_with_access is None else Finding.NOBODY_ACTIVE


def named(apps: Sequence[str]) -> str:
    """The apps as a sentence names them."""
    return "both Flosum apps" if set(apps) == set(FLOSUM_APPS) else listed([f"**{app}**" for app in apps])

"""The button that grants access, where that is the very next step of an org and may be done from here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.answers import Button
from bot.domain.model import FLOSUM_APPS, Diagnosis, Org
from bot.domain.orgs.granting import key_of
from bot.domain.orgs.setup_links import PAGES

LABEL = "Grant access"
_TOPIC = "grant-permission-set"
_PAGES = tuple(PAGES[page] for page in ("usage", "permission-sets"))
"""Where the steps happen that a grant takes the place of; others send to a user, or to a group."""


def grant_button(found: Diagnosis) -> Button | None:
    """What grants access to the apps that nobody can get into; None where something else comes first."""
    first = found.steps[0] if found.steps else None
    if not found.may_grant or found.trouble or found.unread or first is None or not _is_grant(first.topic, first.link):
        return None
    apps = [step.app for step in found.steps if _is_grant(step.topic, step.link)]
    return button_for(found.org, [app for app in apps if app] if all(apps) else FLOSUM_APPS, primary=True)


def button_for(org: Org, apps: Sequence[str], *, primary: bool = False) -> Button:
    """What begins to grant these apps."""
    return Button(LABEL, command=f"grant {org.name} {key_of(apps)}", primary=primary)


def _is_grant(topic: str, link: str | None) -> bool:
    return topic == _TOPIC and (link or "").endswith(_PAGES)

"""The page on which an app is installed, where its ids are known: what ``FLOSUM_APP_INSTALL_IDS`` says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.domain.model import FLOSUM_APPS, Diagnosis, NextStep, loosely
from bot.domain.orgs.setup_links import INSTALL_PAGE

_ONE = re.compile(r"(?P<app>[^=]+)=\s*(?P<key>0Ci(?:\w{12}|\w{15}))@(?P<org>00D(?:\w{12}|\w{15}))", re.ASCII)
_FORM = "each is written as app name=0Ci…@00D…, with a comma between them"


@dataclass(frozen=True, slots=True)
class InstallId:
    """The ids of an app and of the org that it comes from."""

    app_id: str
    org_id: str


InstallIds = Mapping[str, InstallId]
"""By the app's name, as the rest of the assistant knows it."""


def read_install_ids(text: str) -> InstallIds:
    """What a setting says. Raises ValueError with what is wrong."""
    found: dict[str, InstallId] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        one = _ONE.fullmatch(part)
        if one is None:
            raise ValueError(_FORM)
        name = next((app for app in FLOSUM_APPS if loosely(app) == loosely(one["app"])), None)
        if name is None:
            raise ValueError(f"the apps are called {' and '.join(FLOSUM_APPS)}")
        if name in found:
            raise ValueError(f"one app stands there twice: {name}")
        found[name] = InstallId(one["key"], one["org"])
    return found


def install_link(host: str, ids: InstallId) -> str:
    """The address of the page in the org at ``host``."""
    return f"https://{host}{INSTALL_PAGE}?{urlencode({'app_id': ids.app_id, 'app_org_id': ids.org_id})}"


def with_install_links(found: Diagnosis, ids: InstallIds) -> Diagnosis:
    """The diagnosis, in which each step that installs an app leads to the page for that."""
    if not ids:
        return found
    return replace(found, steps=tuple(_direct(step, found.org.host, ids) for step in found.steps))


def _direct(step: NextStep, host: str, ids: InstallIds) -> NextStep:
    if step.topic != "install" or step.app is None or step.app not in ids:
        return step
    text = (
        f"On the **install page** of **{step.app}**, click **Install**, and **Install** again if it is asked once more."
    )
    return replace(step, text=text, link=install_link(host, ids[step.app]))

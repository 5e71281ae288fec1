"""The steps of the article that an org still needs, each as an instruction with the very page it happens on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.answers.humanize import listed
from bot.domain.model import NextStep, Org
from bot.domain.orgs.findings import Finding, Judged, named
from bot.domain.orgs.setup_links import setup_link

# The sections that a finding calls for.
_TOPICS: Mapping[Finding, tuple[str, ...]] = {
    Finding.BLOCKED: ("unblock", "refresh-token"),
    Finding.MISSING: ("install", "permitted-users", "grant-permission-set", "refresh-token", "confirm-installed"),
    Finding.NOBODY_GRANTED: ("grant-permission-set", "refresh-token"),
    Finding.NOBODY_ACTIVE: ("grant-permission-set", "refresh-token"),
    Finding.HIDDEN: ("check-installed",),
    Finding.HIDDEN_POLICY: ("permitted-users",),
    Finding.HIDDEN_GRANTS: ("grant-permission-set",),
    Finding.UNSEEN: ("check-installed",),
    Finding.OPEN: ("permitted-users", "grant-permission-set"),
    Finding.THROUGH: (),
}
_NOT_READABLE = (Finding.HIDDEN, Finding.HIDDEN_POLICY, Finding.HIDDEN_GRANTS)


@dataclass(frozen=True, slots=True)
class _Step:
    """A section of the article as an instruction; ``page`` is the Setup page it happens on, None: in Flosum.

    ``together``: said once for all the apps that need it, not once for each.
    """

    text: str
    page: str | None = "usage"
    together: bool = False


_POLICIES = "in **Connected Apps OAuth Usage**, open **Manage App Policies** of {app}"
_CHOOSE = "click **Manage Permission Sets** (or **Manage Profiles**), check those of the people who connect, **Save**"

# The article's order. Where a finding changes what a section means, it has an instruction of its own in _SPECIAL.
_ARTICLE: Mapping[str, _Step] = {
    "unblock": _Step("In **Connected Apps OAuth Usage**, find {app} and click **Unblock**."),
    "check-installed": _Step(
        "Look for {app} at **Connected Apps OAuth Usage**: **Uninstall** beside the app means installed, **Install** "
        "not installed, **Unblock** blocked. Where it is not listed, connect this org in Flosum once, and look again.",
        together=True,
    ),
    "install": _Step("In **Connected Apps OAuth Usage**, find {app}, click **Install**, and **Install** again."),
    "permitted-users": _Step(
        "In **Connected Apps OAuth Usage**, open **Manage App Policies** of {app} and set **Permitted Users** to "
        "**Admin approved users are pre-authorized**; **Save**."
    ),
    "grant-permission-set": _Step(f"Grant access: {_POLICIES}, {_CHOOSE}."),
    "refresh-token": _Step(
        "In Flosum, open **Global Settings** → **Organizations** (newer: **Connections**), the three-dot menu of this "
        "org, **Update Token**, and log in to Salesforce.",
        page=None,
        together=True,
    ),
    "confirm-installed": _Step(
        "Confirm that **Manage Connected Apps** and **Connected Apps OAuth Usage** list {app}.",
        page="manage",
        together=True,
    ),
}
_SPECIAL: Mapping[tuple[str, Finding], _Step] = {
    ("permitted-users", Finding.OPEN): _Step(
        f"Recommended, not urgent: {_POLICIES} and set **Permitted Users** to **Admin approved users are "
        "pre-authorized**; **Save**. From then on only people who are granted access can connect.",
        together=True,
    ),
    ("permitted-users", Finding.HIDDEN_POLICY): _Step(
        f"Look yourself: {_POLICIES}. With **All users may self-authorize** anybody can connect; with **Admin approved "
        "users are pre-authorized** only the profiles and permission sets listed there."
    ),
    ("grant-permission-set", Finding.OPEN): _Step(f"Right after that, {_POLICIES}, {_CHOOSE}.", together=True),
    ("grant-permission-set", Finding.NOBODY_ACTIVE): _Step(
        "Assign a permission set that is granted to {app} to the users who connect to Flosum.", page="permission-sets"
    ),
    ("grant-permission-set", Finding.HIDDEN_GRANTS): _Step(
        f"Look yourself: {_POLICIES} and see whether **Profiles** or **Permission Sets** list the people who connect."
    ),
}


def next_steps(org: Org, judged: Sequence[Judged], missing: Sequence[str]) -> Iterator[NextStep]:
    """What is left to do in ``org``, in order; ``missing`` are the permissions that the connection lacks."""
    if missing and any(app.finding in _NOT_READABLE for app in judged):
        yield _permit(org, missing)
    for topic in _ARTICLE:
        for step, apps in _needed(topic, judged).items():
            for some in [apps] if step.together else [[app] for app in apps]:
                yield _step(org, topic, step, some)


def _needed(topic: str, judged: Sequence[Judged]) -> dict[_Step, list[str]]:
    """The instructions of one section, each with the apps that need it."""
    needed: dict[_Step, list[str]] = {}
    for app in judged:
        if topic in _TOPICS[app.finding]:
            needed.setdefault(_SPECIAL.get((topic, app.finding), _ARTICLE[topic]), []).append(app.name)
    return needed


def _step(org: Org, topic: str, step: _Step, apps: Sequence[str]) -> NextStep:
    link = None if step.page is None else setup_link(org.host, step.page)
    return NextStep(topic, apps[0] if len(apps) == 1 else None, step.text.format(app=named(apps)), link)


def _permit(org: Org, missing: Sequence[str]) -> NextStep:
    permissions = listed([f"**{name}**" for name in missing])
    step = _Step(
        f"Give the user of this assistant's connection {permissions}, in a permission set of its own; "
        "then the rest can be read.",
        page="permission-sets",
    )
    return _step(org, "check-installed", step, ())


def look_yourself(org: Org) -> tuple[NextStep, ...]:
    """What a person can do where nothing could be read at all."""
    return (_step(org, "check-installed", _ARTICLE["check-installed"], org.apps),) if org.apps else ()

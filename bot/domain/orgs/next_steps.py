"""The steps of the article that an org still needs, each as an instruction with the very page it happens on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.answers.humanize import listed
from bot.domain.model import NextStep, Org
from bot.domain.orgs.findings import Finding, Judged, named
from bot.domain.orgs.setup_links import setup_link

ArticleSteps = Mapping[str, str]
"""What each section of the article comes to for one org, by the section's id; ``{app}`` stands for the app."""

# The sections that a finding calls for.
_SECTIONS: Mapping[Finding, tuple[str, ...]] = {
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
class _Place:
    """Where a section of the article happens: a Setup page, or None for Flosum.

    ``together``: said once for all the apps that need it, not once for each.
    """

    page: str | None = "usage"
    together: bool = False


# In the order in which they are done. The words of each stand in the guide, as the section's ``step``; where a finding
# changes what a section means, the instruction stands in _SPECIAL.
_PLACES: Mapping[str, _Place] = {
    "unblock": _Place(),
    "check-installed": _Place(together=True),
    "install": _Place(),
    "permitted-users": _Place(),
    "grant-permission-set": _Place(),
    "refresh-token": _Place(page=None, together=True),
    "confirm-installed": _Place("manage", together=True),
}
SECTIONS = tuple(_PLACES)
"""The sections whose ``step`` an org may be told."""


@dataclass(frozen=True, slots=True)
class _Step:
    """An instruction; ``{app}`` in its text is the app, or the apps, that need it."""

    text: str
    place: _Place = _Place()


_POLICIES = "in **Connected Apps OAuth Usage**, open **Manage App Policies** of {app}"
_CHOOSE = "click **Manage Permission Sets** (or **Manage Profiles**), check those of the people who connect, **Save**"
_SPECIAL: Mapping[tuple[str, Finding], _Step] = {
    ("permitted-users", Finding.OPEN): _Step(
        f"Recommended, not urgent: {_POLICIES} and set **Permitted Users** to **Admin approved users are "
        "pre-authorized**; **Save**. From then on only people who are granted access can connect.",
        _Place(together=True),
    ),
    ("permitted-users", Finding.HIDDEN_POLICY): _Step(
        f"Look yourself: {_POLICIES}. With **All users may self-authorize** anybody can connect; with **Admin approved "
        "users are pre-authorized** only the profiles and permission sets listed there."
    ),
    ("grant-permission-set", Finding.OPEN): _Step(f"Right after that, {_POLICIES}, {_CHOOSE}.", _Place(together=True)),
    ("grant-permission-set", Finding.NOBODY_ACTIVE): _Step(
        "Assign a permission set that is granted to {app} to the users who connect to Flosum.",
        _Place("permission-sets"),
    ),
    ("grant-permission-set", Finding.HIDDEN_GRANTS): _Step(
        f"Look yourself: {_POLICIES} and see whether **Profiles** or **Permission Sets** list the people who connect."
    ),
}


def next_steps(org: Org, judged: Sequence[Judged], missing: Sequence[str], article: ArticleSteps) -> Iterator[NextStep]:
    """What is left to do in ``org``, in order; ``missing`` are the permissions that the connection lacks."""
    if missing and any(app.finding in _NOT_READABLE for app in judged):
        yield _permit(org, missing)
    for section in SECTIONS:
        for step, apps in _needed(section, judged, article).items():
            for some in [apps] if step.place.together else [[app] for app in apps]:
                yield _step(org, section, step, some)


def _needed(section: str, judged: Sequence[Judged], article: ArticleSteps) -> dict[_Step, list[str]]:
    """The instructions of one section, each with the apps that need it."""
    usual = _Step(article[section], _PLACES[section])
    needed: dict[_Step, list[str]] = {}
    for app in judged:
        if section in _SECTIONS[app.finding]:
            needed.setdefault(_SPECIAL.get((section, app.finding), usual), []).append(app.name)
    return needed


def _step(org: Org, section: str, step: _Step, apps: Sequence[str]) -> NextStep:
    link = None if step.place.page is None else setup_link(org.host, step.place.page)
    return NextStep(section, apps[0] if len(apps) == 1 else None, step.text.replace("{app}", named(apps)), link)


def _permit(org: Org, missing: Sequence[str]) -> NextStep:
    permissions = listed([f"**{name}**" for name in missing])
    step = _Step(
        f"Give the user of this assistant's connection {permissions}, in a permission set of its own; "
        "then the rest can be read.",
        _Place("permission-sets"),
    )
    return _step(org, "check-installed", step, ())


def look_yourself(org: Org, article: ArticleSteps) -> tuple[NextStep, ...]:
    """What a person can do where nothing could be read at all."""
    section = "check-installed"
    return (_step(org, section, _Step(article[section], _PLACES[section]), org.apps),) if org.apps else ()

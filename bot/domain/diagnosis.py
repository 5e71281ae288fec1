"""An org's facts -> a verdict and the steps of the article that this org still needs.

What we decide where the article leaves it open:

- *Self-authorize* is ready: the article's troubleshooting says that Flosum then works as before and any user can
  connect. That its step 3 asks for admin-approved is advice on safety, so the policy stays a recommended step.
- *Admin-approved with nobody let in* needs a step, whether nothing is granted or only to people who are not active.
- *Not seen* and *unreadable* are never "not installed": the verdict is unknown, and a person is asked to look.
- *Blocked* is believed only when the facts say so. A login of this assistant that was refused as blocked speaks of the
  assistant's own app and comes in as ``trouble``.
- An old reading keeps its verdict, and the headline says how old it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, auto

from bot.domain.links import setup_link
from bot.domain.markup import code
from bot.domain.model import FLOSUM_APPS, AppFacts, AppState, Diagnosis, NextStep, Org, OrgFacts, Policy, Verdict
from bot.domain.phrases import age, listed


class _Finding(IntEnum):
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
class _Meaning:
    """What a finding amounts to; ``topics`` are the sections of the article that it calls for."""

    verdict: Verdict
    brief: str
    topics: tuple[str, ...] = ()


_SENTENCES: Mapping[Verdict, str] = {
    Verdict.ACTION_NEEDED: "{org} needs a step: {brief}",
    Verdict.UNKNOWN: "Cannot tell whether {org} is ready: {brief}",
    Verdict.READY: "{org} is {brief}",
}
_MEANINGS: Mapping[_Finding, _Meaning] = {
    _Finding.BLOCKED: _Meaning(Verdict.ACTION_NEEDED, "unblock {apps}", ("unblock", "refresh-token")),
    _Finding.MISSING: _Meaning(
        Verdict.ACTION_NEEDED,
        "install {apps}",
        ("install", "permitted-users", "grant-permission-set", "refresh-token", "confirm-installed"),
    ),
    _Finding.NOBODY_GRANTED: _Meaning(
        Verdict.ACTION_NEEDED,
        "nobody is granted access to {apps} yet",
        ("grant-permission-set", "refresh-token"),
    ),
    _Finding.NOBODY_ACTIVE: _Meaning(
        Verdict.ACTION_NEEDED,
        "no active user is granted access to {apps}",
        ("grant-permission-set", "refresh-token"),
    ),
    _Finding.HIDDEN: _Meaning(Verdict.UNKNOWN, "its connection may not read {apps}", ("check-installed",)),
    _Finding.HIDDEN_POLICY: _Meaning(
        Verdict.UNKNOWN, "the Permitted Users of {apps} cannot be read", ("permitted-users",)
    ),
    _Finding.HIDDEN_GRANTS: _Meaning(
        Verdict.UNKNOWN, "who is granted access to {apps} cannot be read", ("grant-permission-set",)
    ),
    _Finding.UNSEEN: _Meaning(Verdict.UNKNOWN, "it shows no sign of {apps}", ("check-installed",)),
    _Finding.OPEN: _Meaning(
        Verdict.READY,
        "ready, and open to all its users: anybody may connect with {apps}",
        ("permitted-users", "grant-permission-set"),
    ),
    _Finding.THROUGH: _Meaning(Verdict.READY, "ready"),
}
_NOT_READABLE = (_Finding.HIDDEN, _Finding.HIDDEN_POLICY, _Finding.HIDDEN_GRANTS)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One needed app and what is true of it."""

    name: str
    finding: _Finding


def diagnose(org: Org, facts: OrgFacts | None, *, now: datetime, trouble: str | None = None) -> Diagnosis:
    """What ``facts``, the newest reading there is, amount to at ``now``.

    ``trouble`` is the finished sentence that says why there is no fresh reading; with it ``facts`` are old.
    """
    if facts is None:
        brief = "it could not be read, and never was before" if trouble else "not read yet"
        return Diagnosis(org, Verdict.UNKNOWN, _headline(org, Verdict.UNKNOWN, brief), brief, _look(org), None, trouble)
    judged = [_judge(name, facts) for name in org.apps]
    verdict, brief = _verdict(judged), _brief(judged)
    if trouble:
        brief = f"{brief} (as last read, {age(facts.checked_at, now)})"
    steps = tuple(_steps(org, judged, facts))
    return Diagnosis(org, verdict, _headline(org, verdict, brief), brief, steps, facts, trouble)


# --- what is true --------------------------------------------------------------------------------------


def _judge(name: str, facts: OrgFacts) -> _Judged:
    app = next((app for app in facts.apps if app.name == name), None)
    return _Judged(name, _Finding.HIDDEN if app is None else _finding(app))


def _finding(app: AppFacts) -> _Finding:
    if app.state is AppState.INSTALLED:
        return _finding_of_installed(app)
    return {
        AppState.BLOCKED: _Finding.BLOCKED,
        AppState.NOT_INSTALLED: _Finding.MISSING,
        AppState.NOT_SEEN: _Finding.UNSEEN,
        AppState.UNREADABLE: _Finding.HIDDEN,
    }[app.state]


def _finding_of_installed(app: AppFacts) -> _Finding:
    if app.permitted_users is None:
        return _Finding.HIDDEN_POLICY
    if app.permitted_users is Policy.SELF_AUTHORIZE:
        return _Finding.OPEN
    if app.users_with_access:
        return _Finding.THROUGH
    if app.profiles is None or app.permission_sets is None:
        return _Finding.HIDDEN_GRANTS
    if not app.profiles and not app.permission_sets:
        return _Finding.NOBODY_GRANTED
    return _Finding.THROUGH if app.users_with_access is None else _Finding.NOBODY_ACTIVE


def _verdict(judged: Sequence[_Judged]) -> Verdict:
    verdicts = {_MEANINGS[app.finding].verdict for app in judged}
    for verdict in (Verdict.ACTION_NEEDED, Verdict.UNKNOWN):
        if verdict in verdicts:
            return verdict
    return Verdict.READY


def _brief(judged: Sequence[_Judged]) -> str:
    worst = min((app.finding for app in judged), default=_Finding.THROUGH)
    return _MEANINGS[worst].brief.format(apps=_named([app.name for app in judged if app.finding is worst]))


def _named(apps: Sequence[str]) -> str:
    return "both Flosum apps" if set(apps) == set(FLOSUM_APPS) else listed([f"**{app}**" for app in apps])


def _headline(org: Org, verdict: Verdict, brief: str) -> str:
    return _SENTENCES[verdict].format(org=code(org.name), brief=brief)


# --- what to do ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """A section of the article as an instruction; ``page`` is the Setup page it happens on, None: in Flosum."""

    text: str
    page: str | None = "usage"


_POLICIES = "in **Connected Apps OAuth Usage**, open **Manage App Policies** of {app}"
_CHOOSE = "click **Manage Permission Sets** (or **Manage Profiles**), check those of the people who connect, **Save**"

# The article's order. Sections that are done once for an org are in _ONCE; where a finding changes what a section
# means, it has an instruction of its own in _SPECIAL.
_ARTICLE: Mapping[str, _Step] = {
    "unblock": _Step("In **Connected Apps OAuth Usage**, find {app} and click **Unblock**."),
    "check-installed": _Step(
        "Look at **Connected Apps OAuth Usage** for {app}: **Uninstall** beside it means installed, **Install** not "
        "installed, **Unblock** blocked. If it is not listed, connect this org in Flosum once, and look again."
    ),
    "install": _Step("In **Connected Apps OAuth Usage**, find {app}, click **Install**, and **Install** again."),
    "permitted-users": _Step(
        f"Then, {_POLICIES} and set **Permitted Users** to **Admin approved users are pre-authorized**; **Save**."
    ),
    "grant-permission-set": _Step(f"Grant access: {_POLICIES}, {_CHOOSE}."),
    "refresh-token": _Step(
        "In Flosum, open **Global Settings** → **Organizations** (newer: **Connections**), the three-dot menu of this "
        "org, **Update Token**, and log in to Salesforce.",
        page=None,
    ),
    "confirm-installed": _Step(
        "Confirm that **Manage Connected Apps** and **Connected Apps OAuth Usage** list {app}.", page="manage"
    ),
}
_ONCE = ("check-installed", "refresh-token", "confirm-installed")
_SPECIAL: Mapping[tuple[str, _Finding], _Step] = {
    ("permitted-users", _Finding.OPEN): _Step(
        f"Recommended, not urgent: {_POLICIES} and set **Permitted Users** to **Admin approved users are "
        "pre-authorized**; **Save**. From then on only people who are granted access can connect."
    ),
    ("permitted-users", _Finding.HIDDEN_POLICY): _Step(
        f"Look yourself: {_POLICIES}. With **All users may self-authorize** anybody can connect; with **Admin approved "
        "users are pre-authorized** only the profiles and permission sets listed there."
    ),
    ("grant-permission-set", _Finding.OPEN): _Step(f"Right after that, {_POLICIES}, {_CHOOSE}."),
    ("grant-permission-set", _Finding.NOBODY_ACTIVE): _Step(
        "Assign a permission set that is granted to {app} to the users who connect to Flosum.", page="permission-sets"
    ),
    ("grant-permission-set", _Finding.HIDDEN_GRANTS): _Step(
        f"Look yourself: {_POLICIES} and see whether **Profiles** or **Permission Sets** list the people who connect."
    ),
}


def _steps(org: Org, judged: Sequence[_Judged], facts: OrgFacts) -> Iterator[NextStep]:
    if facts.missing_permissions and any(app.finding in _NOT_READABLE for app in judged):
        yield _permit(org, facts.missing_permissions)
    for topic in _ARTICLE:
        needing = [app for app in judged if topic in _MEANINGS[app.finding].topics]
        if needing and topic in _ONCE:
            yield _step(org, topic, _ARTICLE[topic], None, _named([app.name for app in needing]))
        elif needing:
            yield from (_step_for(org, topic, app) for app in needing)


def _step_for(org: Org, topic: str, app: _Judged) -> NextStep:
    step = _SPECIAL.get((topic, app.finding), _ARTICLE[topic])
    return _step(org, topic, step, app.name, f"**{app.name}**")


def _step(org: Org, topic: str, step: _Step, app: str | None, named: str) -> NextStep:
    link = None if step.page is None else setup_link(org.host, step.page)
    return NextStep(topic, app, step.text.format(app=named), link)


def _permit(org: Org, missing: Sequence[str]) -> NextStep:
    permissions = listed([f"**{name}**" for name in missing])
    step = _Step(
        f"Give the user of this assistant's connection {permissions}, in a permission set of its own; "
        "then the rest can be read.",
        page="permission-sets",
    )
    return _step(org, "check-installed", step, None, "")


def _look(org: Org) -> tuple[NextStep, ...]:
    return (_step(org, "check-installed", _ARTICLE["check-installed"], None, _named(org.apps)),) if org.apps else ()

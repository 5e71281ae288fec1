"""The installation as a checklist for one org: what its facts tell is ticked by them, the rest by people.

A tick of a person counts for the organization id that the org had then: a sandbox that was refreshed is another org,
and what was done in Flosum for the old one is to be done again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from bot.domain.answers import Answer, Button, Choice, Item, Items, Menu, Part, State, Text
from bot.domain.answers.humanize import age, listed
from bot.domain.answers.markup import code, literal
from bot.domain.model import BACKUP_APP, AppFacts, AppState, Diagnosis, Doubt, Org, OrgFacts, Policy, short_id
from bot.domain.orgs import app_history
from bot.domain.orgs.findings import NOBODY_GETS_IN, TWIN_FINDINGS, Finding, is_uninstalled, judge, named
from bot.domain.orgs.grant_button import grant_button
from bot.domain.orgs.guide_ticks import Tick
from bot.domain.orgs.install_links import InstallIds, install_link
from bot.domain.orgs.setup_links import page_name, setup_link
from bot.domain.orgs.special_steps import SPECIAL


class Progress(Enum):
    """How far a step is. ``AGAIN``: it was ticked for what the org was before a refresh."""

    DONE = auto()
    OPEN = auto()
    AGAIN = auto()
    UNREAD = auto()


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step: its ``name`` in a line, what is known of it, and what to do. ``link`` is the page in the org.

    ``by_hand``: no object of Salesforce tells it, so people tick it.
    """

    id: str
    name: str
    progress: Progress
    evidence: str = ""
    instruction: str = ""
    link: str | None = None
    by_hand: bool = False


_SEE_THE_USER = (
    "See that the Salesforce user of the connection has **API Enabled** and **Query All Files**, and that whoever "
    "updates the token has the role **SystemAdministrator** in Flosum: `/flosum guide flosum-user`"
)
_HOW_TO_UPDATE = (
    "In Flosum: **Global Settings → Connections** (the article says **Organizations**), the three dots beside this "
    "org, **Update Token**; log in with the user of the connection."
)
_HOW_TO_SEE = "In Flosum: **Backup & Archive → Settings**. It should say **Token Valid**."
USER_STEP = "flosum-user"
UPDATE_STEP = "refresh-token"
VALID_STEP = "token-valid"
BY_HAND: Mapping[str, tuple[str, str]] = {
    USER_STEP: ("The user for Flosum", _SEE_THE_USER),
    UPDATE_STEP: ("Update Token in Flosum", _HOW_TO_UPDATE),
    VALID_STEP: ("Token Valid in Backup & Archive", _HOW_TO_SEE),
}
"""What only people can tell, in the order in which it is done."""

_STATES = {
    Progress.DONE: State.READY,
    Progress.OPEN: State.NEEDS_STEP,
    Progress.AGAIN: State.NEEDS_STEP,
    Progress.UNREAD: State.UNKNOWN,
}

Named = Callable[[str], str]
"""Somebody by their id, in our markup, so that nobody is pinged."""


def steps(found: Diagnosis, ticks: Sequence[Tick], named_: Named, now: datetime, ids: InstallIds) -> list[GuideStep]:
    """Every step, in the article's order."""
    facts, org = found.facts if not found.unread else None, found.org
    apps = [next((app for app in facts.apps if app.name == name), None) if facts else None for name in org.apps]
    told = [_install(org, name, app, now, ids) for name, app in zip(org.apps, apps, strict=True)]
    told += [_unblock(org, apps)] if any(map(_was_blocked, apps)) else []
    told += [_policy(org, apps), _grant(found, apps, facts)]
    wanted = [step for step in BY_HAND if step != VALID_STEP or BACKUP_APP in org.apps]
    by_id = {tick.step: tick for tick in ticks}
    now_id = facts.organization_id if facts else org.organization_id
    told += [_by_hand(step, by_id.get(step), now_id, named_, now) for step in wanted]
    told.append(_confirm(org, apps))
    return told


_NUMBERED = re.compile(r"(?:step |#|no\.? ?)?(\d{1,2})\.?")


def step_meant(said: str, told: Sequence[GuideStep]) -> GuideStep | None:
    """The step that is called so: by its id, by its name, or by the number that it has in the list."""
    plain = _folded(said)
    if numbered := _NUMBERED.fullmatch(plain):
        return dict(enumerate(told, 1)).get(int(numbered[1]))
    return next((step for step in told if plain in (_folded(step.id), _folded(step.name))), None)


def _folded(words: str) -> str:
    return " ".join(words.casefold().replace("-", " ").strip(" .!\"'`*_").split())


def _install(org: Org, name: str, app: AppFacts | None, now: datetime, ids: InstallIds) -> GuideStep:
    short = f"Install {name}"
    direct = install_link(org.host, ids[name]) if name in ids else None
    usage = setup_link(org.host, "usage")
    link = direct or usage
    how = (
        "click **Install** on the install page" if direct else "find it in **Connected Apps OAuth Usage**, **Install**"
    )
    step = f"**{name}**: {how}, and **Install** again."
    if app is None or app.state is AppState.UNREADABLE:
        return GuideStep(f"install:{name}", short, Progress.UNREAD, "cannot be read", _look(name), usage)
    if twin := _twin(app):
        how = SPECIAL["check-installed", twin].text.replace("{app}", named([name]))
        return GuideStep(f"install:{name}", short, Progress.UNREAD, "two apps of this name", how, usage)
    if app.state in (AppState.INSTALLED, AppState.BLOCKED):
        event = app_history.explains(app) if app.state is AppState.INSTALLED else None
        return GuideStep(f"install:{name}", short, Progress.DONE, app_history.told(event, now) if event else "")
    seen = "not seen in the org" if app.state is AppState.NOT_SEEN else "not installed"
    if not direct and (app.state is AppState.NOT_SEEN or is_uninstalled(app)):
        step = f"{step} {_NOT_LISTED}"
    event = app_history.explains(app)
    return GuideStep(
        f"install:{name}", short, Progress.OPEN, app_history.told(event, now) if event else seen, step, link
    )


_NOT_LISTED = "Where it is not listed, connect this org in Flosum once, and look again."


def _look(name: str) -> str:
    """What to do about an app of which it is not known whether it is installed."""
    return (
        f"**{name}**: look for it in **Connected Apps OAuth Usage**. **Uninstall** beside it means that it is "
        "installed, **Install** that it is not; then click it, and **Install** again."
    )


def _twin(app: AppFacts | None) -> Finding | None:
    """Which of two apps of a name is Flosum's cannot be told, so what one of them is like ticks nothing."""
    return next((TWIN_FINDINGS[doubt] for doubt in app.doubts if doubt in TWIN_FINDINGS), None) if app else None


def _was_blocked(app: AppFacts | None) -> bool:
    return app is not None and (app.state is AppState.BLOCKED or Doubt.BLOCK_UNREAD in app.doubts)


def _unblock(org: Org, apps: Sequence[AppFacts | None]) -> GuideStep:
    link = setup_link(org.host, "usage")
    if blocked := [app.name for app in apps if app and app.state is AppState.BLOCKED]:
        step = f"In **Connected Apps OAuth Usage**, **Unblock** beside {named(blocked)}."
        return GuideStep("unblock", "Unblock", Progress.OPEN, "blocked", step, link)
    unread = named([app.name for app in apps if app and _was_blocked(app)])
    step = SPECIAL["check-installed", Finding.BLOCK_UNREAD].text.replace("{app}", unread)
    return GuideStep("unblock", "Unblock", Progress.UNREAD, "blocked when that could last be read", step, link)


def _policy(org: Org, apps: Sequence[AppFacts | None]) -> GuideStep:
    told = [app if app and app.state is AppState.INSTALLED and not _twin(app) else None for app in apps]
    policies = [app.permitted_users if app else None for app in told]
    link, name = setup_link(org.host, "usage"), "Permitted Users"
    step = (
        "In **Connected Apps OAuth Usage**, **Manage App Policies**, **Edit Policies**: **Permitted Users** = **Admin "
        "approved users are pre-authorized**. Grant access first where people work with it already."
    )
    if all(policy is Policy.ADMIN_APPROVED for policy in policies):
        return GuideStep("permitted-users", name, Progress.DONE, "admin-approved")
    if Policy.SELF_AUTHORIZE in policies:
        return GuideStep("permitted-users", name, Progress.OPEN, "all users may self-authorize; advised", step, link)
    if any(map(_hides_policy, apps)):
        return GuideStep("permitted-users", name, Progress.UNREAD, "cannot be read", step, link)
    return GuideStep("permitted-users", name, Progress.OPEN, _after(apps), step, link)


def _after(apps: Sequence[AppFacts | None]) -> str:
    """What a step waits for: an app that is blocked is installed."""
    is_missing = any(app is not None and app.state not in (AppState.INSTALLED, AppState.BLOCKED) for app in apps)
    return "after installing" if is_missing else "after unblocking"


def _hides_policy(app: AppFacts | None) -> bool:
    if app is None or app.state is AppState.UNREADABLE or _twin(app):
        return True
    return app.state is AppState.INSTALLED and app.permitted_users is None


_GRANTED = (Finding.THROUGH, Finding.GROUP_BEHIND, Finding.GRANT_UNNAMED, Finding.GRANTS_CUT, Finding.FROZEN_UNSEEN)
_UNKNOWN_GRANTS = (
    Finding.HIDDEN,
    Finding.HIDDEN_GRANTS,
    Finding.HIDDEN_POLICY,
    Finding.UNCOUNTED,
    Finding.TOO_MANY,
    Finding.QUESTION_REFUSED,
    Finding.ONE_NOT_INSTALLED,
    Finding.TWO_APPS,
    Finding.BOTH_KINDS,
    Finding.BLOCK_UNREAD,
)


def _grant(found: Diagnosis, apps: Sequence[AppFacts | None], facts: OrgFacts | None) -> GuideStep:
    """Whether somebody is let in; where all users may authorize themselves, nobody needs to be."""
    org, name = found.org, "Grant access"
    step = (
        "In **Connected Apps OAuth Usage**, **Manage App Policies**, **Manage Permission Sets** (or **Manage "
        "Profiles**): add those of the people who connect."
    )
    link = setup_link(org.host, "usage")
    judged = [judge(each, facts).findings for each in org.apps] if facts else []
    missing = [each for each, findings in zip(org.apps, judged, strict=False) if findings[0] in NOBODY_GETS_IN]
    is_unread = any(set(findings) & set(_UNKNOWN_GRANTS) for findings in judged)
    if not judged or (is_unread and not missing):
        return GuideStep("grant", name, Progress.UNREAD, "cannot be read", step, link)
    if all(Finding.OPEN in findings for findings in judged):
        return GuideStep("grant", name, Progress.DONE, "not needed: all users may self-authorize")
    if all(Finding.OPEN in findings or set(findings) & {*_GRANTED, Finding.TOKENS_CUT} for findings in judged):
        people = max((app.users_with_access or 0 for app in apps if app), default=0)
        return GuideStep("grant", name, Progress.DONE, f"{people} may connect" if people else "")
    return GuideStep("grant", name, Progress.OPEN, _nobody(missing, apps), step, link)


def _nobody(missing: Sequence[str], apps: Sequence[AppFacts | None]) -> str:
    """Through which apps nobody gets in yet; what waits for the rest of the installation is told so."""
    if any(app is None or app.state is not AppState.INSTALLED for app in apps):
        return _after(apps)
    return "nobody gets in yet" if len(missing) in (0, len(apps)) else f"nobody gets in to {named(missing)} yet"


def _by_hand(step: str, tick: Tick | None, organization_id: str | None, named_: Named, now: datetime) -> GuideStep:
    name, instruction = BY_HAND[step]
    if tick is None:
        return GuideStep(step, name, Progress.OPEN, "", instruction, by_hand=True)
    by = f"{named_(tick.by)}, {age(tick.at, now)}"
    if tick.organization_id and short_id(organization_id) not in ("", short_id(tick.organization_id)):
        return GuideStep(step, name, Progress.AGAIN, f"done before the refresh ({by})", instruction, by_hand=True)
    return GuideStep(step, name, Progress.DONE, by, instruction, by_hand=True)


def _confirm(org: Org, apps: Sequence[AppFacts | None]) -> GuideStep:
    link = setup_link(org.host, "manage")
    step = f"In **Manage Connected Apps**, see that {named(org.apps)} {'is' if len(org.apps) == 1 else 'are'} listed."
    unread = any(app is None or app.state is AppState.UNREADABLE or _twin(app) for app in apps)
    if not unread and all(app and app.state is AppState.INSTALLED for app in apps):
        return GuideStep("confirm-installed", "Confirm", Progress.DONE, "read as installed")
    return GuideStep("confirm-installed", "Confirm", Progress.UNREAD if unread else Progress.OPEN, "", step, link)


# --- in words ------------------------------------------------------------------------------------------------


def checklist(found: Diagnosis, told: Sequence[GuideStep], now: datetime) -> Answer:
    """How far the installation is, the next step with its page, and every step in a line."""
    org, name = found.org, code(found.org.name)
    left = [step for step in told if step.progress is not Progress.DONE]
    again = [step.name for step in told if step.progress is Progress.AGAIN]
    parts: list[Part] = []
    if found.facts is not None and (found.facts.refreshed_at or again):
        parts.append(Text(_refreshed(found.facts, again, now)))
    parts.append(Items(tuple(_line(step, number) for number, step in enumerate(told, start=1))))
    lead = f"Next: {left[0].instruction}" if left else "Nothing is left to do."
    if found.trouble:
        lead = found.trouble
    parts += [_menu(org, told)]
    return Answer(
        f"{name} is set up for Flosum" if not left else _how_far(found, told),
        lead,
        State.READY if not left else State.UNKNOWN if found.unread else State.NEEDS_STEP,
        tuple(parts),
        _buttons(found, left[0] if left else None),
        f"{_when_read(found, now)} · anybody can go on here: /flosum guide for {org.name}",
    )


def _how_far(found: Diagnosis, told: Sequence[GuideStep]) -> str:
    """Of an org that is not read nothing is counted: not as done, and not as open either."""
    name = code(found.org.name)
    if found.unread:
        return f"Cannot tell how far {name} is set up: it could not be read"
    done = sum(step.progress is Progress.DONE for step in told)
    unread = sum(step.progress is Progress.UNREAD for step in told)
    return f"Setting up {name}: {done} of {len(told)} steps done{f', {unread} cannot be read' if unread else ''}"


def _when_read(found: Diagnosis, now: datetime) -> str:
    if found.facts is None:
        return "Never read so far"
    return f"{'Last read' if found.unread else 'Read from Salesforce'} {age(found.facts.checked_at, now)}"


def _line(step: GuideStep, number: int) -> Item:
    return Item(f"{number}. {literal(step.name)}", step.evidence, _STATES[step.progress])


def _buttons(found: Diagnosis, step: GuideStep | None) -> tuple[Button, ...]:
    """What the next step takes, and reading the org again."""
    org = found.org
    first: list[Button] = []
    page = (
        Button(f"Open {page_name(step.link)}", url=step.link, primary=True) if step is not None and step.link else None
    )
    if org.reconnect:
        first.append(Button(f"Reconnect {org.name}", command=f"connect {org.name}", primary=True))
    elif step is not None and step.by_hand:
        label = f"Done: {step.name}"
        first.append(Button(label[:60], command=f"guide for {org.name} done {step.id}", primary=True, replaces=True))
    elif step is not None and step.id == "grant" and (grant := grant_button(found)):
        first.append(replace(grant, otherwise=page))
    if page is not None:
        first.append(replace(page, primary=not first))
    again = Button(f"Check {org.name} again", command=f"guide for {org.name}", replaces=True)
    return (*first[:2], again)


def _menu(org: Org, told: Sequence[GuideStep]) -> Menu:
    """Ticks on and off, for whichever step somebody has done out of turn."""
    choices = []
    for step in told:
        if step.by_hand:
            is_done = step.progress is Progress.DONE
            word, sign = ("open", "Not done") if is_done else ("done", "Done")
            choices.append(Choice(f"{sign}: {step.name}", f"guide for {org.name} {word} {step.id}"))
    return Menu("Tick a step by hand…", tuple(choices))


def _refreshed(facts: OrgFacts, again: Sequence[str], now: datetime) -> str:
    when = f" {age(facts.refreshed_at, now)}" if facts.refreshed_at else ""
    what = f" To do again: {listed(again)}." if again else ""
    return (
        f"This sandbox was refreshed{f', as seen{when}' if when else ''}: its tokens ended, and an app that production "
        f"did not have is gone.{what}"
    )

"""The steps of the article that an org still needs, each as an instruction with the very page it happens on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.answers.humanize import listed
from bot.domain.model import NextStep, Org
from bot.domain.orgs.findings import Finding, Judged, named
from bot.domain.orgs.setup_links import setup_link
from bot.domain.orgs.special_steps import EXTERNAL, SPECIAL, Step

ArticleSteps = Mapping[str, str]
"""What each section of the article comes to for one org, by the section's id; ``{app}`` stands for the app."""

# The sections that a finding calls for.
_WHOLE = ("install", "permitted-users", "grant-permission-set", "refresh-token", "confirm-installed")
_GRANT = ("grant-permission-set", "refresh-token")
_SECTIONS: Mapping[Finding, tuple[str, ...]] = {
    Finding.BLOCKED: ("unblock", "refresh-token"),
    Finding.MISSING: _WHOLE,
    Finding.UNINSTALLED: _WHOLE,
    Finding.NOBODY_GRANTED: _GRANT,
    Finding.CONTROLLED: ("permitted-users", *_GRANT),
    Finding.ONLY_FROZEN: _GRANT,
    Finding.ONLY_ENDED: _GRANT,
    Finding.STALE_GROUP: _GRANT,
    Finding.SESSION_ONLY: _GRANT,
    Finding.EMPTY_PROFILES: _GRANT,
    Finding.NOBODY_ACTIVE: _GRANT,
    Finding.REFRESHED: ("refresh-token",),
    Finding.ONE_NOT_INSTALLED: ("check-installed",),
    Finding.TWO_APPS: ("check-installed",),
    Finding.BOTH_KINDS: ("check-installed",),
    Finding.BLOCK_UNREAD: ("check-installed",),
    Finding.QUESTION_REFUSED: ("check-installed",),
    Finding.HIDDEN: ("check-installed",),
    Finding.TOO_MANY: ("check-installed",),
    Finding.HIDDEN_POLICY: ("permitted-users",),
    Finding.HIDDEN_GRANTS: ("grant-permission-set",),
    Finding.UNCOUNTED: ("grant-permission-set",),
    Finding.UNSEEN: ("check-installed",),
    Finding.BLOCK_UNTOLD: ("check-installed",),
    Finding.OPEN: ("permitted-users", "grant-permission-set"),
    Finding.CONTROL_UNREAD: (),
    Finding.GROUP_BEHIND: ("grant-permission-set",),
    Finding.GRANT_UNNAMED: (),
    Finding.GRANTS_CUT: (),
    Finding.FROZEN_UNSEEN: (),
    Finding.TOKENS_CUT: (),
    Finding.THROUGH: (),
}
_NOT_READABLE = (Finding.HIDDEN, Finding.HIDDEN_POLICY, Finding.HIDDEN_GRANTS, Finding.UNCOUNTED)

# In the order in which they are done, and where; None is Flosum. The words of each stand in the guide, as the section's
# ``step``; where a finding changes what a section means, the instruction stands in SPECIAL.
_PAGES: Mapping[str, str | None] = {
    "unblock": "usage",
    "check-installed": "usage",
    "install": "usage",
    "permitted-users": "usage",
    "grant-permission-set": "usage",
    "refresh-token": None,
    "confirm-installed": "manage",
}
_TOGETHER = ("check-installed", "refresh-token", "confirm-installed")
SECTIONS = tuple(_PAGES)
"""The sections whose ``step`` an org may be told."""

Needed = tuple[str, Step, bool]
"""A section, its instruction, and whether that is for external client apps."""


@dataclass(frozen=True, slots=True)
class _Calling:
    """What calls for an instruction: the apps, and the most urgent of what was found of them."""

    apps: list[str]
    finding: Finding


def next_steps(org: Org, judged: Sequence[Judged], missing: Sequence[str], article: ArticleSteps) -> Iterator[NextStep]:
    """What is left to do in ``org``, in order; ``missing`` are the permissions that the connection lacks.

    In the order of what was found, so that the first step is that of what the org is said to need, and what is only
    advised comes last; within one finding in the article's order.
    """
    needed = _needed(judged, article)
    sure = any(app.finding < Finding.ONE_NOT_INSTALLED for app in judged)

    def turn(one: Needed) -> tuple[bool, Finding, float]:
        # Done at the end, whatever called for it; but after a refresh it is all there is to do.
        is_last = one[0] in ("refresh-token", "confirm-installed") and needed[one].finding is not Finding.REFRESHED
        return is_last, needed[one].finding, _order(one)

    unread = min((app.finding for app in judged if app.finding in _NOT_READABLE), default=None)
    permit = _permit(org, missing) if missing and unread is not None else None
    for section, step, external in sorted(needed, key=turn):
        calling = needed[section, step, external]
        if permit and unread is not None and not sure and calling.finding >= unread:
            yield permit
            permit = None
        for some in [calling.apps] if step.together else [[app] for app in calling.apps]:
            yield _step(org, section, step, some, external=external)
    if permit:
        yield permit


def _needed(judged: Sequence[Judged], article: ArticleSteps) -> dict[Needed, _Calling]:
    """The instructions, each with what calls for it, the app that needs it most first."""
    needed: dict[Needed, _Calling] = {}
    for app in sorted(judged, key=lambda each: each.finding):
        for finding in app.findings:
            for section in _SECTIONS[finding]:
                step = SPECIAL.get((section, finding)) or _usual(section, article)
                one = (section, step, app.external and bool(step.external))
                before = needed.get(one, _Calling([], finding))
                apps = [*before.apps, *([] if app.name in before.apps else [app.name])]
                needed[one] = _Calling(apps, min(before.finding, finding))
    return needed


def _usual(section: str, article: ArticleSteps) -> Step:
    return Step(article[section], _PAGES[section], EXTERNAL.get(section, ""), section in _TOGETHER)


def _order(needed: Needed) -> float:
    """The article's order; but people who are in must be granted access before the policy shuts the others out."""
    section, step, _ = needed
    first = step is SPECIAL["grant-permission-set", Finding.OPEN]
    return SECTIONS.index("permitted-users") - 0.5 if first else SECTIONS.index(section)


def _step(org: Org, section: str, step: Step, apps: Sequence[str], *, external: bool = False) -> NextStep:
    page, text = ("external-apps", step.external) if external else (step.page, step.text)
    link = None if page is None else setup_link(org.host, page)
    return NextStep(section, apps[0] if len(apps) == 1 else None, text.replace("{app}", named(apps)), link)


def _permit(org: Org, missing: Sequence[str]) -> NextStep:
    permissions = listed([f"**{name}**" for name in missing])
    step = Step(
        f"Give the user of this assistant's connection {permissions}, in a permission set of its own; "
        "then the rest can be read.",
        "permission-sets",
    )
    return _step(org, "check-installed", step, ())


def look_yourself(org: Org, article: ArticleSteps) -> tuple[NextStep, ...]:
    """What a person can do where nothing could be read at all."""
    return (_step(org, "check-installed", _usual("check-installed", article), org.apps),) if org.apps else ()

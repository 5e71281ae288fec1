"""The steps of the article that an org still needs, each as an instruction with the very page it happens on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.answers.humanize import listed
from bot.domain.model import NextStep, Org
from bot.domain.orgs.findings import Finding, Judged, named
from bot.domain.orgs.setup_links import setup_link
from bot.domain.orgs.special_steps import EXTERNAL, SPECIAL, Step

ArticleSteps = Mapping[str, str]
"""What each section of the article comes to for one org, by the section's id; ``{app}`` stands for the app."""

# The sections that a finding calls for.
_GRANT = ("grant-permission-set", "refresh-token")
_SECTIONS: Mapping[Finding, tuple[str, ...]] = {
    Finding.BLOCKED: ("unblock", "refresh-token"),
    Finding.MISSING: ("install", "permitted-users", "grant-permission-set", "refresh-token", "confirm-installed"),
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


def next_steps(org: Org, judged: Sequence[Judged], missing: Sequence[str], article: ArticleSteps) -> Iterator[NextStep]:
    """What is left to do in ``org``, in order; ``missing`` are the permissions that the connection lacks.

    What is known to be needed comes before what is to be looked at or is advised for another app: the first step is
    that of what the org is said to need.
    """
    needed = _needed(judged, article)
    sure = {app.name for app in judged if app.finding < Finding.ONE_NOT_INSTALLED}

    def turn(one: Needed) -> tuple[int, float]:
        is_last = one[0] in ("refresh-token", "confirm-installed")
        return 2 if is_last else int(bool(sure) and sure.isdisjoint(needed[one])), _order(one)

    asks = missing and any(app.finding in _NOT_READABLE for app in judged)
    if asks and not sure:
        yield _permit(org, missing)
    for section, step, external in sorted(needed, key=turn):
        apps = needed[section, step, external]
        for some in [apps] if step.together else [[app] for app in apps]:
            yield _step(org, section, step, some, external=external)
    if asks and sure:
        yield _permit(org, missing)


def _needed(judged: Sequence[Judged], article: ArticleSteps) -> dict[Needed, list[str]]:
    """The instructions, each with the apps that need it."""
    needed: dict[Needed, list[str]] = {}
    for app in judged:
        for finding in app.findings:
            for section in _SECTIONS[finding]:
                step = SPECIAL.get((section, finding)) or _usual(section, article)
                apps = needed.setdefault((section, step, app.external and bool(step.external)), [])
                apps += [] if app.name in apps else [app.name]
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

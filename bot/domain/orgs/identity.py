"""Whether what answers is still the org that was connected: the same, refreshed, moved, or another one.

An organization id stays an org's for life, but for sandboxes: those get a new one at every refresh and keep their host.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import Enum, auto

from bot.domain.answers.markup import code
from bot.domain.model import Org, OrgFacts, short_id
from bot.domain.orgs.my_domain import is_sandbox_host

SHOWN_FOR = timedelta(days=7)
"""How long a refresh is spoken of: until then its tokens should be new."""

AFTER_A_REFRESH = (
    "See that both apps are installed here: one that production had before the refresh came along, others did not.",
    "See that the user who connects to Flosum is active here, and is granted access.",
    "In Flosum, **Update Token** for this org: a refresh ends its tokens.",
)


class Identity(Enum):
    """What an org that answers is to the one that is known."""

    SAME = auto()
    REFRESHED = auto()
    REPLACED = auto()
    OTHER = auto()


def compared(known: Org, host: str, organization_id: str | None, sandbox: bool | None = None) -> Identity:
    """What the org at ``host`` with that id is to ``known``. An org that moved keeps its id."""
    if not known.organization_id or not organization_id:
        return Identity.SAME if known.host == host else Identity.OTHER
    if short_id(known.organization_id) == short_id(organization_id):
        return Identity.SAME
    if known.host != host:
        return Identity.OTHER
    return Identity.REFRESHED if known.sandbox or sandbox or is_sandbox_host(host) else Identity.REPLACED


def of_reading(known: Org, facts: OrgFacts) -> Identity:
    """What the org that was read is to ``known``."""
    if not facts.organization_id or not known.organization_id:
        return Identity.SAME
    return compared(known, facts.host or known.host, facts.organization_id, facts.sandbox)


def noted(known: Org, facts: OrgFacts, earlier: OrgFacts | None) -> OrgFacts:
    """``facts`` with when the org was found refreshed: now, or in the reading before."""
    if of_reading(known, facts) is Identity.REFRESHED:
        return replace(facts, refreshed_at=facts.checked_at)
    at = earlier.refreshed_at if earlier else None
    return replace(facts, refreshed_at=at if at and facts.checked_at - at < SHOWN_FOR else None)


def replaced(known: Org) -> str:
    """A production org whose id has changed."""
    return (
        f"At {code(known.host)} an org with another organization id answers than the one that {code(known.name)} was. "
        f"A production org keeps its id, so this may be another org. If it is meant, disconnect {code(known.name)} "
        "first, then connect it again."
    )

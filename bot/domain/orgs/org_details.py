"""What is read of one org when somebody asks for all of it: who gets in through what, tokens, policies.

It is read then and not kept. None is "could not be read", never "none".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.orgs.user_access import Way

UNUSED_FOR = timedelta(days=90)
"""A token that nobody used for so long is stale: partner apps' end after 30 idle days since 2026, others never."""


@dataclass(frozen=True, slots=True)
class People:
    """How many active people, and the names of the first of them."""

    count: int | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """One way in that is granted: through what, whom that lets in, and the status of a group."""

    kind: Way
    name: str
    people: People
    status: str | None = None


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """Somebody's tokens; never the tokens themselves. ``user`` is their id, ``stale`` of them are forgotten."""

    user: str
    name: str
    active: bool | None
    tokens: int
    stale: int
    last_used: datetime | None

    def and_(self, other: TokenHolder) -> TokenHolder:
        """With the same person's tokens of another app."""
        used = max((at for at in (self.last_used, other.last_used) if at), default=None)
        return replace(self, tokens=self.tokens + other.tokens, stale=self.stale + other.stale, last_used=used)


@dataclass(frozen=True, slots=True)
class RefreshPolicy:
    """How long an app's refresh tokens last.

    ``period`` has no readable unit at connected apps: hours, days or months, as their page says. ``kind`` is an
    external client app's word for its policy.
    """

    period: int | None = None
    unit: str | None = None
    idle: bool | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class AppDetails:
    """The rest that is known of one app. ``session``: its sessions need high assurance, or the level that they need."""

    app: str
    ways: tuple[Holding, ...] | None = None
    holders: tuple[TokenHolder, ...] | None = None
    refresh: RefreshPolicy | None = None
    session: bool | str | None = None


@dataclass(frozen=True, slots=True)
class OrgDetails:
    """The rest that is known of an org.

    ``approvers`` hold *Approve Uninstalled Connected Apps*, ``any_client`` hold *Use Any API Client*.
    ``cut``: Salesforce gave its first 2,500 tokens alone.
    """

    apps: tuple[AppDetails, ...]
    approvers: People | None = None
    any_client: People | None = None
    access_control: bool | None = None
    cut: bool = False


def is_stale(last_used: datetime | None, created: datetime | None, now: datetime) -> bool:
    """Whether a token is forgotten; one that was never used counts from its making."""
    since = last_used or created
    return since is not None and now - since > UNUSED_FOR

"""The first call of a check: what is installed, who holds tokens, what was done, and what the connection may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.adapters.salesforce import audit_trail, queries
from bot.adapters.salesforce.queries import Ask, Denied, Reply, Rows, rows

TOKENS_IN_ALL = 2500


@dataclass(frozen=True, slots=True)
class Overview:
    """The answers of the first call. A list of apps that stays cut counts as refused: what it lacks may be there."""

    organization: Reply
    connected: Reply
    connected_names: Reply
    external: Reply
    tokens: Reply
    permissions: Reply
    trail: Reply

    @property
    def installed(self) -> Reply:
        """The connected apps, by their names alone where the policy field is hidden."""
        return self.connected if isinstance(self.connected, Rows) else self.connected_names

    @property
    def sees_all_tokens(self) -> bool:
        """Without Customize Application the token list holds only the connection's own."""
        return isinstance(self.tokens, Rows) and bool(flag(self.permissions, "PermissionsCustomizeApplication"))

    @property
    def tokens_cut(self) -> bool:
        """Whether there may be more tokens than these: at 2,500 Salesforce calls its answer done."""
        return isinstance(self.tokens, Rows) and not (self.tokens.complete and len(self.tokens.rows) < TOKENS_IN_ALL)

    @property
    def lists_all(self) -> bool:
        """Whether every app of a name would show: a connected one, an external client app, and one by its tokens."""
        known = isinstance(self.installed, Rows) and isinstance(self.external, Rows)
        return known and self.sees_all_tokens and not self.tokens_cut

    def names(self) -> set[str]:
        """What all of them are called."""
        answers = ((self.installed, "Name"), (self.external, "MasterLabel"), (self.tokens, "AppName"))
        return {name for reply, field in answers for row in rows(reply) if (name := row.text(field))}


OVERVIEW = (
    queries.ORGANIZATION,
    queries.connected_apps(policy=True),
    queries.connected_apps(policy=False),
    queries.external_apps(),
    queries.tokens(),
    queries.PERMISSIONS,
    audit_trail.TRAIL,
)
"""The questions of the first call, in the order of ``Overview``."""


def read_overview(ask: Ask) -> Overview:
    """The first call."""
    return overview_of(ask(OVERVIEW))


def overview_of(replies: Sequence[Reply]) -> Overview:
    """What came of its questions, asked alone or before others."""
    found = Overview(*replies)
    return replace(
        found,
        connected=_whole(found.connected),
        connected_names=_whole(found.connected_names),
        external=_whole(found.external),
    )


def _whole(reply: Reply) -> Reply:
    return Denied("INCOMPLETE") if isinstance(reply, Rows) and not reply.complete else reply


def text(reply: Reply, field: str) -> str | None:
    """A text field of the first row."""
    return next((row.text(field) for row in rows(reply)), None)


def flag(reply: Reply, field: str) -> bool | None:
    """A checkbox of the first row."""
    return next((row.flag(field) for row in rows(reply)), None)

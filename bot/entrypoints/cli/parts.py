"""What the command line needs; ``bot.wiring`` builds each part when a command asks for it, and not before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.domain.answers import Answer
from bot.domain.model import Change, Credentials, Diagnosis, Org
from bot.domain.orgs.org_details import OrgDetails
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.matcher import Matcher
from bot.ports import Connections, Orgs, Store


class KeptOrgs(Store, Connections, Protocol):
    """What a terminal needs of the store."""


@dataclass(frozen=True, slots=True)
class OrgConsole:
    """The service as seen from a terminal: one workspace, and no Slack needed for most of it.

    ``record`` writes a line of the audit trail: what was done, and to what.
    """

    workspace: str
    store: KeptOrgs
    orgs: Orgs
    check_one: Callable[[Org], Diagnosis]
    check_all: Callable[[str], Sequence[Diagnosis]]
    rest_of: Callable[[Diagnosis], OrgDetails | None]
    digest: Callable[[], Answer]
    post_digest: Callable[[], Answer | None]
    record: Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One line of ``doctor``: what was looked at, how it stands, what to do. ``ok`` None: it could not be looked at."""

    name: str
    ok: bool | None
    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class FreshKey:
    """A new encryption key: to be shown, or None where it is in its file already; and what to do next."""

    next_step: str
    key: str | None = field(default=None, repr=False)


class CommandParts(Protocol):
    """The composition root, as the command line sees it."""

    def guidance(self) -> tuple[Guidance, Matcher, Sequence[str]]:
        """The guidance, its matcher, and the mistakes in the team's own files."""
        ...

    def log_failures(self) -> None:
        """See to it that what is logged of an error goes to standard error, without values that could be secrets."""
        ...

    def console(self) -> AbstractContextManager[OrgConsole]:
        """The service on the configured database."""
        ...

    def org_defaults(self) -> Credentials:
        """Consumer key, secret and private key from the settings; empty where not set."""
        ...

    def run(self) -> None:
        """Run the bot until it is told to stop. Raises OperatorError when a setting is missing."""
        ...

    def demo(self, port: int, once: str | None, *, browser: bool) -> int:
        """The built-in workspace; the exit code."""
        ...

    def doctor(self) -> Sequence[CheckResult]:
        """Look at everything that the bot needs."""
        ...

    def changes(self) -> Sequence[Change]:
        """The audit trail of every workspace, newest first."""
        ...

    def digests(self, workspace: str | None, at: datetime | None) -> Iterator[tuple[str, Answer]]:
        """The digests of a workspace as they would be now, each with where and when it comes; those due ``at`` a time.

        Raises AskerError where there is none.
        """
        ...

    def forget_workspace(self, workspace: str) -> Mapping[str, int]:
        """Erase all that is kept of a workspace; how many rows, by table."""
        ...

    def forget_user(self, user: str) -> Mapping[str, int]:
        """Erase a person in every workspace; how many rows that concerned, by table."""
        ...

    def new_key(self) -> FreshKey:
        """Make a key; where there is a key file, put it in front there."""
        ...

    def reseal(self) -> tuple[int, Sequence[str]]:
        """Encrypt all secrets anew under the newest key: how many, and whose no key opens."""
        ...

    def backup(self, path: Path) -> str:
        """Copy the database to a new file; a sentence about what belongs to it. Raises OperatorError."""
        ...

    def restore(self, path: Path) -> str:
        """Put a copy in the place of the database; sentences about what was done. Raises OperatorError."""
        ...

    def version(self) -> str:
        """The number of this version."""
        ...

    def manifest(self) -> str:
        """The Slack app's manifest as it is written, with its reasons."""
        ...

    def migrate(self) -> str:
        """Bring the database to the newest migration; a sentence about what was done."""
        ...

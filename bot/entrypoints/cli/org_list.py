"""``python app.py orgs import`` and ``orgs export``: many orgs at once, from a file and into one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.answers.humanize import counted, listed
from bot.domain.answers.markup import plain
from bot.domain.errors import AskerError, AssistantError, OrgRefused
from bot.domain.model import Credentials, Org
from bot.domain.orgs import org_list, own_app
from bot.domain.orgs.connection import new_org_name
from bot.domain.orgs.logins import WAYS
from bot.domain.orgs.my_domain import is_sandbox_host
from bot.domain.orgs.org_list import FaultyRow, OrgRow
from bot.domain.program import to_type
from bot.entrypoints.cli.files import text_of
from bot.entrypoints.cli.org_logins import LoginOptions, connect, where
from bot.entrypoints.cli.parts import CommandParts, OrgConsole

_CHANGED = {"apps": "apps", "owner": "owner", "grants_allowed": "whether access may be granted"}
"""What a row changes of an org that is connected, and how its answer calls that; tags stand by themselves."""


def add_org_list(app: typer.Typer, parts: CommandParts) -> None:
    """``orgs import FILE.csv`` and ``orgs export``."""

    @app.command(name="import")
    def import_orgs(
        file: Annotated[Path, typer.Argument(help=f"CSV with the columns {', '.join(org_list.COLUMNS)}.")],
        yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only say what would be done.")] = False,
        check: Annotated[bool, typer.Option(help="Log in before saving.")] = True,
    ) -> None:
        """Connect many orgs. First as a trial: nothing is changed without --yes. Can be repeated."""
        rows = org_list.read(text_of(file, save="in Excel choose CSV UTF-8 when saving"))
        with parts.console() as console:
            importing = _Import(console, parts.org_defaults(), file.parent, check=check)
            answers = list(_told(importing.do(row, yes=yes) for row in rows))
        faulty = sum(not answer for answer in answers)
        sys.stdout.write(_summary(len(answers), faulty, yes=yes, file=file))
        raise typer.Exit(1 if faulty else 0)

    @app.command(name="export")
    def export_orgs() -> None:
        """Print the connected orgs as a CSV file that `orgs import` takes; no secrets."""
        with parts.console() as console:
            orgs = console.store.orgs(console.workspace)
        sys.stdout.write(org_list.written(orgs))
        if not orgs:
            sys.stderr.write("No org is connected yet, so the file has its columns alone.\n")


def _told(answers: Iterator[tuple[bool, str]]) -> Iterator[bool]:
    """Print each row's answer as it comes."""
    for well, text in answers:
        sys.stdout.write(f"{plain(text)}\n")
        sys.stdout.flush()
        yield well


def _summary(rows: int, faulty: int, *, yes: bool, file: Path) -> str:
    if not rows:
        return "The file names no org.\n"
    wrong = f"; {counted(faulty, 'row needs', 'rows need')} another look" if faulty else ""
    if yes:
        return f"\n{rows - faulty} of {counted(rows, 'row is', 'rows are')} as the file says{wrong}.\n"
    command = to_type("orgs", "import", str(file), "--yes")
    return f"\nA trial: nothing was changed{wrong}. To do it: {command}\n"


class _Import:
    """Follows a row at a time; what fails is that row's answer. ``folder`` is where its files lie."""

    def __init__(self, console: OrgConsole, defaults: Credentials, folder: Path, *, check: bool) -> None:
        self._console = console
        self._defaults = defaults
        self._folder = folder
        self._check = check
        self._named = {org.host: org.name for org in console.store.orgs(console.workspace)}

    def do(self, row: OrgRow | FaultyRow, *, yes: bool) -> tuple[bool, str]:
        """Whether it is well, and its answer."""
        if isinstance(row, FaultyRow):
            return False, f"line {row.line}, {row.name or 'without a name'}: {row.fault}"
        try:
            return True, f"{row.name}: {self._followed(row, yes=yes)}"
        except AssistantError as error:
            told = plain(" ".join(line for line in error.text.splitlines() if line))
            return False, f"line {row.line}, {row.name}: {told}"

    def _followed(self, row: OrgRow, *, yes: bool) -> str:
        workspace = self._console.workspace
        known = self._console.store.org(workspace, row.name)
        if known is not None:
            return self._changed(known, row, yes=yes)
        new_org_name(row.name)
        self._refuse_elsewhere(row)
        org = Org(workspace, row.name, row.host, row.login, row.username, sandbox=is_sandbox_host(row.host) or None)
        org = _wanted(org, row)
        options = self._options(row)
        if not yes:
            asked = options.to_ask(row.login)
            ask = f"; its {listed(asked)} will be asked for" if asked else ""
            return f"would be connected {_how(org)} ({row.host}){ask}"
        try:
            facts = connect(self._console, org, options.readers[row.login](), check=self._check)
        except OrgRefused as refusal:
            meaning = own_app.guidance(refusal.code, refusal.description, org.login)
            raise AskerError(f"{refusal.text} Nothing was saved. {meaning.headline if meaning else ''}") from None
        if row.tags:
            self._tag(org, row.tags)
        return f"connected ({where(org, facts)})"

    def _changed(self, known: Org, row: OrgRow, *, yes: bool) -> str:
        if (known.host, known.login, _user(known)) != (row.host, row.login, _user(row)):
            raise AskerError(
                f"it is connected already, to {known.host} {_how(known)}; remove it first, or name the row otherwise"
            )
        wanted = _wanted(known, row)
        if wanted.grants_allowed and not known.grants_allowed and not WAYS[known.login].needs:
            raise AskerError("whether access may be granted in it says whoever logs in: `/flosum connect` in Slack")
        names = [name for field, name in _CHANGED.items() if getattr(known, field) != getattr(wanted, field)]
        names += ["tags"] if row.tags is not None and {*row.tags} != {*known.tags} else []
        if not names:
            return "is connected already, as the row says"
        if yes:
            self._console.store.save_org(wanted)
            if "tags" in names:
                self._tag(known, row.tags or ())
            self._console.record("changed by a file", f"{known.name}: {', '.join(names)}")
        return f"is connected already; {listed(names)} {'changed' if yes else 'would be changed'}"

    def _tag(self, org: Org, tags: tuple[str, ...]) -> None:
        """Those of the file in place of whichever it has."""
        self._console.store.change_tags(org, lambda _: tags)

    def _options(self, row: OrgRow) -> LoginOptions:
        secret = str(self._folder / row.secret_file) if row.secret_file else None
        key = self._folder / row.key_file if row.key_file else None
        return LoginOptions(self._defaults, row.consumer_key, secret, key, of=row.name)

    def _refuse_elsewhere(self, row: OrgRow) -> None:
        """Raise AskerError for what an answer in Slack begins, for an org of another name, and for a missing file."""
        if not WAYS[row.login].needs:
            raise AskerError(f"login {row.login} is for the person whose it is: `/flosum connect` in Slack")
        if other := self._named.get(row.host):
            raise AskerError(f"{row.host} is connected already, as {other}; call the row so, or remove {other} first")
        for name in filter(None, (row.secret_file, row.key_file)):
            if not (self._folder / name).is_file():
                raise AskerError(f"the file {name} is not there")


def _wanted(org: Org, row: OrgRow) -> Org:
    """The org with what the row says of it besides its login."""
    said = {"apps": row.apps, "grants_allowed": row.grants_allowed}
    org = replace(org, **{name: value for name, value in said.items() if value is not None})  # type: ignore[arg-type]
    return org if row.owner is None else replace(org, owner=row.owner or None)


def _user(of: Org | OrgRow) -> str | None:
    """Whom the bot logs in as, where that is said beforehand; Salesforce does not mind capitals."""
    return of.username.casefold() if of.username and WAYS[of.login].names_user else None


def _how(org: Org) -> str:
    label = WAYS[org.login].label
    how = label[:1].lower() + label[1:]
    return f"{how}, as {org.username}" if org.username else how

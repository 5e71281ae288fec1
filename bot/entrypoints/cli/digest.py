"""``python app.py digest``: post the digest, or look at what would be posted."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.domain.answers import State
from bot.domain.command import shorten
from bot.domain.encodings import readable
from bot.domain.errors import AskerError
from bot.entrypoints.cli import output
from bot.entrypoints.cli.parts import CommandParts

EXAMPLE = "2026-11-30T09:00"


def add_digest(app: typer.Typer, parts: CommandParts) -> None:
    """Attach the command to ``app``."""

    @app.command()
    def digest(
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it, post nothing.")] = False,
        workspace: Annotated[str | None, typer.Option(help="With --dry-run: all digests of this workspace.")] = None,
        at: Annotated[str | None, typer.Option(help=f"With --dry-run: those due then, in UTC: {EXAMPLE}.")] = None,
    ) -> None:
        """Post the digest that was set first now, where it is set for; with --dry-run, print it."""
        if workspace is not None or at is not None:
            if not dry_run:
                raise AskerError("--workspace and --at go with --dry-run.")
            _print_all(parts, workspace, None if at is None else _instant(at))
            return
        with parts.console() as console:
            if dry_run:
                sys.stdout.write(output.words(console.digest()))
            else:
                told_instead = console.post_digest()
                sys.stdout.write(output.words(told_instead) if told_instead else "Posted.\n")
                if told_instead and told_instead.state is not State.READY:
                    raise typer.Exit(1)


def _instant(typed: str) -> datetime:
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise AskerError(f"--at {readable(shorten(typed))} is no time. For example, in UTC: --at {EXAMPLE}") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _print_all(parts: CommandParts, workspace: str | None, at: datetime | None) -> None:
    for number, (place, answer) in enumerate(parts.digests(readable(workspace) if workspace else None, at)):
        sys.stdout.write(f"{chr(10) if number else ''}{place}\n{output.words(answer)}")

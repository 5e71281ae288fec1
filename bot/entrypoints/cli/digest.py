"""``python app.py digest``: post the digest, or look at what would be posted."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.domain.encodings import readable
from bot.domain.errors import AskerError
from bot.entrypoints.cli import output
from bot.entrypoints.cli.parts import CommandParts

AT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M%z"]


def add_digest(app: typer.Typer, parts: CommandParts) -> None:
    """Attach the command to ``app``."""

    @app.command()
    def digest(
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Print it, post nothing.")] = False,
        workspace: Annotated[str | None, typer.Option(help="With --dry-run: all digests of this workspace.")] = None,
        at: Annotated[
            datetime | None, typer.Option(formats=AT_FORMATS, help="With --dry-run: those due at this time, UTC.")
        ] = None,
    ) -> None:
        """Post the digest that was set first now, where it is set for; with --dry-run, print it."""
        if workspace is not None or at is not None:
            if not dry_run:
                raise AskerError("--workspace and --at go with --dry-run.")
            _print_all(parts, workspace, at)
            return
        with parts.console() as console:
            if dry_run:
                sys.stdout.write(output.words(console.digest()))
            else:
                console.post_digest()
                sys.stdout.write("Posted.\n")


def _print_all(parts: CommandParts, workspace: str | None, at: datetime | None) -> None:
    if at is not None:
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    for number, (place, answer) in enumerate(parts.digests(readable(workspace) if workspace else None, at)):
        sys.stdout.write(f"{chr(10) if number else ''}{place}\n{output.words(answer)}")

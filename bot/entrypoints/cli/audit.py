"""``python app.py audit``, ``rotate-keys`` and ``backup``: who changed what, the keys of the secrets, and copies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.answers.plain_text import disarmed
from bot.domain.model import Change
from bot.entrypoints.cli.output import instant, json_line
from bot.entrypoints.cli.parts import CommandParts

_LOST = "Put the key that they were encrypted with back, or connect them again."


def add_ledger(app: typer.Typer, parts: CommandParts) -> None:
    """Attach the commands to ``app``."""

    @app.command()
    def audit(
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each change, a line each.")] = False,
    ) -> None:
        """Who changed what in every workspace, newest first."""
        changes = parts.changes()
        for change in changes:
            sys.stdout.write(_line(change, as_json=as_json) + "\n")
        if not changes:
            sys.stderr.write("Nothing was changed yet, so the trail is empty.\n")

    @app.command(name="rotate-keys")
    def rotate_keys(
        new_key: Annotated[bool, typer.Option("--new-key", help="First of all, make the new key.")] = False,
    ) -> None:
        """Encrypt all secrets anew under the newest key. Exit code 1: no key opens some of them.

        First --new-key, then restart the bot, then this: the bot has to know a key before secrets need it.
        """
        if new_key:
            fresh = parts.new_key()
            sys.stdout.write(f"{fresh.key}\n" if fresh.key else "")
            sys.stderr.write(fresh.next_step + "\n")
            return
        count, lost = parts.reseal()
        secrets = "1 secret is" if count == 1 else f"{count} secrets are"
        sys.stdout.write(f"{secrets} encrypted under the newest key now. Older keys open older backups only.\n")
        if lost:
            sys.stderr.write(f"No key opens the logins of: {', '.join(lost)}. {_LOST}\n")
            raise typer.Exit(1)


def add_backup(app: typer.Typer, parts: CommandParts) -> None:
    """Attach ``backup`` and ``restore`` to ``app``."""

    @app.command()
    def backup(file: Annotated[Path, typer.Argument(help="A new file for the copy.")]) -> None:
        """Copy the SQLite database while the bot runs. The encryption keys are not in it."""
        belongs = parts.backup(file)
        sys.stdout.write(f"Copied to {file}.\n{belongs}\n")

    @app.command()
    def restore(file: Annotated[Path, typer.Argument(help="A copy that backup made.")]) -> None:
        """Put a copy in the place of the SQLite database, while the bot is stopped."""
        sys.stdout.write(parts.restore(file) + "\n")


def _line(change: Change, *, as_json: bool) -> str:
    at = instant(change.at)
    what = {"user": change.user, "action": change.action, "subject": change.subject}
    if as_json:
        return json_line({"workspace": change.workspace, "at": at, **what})
    # A name may hold a tab or a line break in another system's eyes; a line stays a line.
    columns = (at, change.workspace, *what.values())
    return "\t".join(disarmed(" ".join(column.split())) for column in columns)

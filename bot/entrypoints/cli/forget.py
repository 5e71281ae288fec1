"""``python app.py forget``: everything that is kept of a workspace or of a person goes, for good."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from bot.domain.answers.humanize import counted
from bot.domain.encodings import readable
from bot.domain.errors import AskerError
from bot.entrypoints.cli.parts import CommandParts

_USER = re.compile(r"[UW][A-Z0-9]+")
_ONE = "Say what to forget: --workspace ID or --user ID, one of the two."
_NO_USER = "{!r} is no id of a Slack user: those begin with U or W, and have capital letters and digits."
_NO_WORKSPACE = "Which workspace? Its id begins with T (E for an enterprise); doctor and audit show it."


def add_forget(app: typer.Typer, parts: CommandParts) -> None:
    """Attach the command to ``app``."""

    @app.command()
    def forget(
        workspace: Annotated[str | None, typer.Option(help="Id of a workspace (T…) or enterprise (E…).")] = None,
        user: Annotated[str | None, typer.Option(help="Id of a person (U… or W…), in every workspace.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object: how many rows of each table.")] = False,
    ) -> None:
        """Erase all that is kept of a workspace or of a person, at once. It cannot be undone, and nothing is asked.

        Of a workspace everything goes, its orgs, their logins and its installation too. Of a person everything that
        names them goes; the lines of the trail stay and say "forgotten" instead of who.
        """
        if (workspace is None) == (user is None):
            raise AskerError(_ONE)
        kind, name = ("workspace", _workspace(workspace)) if workspace is not None else ("user", _user(user or ""))
        erased = parts.forget_workspace(name) if kind == "workspace" else parts.forget_user(name)
        sys.stdout.write(_json(kind, name, erased) if as_json else _words(kind, name, erased))


def _workspace(given: str) -> str:
    if not given.strip():
        raise AskerError(_NO_WORKSPACE)
    return readable(given.strip())


def _user(given: str) -> str:
    # Anything else might be a word of the trail, which would lose it.
    if not _USER.fullmatch(given.strip()):
        raise AskerError(_NO_USER.format(given))
    return given.strip()


def _json(kind: str, name: str, erased: Mapping[str, int]) -> str:
    return json.dumps({kind: name, "erased": dict(sorted(erased.items()))}) + "\n"


def _words(kind: str, name: str, erased: Mapping[str, int]) -> str:
    found = [
        f"  {table.replace('_', ' ')}: {counted(count, 'row', 'rows')}"
        for table, count in sorted(erased.items())
        if count
    ]
    if not found:
        return f"Nothing was kept of {kind} {name}.\n"
    return "\n".join((f"Erased of {kind} {name}:", *found, _AND[kind], ""))


_AND = {
    "workspace": "If the app is still in that workspace, remove it there: else a running bot keeps new things of it.",
    "user": "Backups and logs are yours to clear, and FLOSUM_ADMINS if they stand in it.",
}

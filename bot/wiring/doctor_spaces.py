"""``doctor`` where workspaces add the bot themselves: the settings for it, and how each installation stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from bot.domain.errors import AssistantError
from bot.entrypoints.cli.parts import Finding
from bot.wiring.doctor import clock_finding, missing_scopes

if TYPE_CHECKING:
    from datetime import datetime

    from bot.adapters.settings import Settings
    from bot.wiring.doors import ManyWorkspaces

LOOKED_AT = 20
"""Installations that are asked about at most: enough to tell a lost network from a workspace that left."""


def examine_spaces(settings: Settings, door: ManyWorkspaces, now: datetime) -> Iterator[Finding]:
    """What can be checked without a browser."""
    yield _address(settings)
    try:
        installed = list(islice(door.installs.workspaces(), LOOKED_AT))
    except AssistantError as error:
        yield Finding("slack", False, error.text, "Mend the database first.")
        return
    if not installed:
        where = f"{(settings.flosum_public_url or '').rstrip('/')}/slack/install"
        yield Finding("slack", None, f"no workspace has added the bot yet; an admin does at {where}")
        return
    yield from _installations(door, installed, now)


def _address(settings: Settings) -> Finding:
    url = settings.flosum_public_url or ""
    if url.startswith("https://"):
        return Finding("address", True, f"Add to Slack: {url.rstrip('/')}/slack/install")
    return Finding("address", False, "FLOSUM_PUBLIC_URL is not https", "Slack sends browsers back to https only.")


def _installations(door: ManyWorkspaces, installed: list[str], now: datetime) -> Iterator[Finding]:
    from bot.entrypoints.slack.outbox import asked

    refused, date, poorer = [], None, []
    for workspace in installed:
        try:
            me = asked(door.client_for(workspace).auth_test)
        except AssistantError as error:
            refused.append(f"{workspace}: {error.text}")
            continue
        headers = {name.lower(): value for name, value in me.headers.items()}
        date = date or headers.get("date")
        if missing := missing_scopes(headers.get("x-oauth-scopes", "")):
            poorer.append(f"{workspace} lacks {', '.join(missing)}")
    yield _reached(len(installed), refused)
    yield _granted(poorer)
    yield clock_finding(date, now)


def _reached(looked_at: int, refused: list[str]) -> Finding:
    if not refused:
        return Finding("slack", True, f"{looked_at} installed, each answers")
    return Finding(
        "slack", False, " ".join(refused), "Check the network; where only some fail, add the bot there again."
    )


def _granted(poorer: list[str]) -> Finding:
    if not poorer:
        return Finding("scopes", True, "all that manifest.yml asks for")
    return Finding("scopes", False, "; ".join(poorer), "An admin of each adds the bot again at /slack/install.")

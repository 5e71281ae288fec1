"""``doctor`` where workspaces add the bot themselves: the settings for it, and how each installation stands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from bot.domain.errors import AssistantError
from bot.entrypoints.cli.parts import CheckResult
from bot.wiring.doctor import clock_finding, missing_scopes

if TYPE_CHECKING:
    from datetime import datetime

    from bot.adapters.settings import Settings
    from bot.wiring.slack_app import ManyWorkspaces

LOOKED_AT = 20
"""Installations that are asked about at most: enough to tell a lost network from a workspace that left."""


def examine_spaces(settings: Settings, slack_connection: ManyWorkspaces, now: datetime) -> Iterator[CheckResult]:
    """What can be checked without a browser."""
    yield _address(settings)
    try:
        installed = list(islice(slack_connection.installations.workspaces(), LOOKED_AT))
    except AssistantError as error:
        yield CheckResult("slack", False, error.text, "Mend the database first.")
        return
    if not installed:
        where = f"{(settings.flosum_public_url or '').rstrip('/')}/slack/install"
        yield CheckResult("slack", None, f"no workspace has added the bot yet; an admin does at {where}")
        return
    yield from _installations(slack_connection, installed, now)


def _address(settings: Settings) -> CheckResult:
    url = settings.flosum_public_url or ""
    if url.startswith("https://"):
        return CheckResult("address", True, f"Add to Slack: {url.rstrip('/')}/slack/install")
    return CheckResult("address", False, "FLOSUM_PUBLIC_URL is not https", "Slack sends browsers back to https only.")


def _installations(slack_connection: ManyWorkspaces, installed: list[str], now: datetime) -> Iterator[CheckResult]:
    from bot.adapters.slack.web_api import called

    refused, date, poorer = [], None, []
    for workspace in installed:
        try:
            me = called(slack_connection.client_for(workspace).auth_test)
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


def _reached(looked_at: int, refused: list[str]) -> CheckResult:
    if not refused:
        return CheckResult("slack", True, f"{looked_at} installed, each answers")
    return CheckResult(
        "slack", False, " ".join(refused), "Check the network; where only some fail, add the bot there again."
    )


def _granted(poorer: list[str]) -> CheckResult:
    if not poorer:
        return CheckResult("scopes", True, "all that manifest.yml asks for")
    return CheckResult("scopes", False, "; ".join(poorer), "An admin of each adds the bot again at /slack/install.")

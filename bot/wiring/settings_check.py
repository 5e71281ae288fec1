"""What ``doctor`` says of the settings beyond their form: where they come from, what of them does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.adapters.environment import overruled_names
from bot.adapters.settings import ENV_FILE, NAMES, Settings
from bot.adapters.vault import is_open_to_others
from bot.domain.answers.humanize import listed
from bot.entrypoints.cli.parts import CheckResult


def the_settings(settings: Settings, env_file: str = ENV_FILE) -> Iterator[CheckResult]:
    """Where they are from, and each that does not do what whoever set it expects."""
    path = Path(env_file).absolute()
    where = f"from the environment and {path}" if path.is_file() else f"from the environment; there is no {path}"
    yield CheckResult("settings", True, f"every name and form is right, {where}")
    if overruled := sorted(NAMES.intersection(overruled_names(env_file))):
        text = f"{listed(overruled)} in {path} does not count: the environment says something else"
        yield CheckResult("settings", None, text, "Take it out of one of the two.")
    if path.is_file() and is_open_to_others(path.stat()):
        yield CheckResult(
            "settings", None, f"{path} can be read by other users of this machine", f"Run chmod 600 {path}"
        )
    yield from _idle(settings)
    yield from _logins(settings)


def _idle(settings: Settings) -> Iterator[CheckResult]:
    """What is set and not used."""
    many = settings.many_workspaces
    if many and settings.slack_bot_token is not None:
        text = "SLACK_BOT_TOKEN is not used: workspaces add the bot themselves, as SLACK_CLIENT_ID says"
        yield CheckResult("settings", None, text, "Take one of the two out.")
    if not many and settings.slack_app_token is not None and settings.slack_signing_secret is not None:
        text = "SLACK_SIGNING_SECRET is not used: with SLACK_APP_TOKEN events come by Socket Mode"
        yield CheckResult("settings", None, text, "For HTTP take SLACK_APP_TOKEN out.")


def _logins(settings: Settings) -> Iterator[CheckResult]:
    """How people may connect orgs; a way of which only a part is set is offered to nobody, without a word."""
    browser: dict[str, object] = {
        "SALESFORCE_CLIENT_ID": settings.salesforce_client_id,
        "FLOSUM_PUBLIC_URL": settings.flosum_public_url,
    }
    key: dict[str, object] = {
        "SALESFORCE_JWT_CLIENT_ID": settings.salesforce_jwt_client_id,
        "SALESFORCE_JWT_KEY": settings.salesforce_jwt_key,
    }
    # An address alone goes with other things; with many workspaces the key would open the orgs of each to all.
    begun: dict[str, dict[str, object]] = {}
    if settings.salesforce_client_id:
        begun["in the browser"] = browser
    if any(key.values()) and not settings.many_workspaces:
        begun["with the operator's key"] = key
    for way, parts in begun.items():
        if missing := [name for name, value in parts.items() if not value]:
            text = f"orgs cannot be connected {way} yet: {listed(missing)} is missing"
            yield CheckResult("logins", None, text, "Set it, too.")
    offered = [way for way, parts in begun.items() if all(parts.values())]
    yield CheckResult("logins", True, f"orgs can be connected {listed([*offered, 'from the terminal'])}")

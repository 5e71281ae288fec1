"""What ``doctor`` says of the settings beyond their form: where they come from, what of them does nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot.adapters.environment import doubled_names, given_names, overruled_names
from bot.adapters.settings import ENV_FILE, NAMES, Settings, reveal
from bot.adapters.vault import is_open_to_others
from bot.domain.answers.humanize import listed
from bot.entrypoints.cli.parts import CheckResult


def the_settings(settings: Settings, env_file: str = ENV_FILE) -> Iterator[CheckResult]:
    """Where they are from, and each that does not do what whoever set it expects."""
    path = Path(env_file).absolute()
    where = f"from the environment and {path}" if path.is_file() else f"from the environment; there is no {path}"
    yield CheckResult("settings", True, f"every name and form is right, {where}")
    # Not of proxies: by now both spellings of theirs are set, for the libraries.
    if overruled := sorted(NAMES.intersection(overruled_names(env_file))):
        text = f"{listed(overruled)} in {path} does not count: the environment says something else"
        yield CheckResult("settings", None, text, "Take it out of one of the two.")
    if doubled := sorted(NAMES.intersection(doubled_names(env_file))):
        text = f"{listed(doubled)} is given twice; the spelling in capitals counts, and in a file the last line"
        yield CheckResult("settings", None, text, "Take one of the two out.")
    for text in settings.at_odds:
        yield CheckResult("settings", None, text, "Take one of the two out.")
    yield from _nearly(env_file)
    yield from _open_to_others(path, *_key_file_named_in(settings))
    yield from _idle(settings)
    yield from _logins(settings)


_ALIKE = 0.75
"""Of what two names share: with less, another program's SLACK_WEBHOOK_URL would be a mistyped SLACK_API_URL."""


def _nearly(env_file: str) -> Iterator[CheckResult]:
    """Names that are nearly one of ours which is not given; those that begin with FLOSUM_ are refused before."""
    names = given_names(env_file)
    missing = sorted(NAMES - names)
    for name in sorted(names - NAMES):
        near = difflib.get_close_matches(name, missing, n=1, cutoff=_ALIKE)
        if near and name.startswith(("SLACK_", "SALESFORCE_")):
            text = f"{name} is not a setting of the assistant; did you mean {near[0]}?"
            yield CheckResult("settings", None, text, "Rename it; leave it where it is another program's.")


def _key_file_named_in(settings: Settings) -> Iterator[Path]:
    named = reveal(settings.salesforce_jwt_key) or ""
    if named and "-----BEGIN" not in named:
        with suppress(RuntimeError):  # the home of nobody
            yield Path(named).expanduser().absolute()


def _open_to_others(*paths: Path) -> Iterator[CheckResult]:
    for path in paths:
        with suppress(OSError, ValueError):
            if path.is_file() and is_open_to_others(path.stat()):
                text = f"{path} can be read by other users of this machine"
                yield CheckResult("settings", None, text, f"Run chmod 600 {path}")


def _idle(settings: Settings) -> Iterator[CheckResult]:
    """What is set and not used."""
    many = settings.many_workspaces
    if many and settings.slack_bot_token is not None:
        text = "SLACK_BOT_TOKEN is not used: workspaces add the bot themselves, as SLACK_CLIENT_ID says"
        yield CheckResult("settings", None, text, "Take one of the two out.")
    adding = {"SLACK_CLIENT_ID": settings.slack_client_id, "SLACK_CLIENT_SECRET": settings.slack_client_secret}
    alone = [name for name, value in adding.items() if value is not None]
    if len(alone) == 1:
        (missing,) = adding.keys() - alone
        text = f"{alone[0]} is not used: for Add to Slack {missing} is missing"
        yield CheckResult("settings", None, text, f"Set it, too, or take {alone[0]} out.")
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

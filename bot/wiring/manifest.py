"""The Slack app's manifest, as it lies beside app.py: what the app may do is written down there and nowhere else."""

from __future__ import annotations

from typing import Any

import yaml

from bot import shipped


def manifest() -> dict[str, Any]:
    """The manifest."""
    found = yaml.safe_load(shipped("manifest.yml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)  # noqa: S101 - a file of ours, held by a test
    return found


def bot_scopes() -> list[str]:
    """The OAuth scopes that the bot asks for."""
    return list(manifest()["oauth_config"]["scopes"]["bot"])


def bot_events() -> list[str]:
    """The events that Slack sends the bot."""
    return list(manifest()["settings"]["event_subscriptions"]["bot_events"])

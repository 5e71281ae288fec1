"""The settings of a bot in one built-in workspace."""

from __future__ import annotations

from typing import Any

from bot.adapters.settings import Settings, given
from bot.adapters.vault import make_key
from bot.sandbox.slack.workspace import Workspace


def settings_of(workspace: Workspace, url: str, **more: Any) -> Settings:
    """HTTP on a free port, the database at ``url``, a key of its own unless ``more`` says which."""
    known: dict[str, Any] = {
        "slack_bot_token": workspace.bot_token,
        "slack_signing_secret": workspace.signing_secret,
        "slack_api_url": workspace.api_url,
        "flosum_database_url": url,
        "flosum_secret_keys": make_key(),
        "flosum_port": 0,
    }
    return given(**known | more)

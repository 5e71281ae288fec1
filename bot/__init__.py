"""The Flosum assistant for Slack."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

INSTALLED = (_PACKAGE / "manifest.yml").exists()
"""Whether this is an installed wheel. ``bot.wheel`` puts into the package what lies beside ``app.py`` in a checkout."""


def shipped(name: str) -> Path:
    """Where the folder of migrations or Slack's manifest is, in a checkout or installed."""
    return (_PACKAGE if INSTALLED else _PACKAGE.parent) / name

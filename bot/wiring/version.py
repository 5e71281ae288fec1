"""Which version this is, as pyproject.toml beside app.py has it."""

from __future__ import annotations

import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def version() -> str:
    """The version's number."""
    return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])

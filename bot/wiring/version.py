"""Which version this is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version as installed_version

from bot import INSTALLED, shipped


@cache
def version() -> str:
    """The version's number: the installed one's, or what pyproject.toml beside app.py had when first asked."""
    if INSTALLED:
        return installed_version("flosum-assistant")
    import tomllib

    return str(tomllib.loads(shipped("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])

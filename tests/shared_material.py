"""The judged texts and the error catalogue that lie beside the repository where it is developed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared"


def lines(name: str) -> list[dict[str, object]]:
    """The rows of an examples file; the test is skipped, visibly, where the file is absent."""
    return [json.loads(line) for line in _text(f"examples/{name}").splitlines() if line.strip()]


def catalogue() -> list[dict[str, object]]:
    """The rows of the error catalogue; the test is skipped, visibly, where it is absent."""
    rows: list[dict[str, object]] = json.loads(_text("reference/errors.json"))
    return rows


def _text(name: str) -> str:
    path = _SHARED / name
    if not path.is_file():
        pytest.skip(f"needs the shared file {name}, which is not beside this repository")
    return path.read_text(encoding="utf-8")

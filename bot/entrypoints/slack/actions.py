"""What was pressed or chosen, as Slack sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def said_by(action: Mapping[str, Any]) -> str:
    """What a button says, or the line that was chosen from a menu."""
    chosen = action.get("selected_option") or {}
    return str(action.get("value") or chosen.get("value") or "")

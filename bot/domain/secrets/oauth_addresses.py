"""The one-time values of OAuth addresses: ``code`` and ``state``."""

from __future__ import annotations

import re

from bot.domain.secrets import MASK, Secret, Span
from bot.domain.secrets.values import looks_random

_OAUTH_VALUE = re.compile(
    r"(?:(?<=[?&#;\s\"'(])|(?<=%3F)|(?<=%26)|(?<=%3f)|(?<=u0026)|^)(code|state)(?:=|%3D)"
    r"((?:[^\s%&\"'<>#\\;,)`]|%(?!26))+)",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\d{1,4}")  # what went wrong, as in code=404
_SEPARATORS = ("?", "&", "#", ";", "%3F", "%3f", "%26", "u0026")
"""What stands in an address before the name of a value."""

_OAUTH_CUES = (
    *("oauth", "redirect_uri", "client_id", "error_description", "response_type", "callback", "remoteaccess"),
    *("grant_type", "state=", "state%3d"),
)


def oauth_values(text: str) -> list[Span]:
    """Values of ``code`` and ``state`` in OAuth addresses; elsewhere only long ones with digits."""
    lowered = text.lower()
    if "code" not in lowered and "state" not in lowered:
        return []
    is_oauth = any(cue in lowered for cue in _OAUTH_CUES)
    spans: list[Span] = []
    for match in _OAUTH_VALUE.finditer(text):
        in_address = text[max(0, match.start() - 5) : match.start()].endswith(_SEPARATORS)
        if match.group(2) == MASK or _STATUS.fullmatch(match.group(2)):
            continue
        if (is_oauth and in_address) or looks_random(match.group(2)):
            spans.append((*match.span(2), Secret.AUTHORIZATION_CODE))
    return spans

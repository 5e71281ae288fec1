"""Patterns that are compiled when they are first looked for: compiling hundreds of them is a tenth of a start.

For what a start does not look for itself; the rest is as well off with ``re.compile``.
"""

from __future__ import annotations

import re
from typing import Any, cast

BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""Every letter that parts words; beyond the last of these there is none."""


class LatePattern:
    """Has all that a compiled pattern has, from the first time on that it is asked for any of it."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._source), name)
        self.__dict__[name] = found  # found without coming here from now on
        return found


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Like ``re.compile``, only that a pattern that is none is told where it is first looked for."""
    return cast("re.Pattern[str]", LatePattern(pattern, flags))

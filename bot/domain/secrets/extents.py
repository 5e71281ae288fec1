"""Where the value behind a name begins and ends: at the closing quotes, or where a bare one stops."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left

from bot.domain.patterns import late
from bot.domain.secrets import MASK
from bot.domain.secrets.values import has_digit, has_letter, judged

_CRY = late(r"[!?]{1,9}$")
_QUOTE_BEGINS = "\\\"'`“‘„«"
_QUOTE = late(r"\\{0,4}[\"'`]|[“‘„«]")
_CLOSING_OF = {"“": "”", "‘": "’", "„": "“", "«": "»"}
_BREAK = late(r"[\s\"'“”<>`]")
_BARE_END = late(  # where a value without quotes ends although no blank follows
    r"(?=[&%\\,;.)\]}:\u200b@])(?="
    r"&(?:amp;)?(?=(?-i:[a-z]{2,24}(?:_[a-z]{1,24}){0,3}|[a-z]{3,24}(?:[A-Z][a-z]{2,24}){1,3})=)|%26(?=[\w.-]{1,40}(?:%3D|=))|\\u0026|\\n|\\r|\\t|\\\"|&quot;|&lt;(?=/)"
    r"|%22(?=%2C|%7D|%5D|[,&]|$)|%7D$"
    r"|[,;)\]}]{1,9}(?=[\"']?(?-i:[a-z_]{3})[\w-]{0,40}[\"']?[=:])|[,;.)\]}:\u200b]{1,9}$"
    r"|;(?=(?-i:[A-Z][a-z]{2,24}(?:[A-Z ][A-Za-z]{1,24}){0,3})=)"
    r"|@(?=[\w-]{2,60}(?:\.[\w-]{2,60}){0,5}\.[a-z]{2,10}$)"
    r")",
    re.IGNORECASE,
)


_TELLING = late(r"[^\W_a-z]")  # small letters alone are a secret only right behind its name
QUOTED = 3_000  # letters; a value between quotes is seldom longer
_NO_VALUE = (-1, -1, False)


class Extents:
    """The values of one text. What ends them is found once for all names, so that a line full of names costs little."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks: list[int] = []
        self._ends: dict[int, tuple[int, int]] = {}
        self._closings: dict[str, list[int]] = {}
        self._telling = -1
        self._last = -1, _NO_VALUE
        self.is_far = False  # whether quotes of a value close farther away than QUOTED, or nowhere

    def is_told(self, start: int, within: int) -> bool:
        """Whether so many letters hold one that a secret some steps from its name needs. Asked from left to right."""
        if self._telling < start:
            telling = _TELLING.search(self._text, start)
            self._telling = telling.start() if telling else sys.maxsize
        return self._telling < start + within

    def at(self, start: int) -> tuple[int, int, bool]:
        """Where the value begins and ends, and whether quotes enclose it."""
        if self._last[0] != start:
            self._last = start, self._at(start)
        return self._last[1]

    def _at(self, start: int) -> tuple[int, int, bool]:
        quote = _QUOTE.match(self._text, start) if self._text[start : start + 1] in _QUOTE_BEGINS else None
        if quote is not None:
            start = quote.end()
            end = self._closing(start, _CLOSING_OF.get(quote.group(), quote.group()))
            if end >= 0:
                return start, end, True
        return start, self._bare_end(start), False

    def _closing(self, start: int, mark: str) -> int:
        """Where the quotes close, past escaped ones; -1 where they do not."""
        if mark not in self._closings:
            closing = re.compile(rf"(?<!\\){mark}" if len(mark) == 1 else re.escape(mark))
            self._closings[mark] = [match.start() for match in closing.finditer(self._text)]
        places = self._closings[mark]
        found = bisect_left(places, start)
        end = places[found] if found < len(places) else -1
        self.is_far |= not 0 <= end - start <= QUOTED
        return end

    def _bare_end(self, start: int) -> int:
        if self._text.startswith(MASK, start):
            return start + len(MASK)
        end = self._next_end(start)
        return start + self._without_cry(start, end) if self._text[end - 1 : end] in ("!", "?") else end

    def _next_end(self, start: int) -> int:
        """The next place, between the blanks or quotes around one, at which a bare value ends.

        Where the one found last in there is still the next one, it is not sought again.
        """
        if not self._breaks:
            self._breaks = [-1, *(match.start() for match in _BREAK.finditer(self._text)), len(self._text)]
        around = bisect_left(self._breaks, start)
        since, end = self._ends.get(around, (0, -1))
        if not since <= start < end:
            last = self._breaks[around]
            found = _BARE_END.search(self._text, start + 1, last)
            end = found.start() if found else last
            self._ends[around] = start, end
        return end

    def _without_cry(self, start: int, end: int) -> int:
        """A value's length without a sentence's ``!`` or ``?``; of letters and digits they may be its own."""
        cry = _CRY.search(self._text, max(start, end - 9), end)
        if cry is None:
            return end - start
        value = judged(self._text, start, end)
        return end - start if has_digit(value) and has_letter(value) else cry.start() - start or end - start

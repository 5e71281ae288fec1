"""Secrets that a name announces: ``client_secret=…``, ``"password": "…"``, ``--token …``, ``<password>…``."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Sequence

from bot.domain.patterns import late
from bot.domain.secrets import MASK, Secret, Span
from bot.domain.secrets.extents import QUOTED, Extents
from bot.domain.secrets.names import NAME, folded, in_error_code, is_parsers, is_refused, is_weak, kind_of, may_be_named
from bot.domain.secrets.near_name import REACH, secret_near
from bot.domain.secrets.values import has_digit, is_marked, is_placeholder, is_too_plain, judged

_SPOKEN = frozenset((Secret.PASSWORD, Secret.SECURITY_TOKEN, Secret.CONSUMER_SECRET))  # "my password is …"
_VERBS = ("is", "was", "lautet", "ist")
_BETWEEN = late(
    r"(?:\\{0,4}[\"'”’`*_])?[ \t\u200b]{0,3}"
    r"(=>|:=|==?|[:：]|\||%(?:25)?3[DdAa]|\\u003[dD]|&#61;|>|&gt;|(?:is|was|lautet|ist)(?=[ :]))"
    r"[ \t\u200b:*]{0,4}(?:\r?\n[ \t>]{0,4}(?=[^\s\d]*+\d\S*+[ \t]{0,4}(?:\n|$)))?(?:u(?=[\"']))?"
)
_OPTION = late(r"[ \t\u200b]{1,3}(?![-|&])()")
_IN_OPTION = late(r"(?:^|\s)--?[\w-]{0,24}\Z")
_IN_TAG = late(r"(?:<|&lt;)(?:[\w.-]{1,16}:)?\w{0,12}$")
_MORE_WORDS = late(rf"[,;.:]?[ \t]+(?:[\w(\"'-]|{re.escape(MASK)})")  # a mask is like what it stands for
_BEFORE = 40  # letters; more than is looked at before a name, and a mask
_FARTHEST = REACH + QUOTED + 100  # and what stands at its end: the rest of a run of letters, and the blanks behind it
_RUN = late(r"\s+|\S+")
_BLOCK = late(r"[|>][-+]?$")  # a YAML sign: the value follows in the next line


class NamedSecrets:
    """The values that names announce as secret, in one text that is masked round by round.

    What was no secret in one round is none in the next unless the letters that this was told by have changed. So from
    the second round on only names with a new mask so near that they can have changed are looked at.
    """

    def __init__(self) -> None:
        self._is_first = True
        self._is_far = False

    def found(self, text: str, masks: Sequence[int]) -> list[Span]:
        """The places of the values, with their kinds. ``masks``: where those of the round before begin."""
        if not may_be_named(text):
            return []
        spans: list[Span] = []
        extents, letters = Extents(text), folded(text)
        reach = sys.maxsize if self._is_first or self._is_far else _FARTHEST + 2 * max(map(len, _RUN.findall(text)))
        at = 0
        while name := NAME.search(letters, at):
            at = name.end()
            span = _span(text, name, extents) if self._is_first or _is_near(masks, name, reach) else None
            if span is not None:
                spans.append(span)
                at = max(at, span[1])
        self._is_first, self._is_far = False, self._is_far or extents.is_far
        return spans


def _is_near(masks: Sequence[int], name: re.Match[str], reach: int) -> bool:
    """Whether a mask stands close before a name or within reach behind it."""
    following = bisect_left(masks, name.start() - _BEFORE)
    return following < len(masks) and masks[following] <= name.end() + reach


def _span(text: str, name: re.Match[str], extents: Extents) -> Span | None:
    span = _value(text, name, extents) or (None if is_weak(name) else secret_near(text, name, extents))
    return None if span is None or is_parsers(name) else span


def _value(text: str, name: re.Match[str], extents: Extents) -> Span | None:
    """The value right behind a name and a sign."""
    kind = kind_of(name)
    between = _BETWEEN.match(text, name.end()) or _option(text, name)
    if between is None or not _opens(text, name, sign := between[1], kind):
        return None
    start, end, quoted = extents.at(between.end())
    value = judged(text, start, end)
    if not value or not (quoted or _is_said(text, value, end, sign)) or in_error_code(name):
        return None
    if is_too_plain(value, kind) or is_placeholder(value, text[name.start() : name.end()], quoted=quoted):
        return None
    if (is_refused(name) or is_weak(name)) and not is_marked(value, kind):
        return None
    return start, end, kind


def _option(text: str, name: re.Match[str]) -> re.Match[str] | None:
    """The blank after a command line option such as ``--client-secret``."""
    before = text[max(0, name.start() - 30) : name.start()]
    return _OPTION.match(text, name.end()) if "-" in before and _IN_OPTION.search(before) else None


def _opens(text: str, name: re.Match[str], sign: str, kind: Secret) -> bool:
    """Whether what follows the name opens a value: ``>`` does inside a tag, *is* does after a spoken name."""
    if sign in (">", "&gt;"):
        return _IN_TAG.search(text[max(0, name.start() - 24) : name.start()]) is not None
    return kind in _SPOKEN or sign not in _VERBS


def _is_said(text: str, value: str, end: int, sign: str) -> bool:
    """Whether a bare value is one after its sign: no word after *is*, no sentence after a colon."""
    if value[0] in "|>" and _BLOCK.match(value):
        return False
    if sign in _VERBS or sign == "|":
        return not value.isalpha() and any(map(str.isalnum, value)) and (sign != "|" or has_digit(value))
    return sign not in (":", "：", "") or not _is_prose(text, value, end)


def _is_prose(text: str, value: str, end: int) -> bool:
    """Whether a bare value after a colon begins a sentence: a plain word with more words after it."""
    if not value.replace("-", "").isalpha() or not (value.islower() or value.istitle() or value.isupper()):
        return False
    return _MORE_WORDS.match(text, end) is not None

"""Secrets that a file's structure ties to their name: it stands behind them, or some lines above."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.patterns import late
from bot.domain.secrets import Secret, Span
from bot.domain.secrets.names import NAME, folded, kind_of
from bot.domain.secrets.values import is_marked, is_placeholder

# All of these look at small letters: a pattern that ignores case takes twice as long.
_QUOTE = r"\\{0,4}[\"']"
_VALUE_FIRST = late(  # Postman and Spring: {"value": …, "key": "password"}
    rf"\bvalue(?:{_QUOTE})?\s{{0,3}}[:=]\s{{0,3}}{_QUOTE}(?P<secret>[^\"'\\<>\n]{{4,}}){_QUOTE}"
    rf"[^{{}}<>]{{0,120}}?(?:\b|{_QUOTE})(?:key|name|id)(?:{_QUOTE})?\s{{0,3}}[:=]\s{{0,3}}{_QUOTE}(?P<name>[^\"'\\\n]{{2,80}})"
)
_DEFAULT = late(  # Terraform
    r"\bvariable\s{1,3}\"(?P<name>[\w-]{2,80})\"\s{0,3}\{[^{}]{0,300}?\bdefault\s{0,9}=\s{0,9}\"(?P<secret>[^\"\n]{2,})\""
)
_BECOMES = late(  # what a plan of Terraform's changes a value to
    r"\"[^\"\n]{0,400}\"\s{1,9}->\s{1,9}\"(?P<secret>[^\"\n]{2,})\""
)
_BYTES = late(  # of Windows' registry
    r"=\s{0,3}hex(?:\([0-9a-f]\))?:(?P<secret>(?:[0-9a-f]{2},?(?:\\\r?\n[ \t]{0,8})?){4,})"
)
_KIND_SECRET = late(rf"\bkind(?:{_QUOTE})?\s{{0,3}}:\s{{0,3}}(?:{_QUOTE})?secret(?:list)?(?![a-z])")  # Kubernetes
_DATA = late(r"(?m)^([> \t]*)(?:- )?(?:string)?data:[ \t]*\r?\n((?:\1[ \t]+\S[^\n]*(?:\n|\Z))+)")
_LINE_OF_DATA = late(
    r"(?m)^[> \t]*(?:[\w.-]{1,80}:[ \t]*)?(?![|>][-+]?[ \t]*\r?$)([^\s\"'{][^\n]{2,}?|\"[^\"\n]+\")[ \t\r]*$"
)
_DATA_IN_JSON = late(rf"{_QUOTE}(?:string)?data{_QUOTE}\s{{0,3}}:\s{{0,3}}\{{([^{{}}]*)\}}")
_PAIR_OF_DATA = late(rf":\s{{0,3}}{_QUOTE}([^\"'\\\n]{{4,}}){_QUOTE}")
_LINE = 160  # letters of a line in which a name is looked for


def secrets_by_structure(text: str) -> Iterator[Span]:
    """The places of values, with the kind that a name elsewhere tells."""
    letters = folded(text)
    for piece, pattern, kind_of_match in _RULES:
        if piece in letters:
            for match in pattern.finditer(letters):
                kind, place = kind_of_match(match), match.span("secret")
                if kind is not None and _is_value(text[slice(*place)], kind):
                    yield *place, kind
    if "data" in letters and _KIND_SECRET.search(letters):
        yield from _of_kubernetes(letters)


def _is_value(value: str, kind: Secret) -> bool:
    return is_marked("".join(value.split()), kind) and not is_placeholder(value, kind, quoted=True)


def _kind_beside(match: re.Match[str]) -> Secret | None:
    return _kind_at_end(match["name"])


def _kind_at_end(name: str) -> Secret | None:
    """The kind of secret that a whole name is of; none where it goes on, as in *password policy*."""
    found = [each for each in NAME.finditer(name) if each.end() == len(name)]
    return kind_of(found[0]) if found else None


def _kind_before(match: re.Match[str]) -> Secret | None:
    """The kind that the last name tells that stands before a match in its line."""
    letters, end = match.string, match.start()
    start = max(letters.rfind("\n", 0, end) + 1, end - _LINE)
    found = list(NAME.finditer(letters, start, end))
    return kind_of(found[-1]) if found else None


_RULES = (
    ("value", _VALUE_FIRST, _kind_beside),
    ("default", _DEFAULT, _kind_beside),
    ("->", _BECOMES, _kind_before),
    ("hex", _BYTES, _kind_before),
)


def _of_kubernetes(letters: str) -> Iterator[Span]:
    """All that a Secret of Kubernetes' holds, whatever it is called: base64 hides it from nobody."""
    for data in _DATA.finditer(letters):
        for line in _LINE_OF_DATA.finditer(letters, *data.span(2)):
            yield *line.span(1), Secret.OTHER_TOKEN
    for data in _DATA_IN_JSON.finditer(letters):
        for pair in _PAIR_OF_DATA.finditer(letters, *data.span(1)):
            yield *pair.span(1), Secret.OTHER_TOKEN

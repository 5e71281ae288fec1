"""Secrets that stand some steps behind their name: *security token XYZ*, the line after a label, the next cell.

From the name the walk goes over what may stand between (blanks, signs, a line's end, tags, a few words) to the first
thing that is none of it. The weaker the ties, the less that thing may look like a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.patterns import late
from bot.domain.secrets import Span
from bot.domain.secrets.extents import Extents
from bot.domain.secrets.names import NAME, in_error_code, kind_of
from bot.domain.secrets.values import is_marked, is_placeholder, is_too_plain, is_unguessable, judged

_STEPS = 16
_WORDS = 4
REACH = 3_000  # letters; more than a name's suffix, as many joints as there are steps, and what of a value is judged
# These four look at small letters: a pattern that ignores case takes twice as long.
_SUFFIX = late(
    r"s?(?:(?:[_.-]?(?!id|type|ur[li]|name|length|expir|count|policy|hint|version|format|status|error|max|min)"
    r"[a-z0-9]{1,36}+){0,3}(?![a-z0-9]))"
)
_IN_SUFFIX = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.-")
_JOINT = late(  # the groups are at the ends, because one at its beginning hides how a branch begins
    r"[ \t\u200b]{1,16}(?P<gap>)"
    r"|(?:\r?\n|\\r\\n|\\n|<br\s?/?>)[ \t\u200b]{0,12}(?:(?:>|&gt;|[|*•-])[ \t\u200b]{1,4}"
    r"|\+[ \t\u200b]{0,12}){0,2}"
    r"(?:(?:copy|show|hide|reveal|view|kopieren|copier|copiar)[ \t]{0,3}(?=\r?\n|\\n))?(?P<line>)"
    r"|\\t(?P<tab>)"
    r"|```\w{0,8}(?P<fence>)"
    r"|,?[ \t\u200b]{0,3}\\?[\"']?value\\?[\"']?[ \t\u200b]{0,3}[:=](?P<value>)"
    r"|:[ \u200b]{0,3}[a-z_][\w.\[\]| ]{0,24}[\w\]][ \u200b]{0,3}=(?!=)(?P<typed>)"
    r"|(?:</?[a-z][\w:.-]{0,20}(?:\s[^<>\n]{0,60})?/?>|&lt;/?[a-z][\w:.-]{0,20}&gt;|(?<=[\"'])/?>"
    r"|>(?=[^<>\s]++</)|&gt;(?=[^\s&]++&lt;/))(?P<tag>)"
    r"|(?:=>|:=|==?|[:：＝]|\\uff1a|%(?:25)?3d|\\u003d|&#61;)"
    r"(?:[ \t\u200b]{0,4}[|>][-+]?[ \t]{0,2}(?=\r?\n|\\n))?(?P<sign>)"
    r"|(?:(?:is|was|lautet|ist|es|est|é)(?=[ \t\u200b:])|は)(?P<verb>)"
    r"|(?:->|→|-&gt;|[–—|,]|â€[“”\"]|\\u201[34]|\\u2192|-{1,2}(?=[ \t\u200b]))(?P<dash>)"
    r"|(?:\([a-z]{1,16}(?:[ ,./'’-]{1,2}[a-z]{1,16}){0,6}\)|['’]s(?=[ \t]))(?P<remark>)"
    r"|(?:\\{0,4}[\"'”’](?=[\s\u200b:=,>)\]]|\\)|[`*_~)\]](?=[\s\u200b:=`*_~]|\\)|\((?=[^\s()]{6,}+\)))(?P<mark>)"
)
_WORD = late(r"[^\W\d_]{1,16}+(?:-[^\W\d_]{1,12}+)?(?=[\s\u200b:]|\\n)")
_TIES = frozenset(("sign", "verb", "value", "tag", "typed"))
_LINE_ENDS = late(r"[\"'`“”»)]{0,3}[ \t\u200b]{0,8}(?:\||\r?\n|\\n|\\r|<|\"?\}|$)")


@dataclass(slots=True)
class _Walk:
    """Where the walk is, and what it went over."""

    at: int
    words: int = 0
    tied: bool = False
    spoken: bool = False
    new_line: bool = False
    apart: bool = False


def secret_near(text: str, name: re.Match[str], extents: Extents) -> Span | None:
    """The secret that a name announces from some steps away, if there is one."""
    if not extents.is_told(name.end(), REACH):
        return None
    letters, start = name.string, _behind(text, name)
    if start is None:
        return None
    walk = _Walk(at=start)
    for _ in range(_STEPS):
        if joint := _JOINT.match(letters, walk.at):
            _go_over(walk, joint)
        elif (word := _WORD.match(letters, walk.at)) and _may_pass(walk, word, letters):
            walk.at, walk.words = word.end(), walk.words + 1
        else:
            return _found(text, walk, name, extents) if walk.at > start else None
    return None


def _behind(text: str, name: re.Match[str]) -> int | None:
    """Where what belongs to the name ends (``password_uat``, ``tokens``); nothing where it is part of another word."""
    letters, end = name.string, name.end()
    if text[name.start() - 1 : name.start()].isalpha() and text[slice(*name.span())] == "sid":
        return None
    if end < len(letters) and letters[end] not in _IN_SUFFIX:
        return end
    suffix = _SUFFIX.match(letters, end)
    if suffix is None or (suffix.group() and NAME.search(letters, end, suffix.end())):
        return None
    return suffix.end()


def _go_over(walk: _Walk, joint: re.Match[str]) -> None:
    walk.at = joint.end()
    kind = joint.lastgroup
    walk.tied |= kind in _TIES
    walk.spoken = kind == "verb" or (walk.spoken and kind not in _TIES)
    walk.new_line |= kind == "line"
    walk.apart |= kind == "dash"


def _may_pass(walk: _Walk, word: re.Match[str], letters: str) -> bool:
    """Whether a word may stand between: a few before the sign, none in a new line, none that names another secret."""
    if walk.new_line or walk.apart or walk.words >= _WORDS or NAME.search(letters, walk.at, word.end()):
        return False
    return not walk.tied or walk.spoken


def _found(text: str, walk: _Walk, name: re.Match[str], extents: Extents) -> Span | None:
    kind = kind_of(name)
    start, end, quoted = extents.at(walk.at)
    value = judged(text, start, end)
    is_secret = is_marked if _is_close(text, walk, name, end) else is_unguessable
    if not value or not is_secret(value, kind):
        return None
    if is_placeholder(value, text[slice(*name.span())], quoted=quoted) or is_too_plain(value, kind):
        return None
    return start, end, kind


def _is_close(text: str, walk: _Walk, name: re.Match[str], end: int) -> bool:
    """Whether a value that ends there is tied to its name, in a new line as all that stands in it."""
    if not walk.tied or walk.words or in_error_code(name):
        return False
    return not walk.new_line or _LINE_ENDS.match(text, end) is not None

"""Whether a log tells, behind its error, of a login that went well. Chosen by hand; nothing has been measured."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.answers.humanize import shortened
from bot.domain.answers.markup import literal
from bot.domain.patterns import late

_LOGIN = (
    r"(?:re-?)?(?:log(?:ged)?[ _-]?(?:in|on)|sign(?:ed)?[ _-]?in|authenticat(?:ed|ion)|authori[sz](?:ed|ation)|oauth|"
    r"connect(?:ed|ion)|session|token(?: refresh)?)"
)
_WELL = r"(?:succe(?:eded|ss|ssful|ssfully)|ok|established|restored|recovered|refreshed|renewed|works|working)"
_WENT_WELL = late(
    rf"(?<!\w)(?:{_LOGIN}\W{{1,9}}(?:\w+\W{{1,9}}){{0,7}}?{_WELL}|{_WELL}\W{{1,9}}(?:\w+\W{{1,9}}){{0,2}}?{_LOGIN}|"
    r"(?:logged|signed) in(?:to)? (?:as|to)|authenticated as)(?!\w)",
    re.IGNORECASE,
)
_NOT = late(
    r"\?|[=:]\W{0,3}(?:false|no|0)(?!\w)|(?<!\w)(?:"
    r"not|no|never|without|un(?:able|success\w*|authori[sz]ed|expected)|fail\w*|error\w*|refus\w*|den(?:y|ied)|"
    r"invalid\w*|expire\w*|cannot|"
    r"\w+n['’]t|if|when|once|until|unless|should|must|will|would|can|could|may|try\w*|retry\w*|attempt\w*|wait\w*)(?!\w)",
    re.IGNORECASE,
)
_SHOWN = 120


def recovery(text: str, is_error: Callable[[str], bool]) -> str:
    """What to say of a log with an error where its last login went well, as far as one line tells; else "".

    ``is_error``: whether a text tells of an error. Nothing is said where one comes later, or in the same line.
    """
    lines = text.splitlines()
    at = next((at for at in range(len(lines) - 1, 0, -1) if _tells(lines[at])), None)
    if at is None or is_error("\n".join(lines[at:])):
        return ""
    line = literal(shortened(" ".join(lines[at].split()), _SHOWN))
    return f"Further down it says “{line}”. If that is the same login, this is over."


def _tells(line: str) -> bool:
    return bool(_WENT_WELL.search(line)) and not _NOT.search(line)

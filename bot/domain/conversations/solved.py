"""Whether an edited message says that its trouble is over. Chosen by hand; nothing has been measured."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from bot.domain.patterns import late

_WORKS = r"(?:it |all |that )?(?:works|working)(?: fine)?(?: now| again)"
_MENDED_ALONE = (
    r"(?:re)?solved|fixed|sorted(?: out)?|no longer (?:happens|an issue)|"
    r"gelöst|behoben|erledigt|résolue?|réparée?|resuelto|solucionado|resolvido|risolto|opgelost|"
    r"解決(?:済み?|しました|した)?|已解决|해결(?:됨|했습니다|됐습니다)?"
)
_MENDED = rf"{_MENDED_ALONE}|{_WORKS}|(?:it'?s |is |are )?all good"
_DROPPED = r"never ?mind|nvm|false alarm"
_OVER = rf"{_MENDED}|{_DROPPED}"
_WHOLE_DROPPED = (
    r"forget (?:it|this|that|about it)|ignore(?: (?:it|this|that|me))?|disregard(?: (?:it|this|that))?|"
    r"(?:my|user) (?:bad|mistake|fault|error)|no longer needed"
)
_WHOLE = late(
    r"(?:(?:ok|okay|sorry|oh|ah|edit|update|please|pls|and|i|we|it(?:'?s)?|is|now|all|just)\W+)*"
    rf"(?:done|{_WHOLE_DROPPED}|"
    r"(?:have |'ve )?got it (?:working|to work|fixed|sorted|solved)|(?:have |'ve )?(?:figured|worked) it out|"
    r"found (?:it|the (?:cause|problem|issue))|gone(?: away)?|"
    r"(?:the )?(?:problem|issue|error) (?:is )?gone|went away)"
    r"(?:\W+(?:now|again|thanks?|thank you|thx|all|everyone|please|sorry|tada|\w*check\w*))*\W*",
    re.IGNORECASE,
)
"""What says so where it is all that a line says."""

_SAYS_OVER = late(rf"(?<!\w)(?:{_OVER})(?!\w)", re.IGNORECASE)
_SAYS_DROPPED = late(rf"(?<!\w)(?:{_DROPPED}|{_WHOLE_DROPPED})(?!\w)", re.IGNORECASE)
_SAYS_MENDED = late(rf"(?<!\w)(?:{_MENDED})(?!\w)", re.IGNORECASE)
_BEGINS_OVER = late(rf"\W*(?:(?:edit|update)\W+)?(?:(?:it'?s|is|now|all)\W+)*(?:{_OVER})(?!\w)", re.IGNORECASE)
_MARKED = late(r"\W*(?:(?:re)?solved|fixed|gelöst|behoben|erledigt)\s*[\])}*_~]*\s*(?:[\])}:!]|[-–—] )", re.IGNORECASE)
_ENDS_OVER = late(
    r"(?:(?<=\s)[-–—:|/=>→•·(\[{*_]+\s*|[.,;!…)\]}*_`\"'”’]\s+|\s(?=(?:edit|update|status)\s*[:=]))"
    r"(?:(?:edit|update|status)\W+)?(?:(?:it'?s|it is|is|this|that|now|all|but|and|already|since)\W+)*"
    rf"(?:{_MENDED_ALONE}|{_WORKS}|all good now|{_DROPPED})"
    r"(?:\W+(?:now|again|today|already|meanwhile|finally|since|it|by \W*\w+))*"
    r"(?:\W+(?:thanks?|thank you|thx|ty|cheers|sorry|danke|merci|gracias|obrigad[oa])(?:\W+\w+){0,3})?"
    r"(?:[^\w?]|:\w+:)*$",
    re.IGNORECASE,
)
"""A remark behind an error in its line, set apart from it: "… - solved", "… (fixed by Ben)", "… . Works now"."""

_NOT = late(
    r"\?|(?<!\w)(?:not|no one|nobody|never(?! ?mind)|cannot|\w+n['’]t|without|unable|fail\w*|how|when|if|once|until|"
    r"unless|should|must|needs?|will|can|could|nicht|pas|try(?:ing)?|hop(?:e|ing)|thought|think|still|almost|yet)(?!\w)",
    re.IGNORECASE,
)
_CHECKS = ("✅", "✔", "☑", ":white_check_mark:", ":heavy_check_mark:", ":ballot_box_with_check:")
_STRUCK = late(r"\s*~[^~]+~\s*")

_SHORT, _SHORTEST = 9, 5  # words of a line that says nothing else
_REMARK = 160  # letters at the end of a line that may be a remark


class Ending(StrEnum):
    """How a trouble ended, as far as whoever told of it says."""

    SOLVED = "solved"
    TAKEN_BACK = "taken back"


def ending(text: str) -> Ending | None:
    """How a text without an error says that it ended, in a line that says little else."""
    lines = _lines(text)
    told = [line for line in lines if _is_over(line, _SHORT) and (_SAYS_OVER.search(line) or _WHOLE.fullmatch(line))]
    return _how(told) if told else marked_ending(text)


def marked_ending(text: str) -> Ending | None:
    """How a text that still shows its error is marked as over: at its beginning or end, or by striking it out."""
    lines = _lines(text)
    if not lines:
        return None
    ends = (lines[0], lines[-1])
    told = [line for line in ends if _is_over(line, _SHORTEST) and _BEGINS_OVER.match(line)]
    told += [remark[0] for line in ends if (remark := _ENDS_OVER.search(line[-_REMARK:]))]
    if told or _MARKED.match(lines[0]):
        return _how(told)
    if lines[0].startswith(_CHECKS) or lines[-1].endswith(_CHECKS):
        return Ending.SOLVED
    return Ending.TAKEN_BACK if all(_STRUCK.fullmatch(line) for line in lines) else None


def _how(told: Sequence[str]) -> Ending:
    """Who only lets go of a trouble does not say that it is solved."""
    is_dropped = any(map(_SAYS_DROPPED.search, told)) and not any(map(_SAYS_MENDED.search, told))
    return Ending.TAKEN_BACK if is_dropped else Ending.SOLVED


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_over(line: str, words: int) -> bool:
    return len(line.split(maxsplit=words)) <= words and not _NOT.search(line)

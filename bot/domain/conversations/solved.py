"""Whether an edited message says that its trouble is over. Chosen by hand; nothing has been measured."""

from __future__ import annotations

import re

from bot.domain.patterns import late

_OVER = (
    r"(?:re)?solved|fixed|sorted(?: out)?|(?:it |all |that )?(?:works|working)(?: fine)?(?: now| again)|"
    r"never ?mind|nvm|false alarm|(?:it'?s |is |are )?all good|no longer (?:happens|an issue)|"
    r"gelöst|erledigt|résolue?|resuelto|resolvido|解決"
)
_WHOLE = late(
    r"(?:(?:ok|okay|sorry|oh|ah|edit|update|please|pls|and|i|we|it(?:'?s)?|is|now|all|just)\W+)*"
    r"(?:done|forget (?:it|this|that|about it)|ignore(?: (?:it|this|that|me))?|disregard(?: (?:it|this|that))?|"
    r"(?:have |'ve )?got it (?:working|to work|fixed|sorted|solved)|(?:have |'ve )?(?:figured|worked) it out|"
    r"found (?:it|the (?:cause|problem|issue))|(?:my|user) (?:bad|mistake|fault|error)|no longer needed|gone(?: away)?|"
    r"(?:the )?(?:problem|issue|error) (?:is )?gone|went away)"
    r"(?:\W+(?:now|again|thanks?|thank you|thx|all|everyone|please|sorry|tada|\w*check\w*))*\W*",
    re.IGNORECASE,
)
"""What says so where it is all that a line says."""

_SAYS_OVER = late(rf"(?<!\w)(?:{_OVER})(?!\w)", re.IGNORECASE)
_BEGINS_OVER = late(rf"\W*(?:(?:edit|update)\W+)?(?:(?:it'?s|is|now|all)\W+)*(?:{_OVER})(?!\w)", re.IGNORECASE)
_MARKED = late(r"\W*(?:(?:re)?solved|fixed|gelöst|erledigt)\s*[\])}*_~]*\s*(?:[\])}:!]|[-–—] )", re.IGNORECASE)
_NOT = late(
    r"\?|(?<!\w)(?:not|no one|nobody|never(?! ?mind)|cannot|\w+n['’]t|without|unable|fail\w*|how|when|if|once|until|"
    r"unless|should|must|needs?|will|can|could|nicht|pas|try(?:ing)?|hop(?:e|ing)|thought|think|still|almost|yet)(?!\w)",
    re.IGNORECASE,
)
_CHECKS = ("✅", "✔", "☑", ":white_check_mark:", ":heavy_check_mark:", ":ballot_box_with_check:")
_STRUCK = late(r"\s*~[^~]+~\s*")

_SHORT, _SHORTEST = 9, 5  # words of a line that says nothing else


def says_solved(text: str) -> bool:
    """Whether a text without an error says so, in a line that says little else."""
    lines = _lines(text)
    says = any(_is_over(line, _SHORT) and (_SAYS_OVER.search(line) or _WHOLE.fullmatch(line)) for line in lines)
    return says or is_marked_solved(text)


def is_marked_solved(text: str) -> bool:
    """Whether a text that still shows its error is marked so: at its beginning or end, or by striking it out."""
    lines = _lines(text)
    if not lines:
        return False
    ends = (lines[0], lines[-1])
    if any(_is_over(line, _SHORTEST) and _BEGINS_OVER.match(line) for line in ends):
        return True
    is_checked = lines[0].startswith(_CHECKS) or lines[-1].endswith(_CHECKS)
    return is_checked or bool(_MARKED.match(lines[0])) or all(_STRUCK.fullmatch(line) for line in lines)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_over(line: str, words: int) -> bool:
    return len(line.split(maxsplit=words)) <= words and not _NOT.search(line)

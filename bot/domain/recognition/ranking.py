"""What a sign that was found is worth: whose error the text shows, whether it shows one, how deep the cause lies."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

from bot.domain.recognition.guidance import Context, Sign, Whose
from bot.domain.recognition.pattern import NAMES, NEAR, is_code, is_mark
from bot.domain.recognition.pattern_index import Found
from bot.domain.recognition.tokens import STOP

SALESFORCE, SETUP, OTHERS = "(salesforce)", "(setup)", "(others)"
FOREIGN, UNRELATED = "(foreign)", "(unrelated)"
RETELLING, ANNOUNCING, TROUBLES = "(retelling)", "(announcing)", "(troubles)"
SUPPOSING, GENERAL = "(supposing)", "(general)"
SENTENCE_END = "(sentence end)"
LONG_TEXT = "(long text)"
SHORT = 60  # words; longer texts show more than they tell


def signs_of(context: Context) -> list[Sign]:
    """The context's words as signs, which lead to no entry."""
    ours = [Sign(SALESFORCE, text) for text in context.salesforce] + [Sign(SETUP, text) for text in context.setup]
    return ours + [
        Sign(mark, text, Whose.COMMON)
        for mark, texts in (
            (OTHERS, context.others),
            (FOREIGN, context.foreign),
            (UNRELATED, context.unrelated),
            (RETELLING, context.retelling),
            (ANNOUNCING, context.announcing),
            (SUPPOSING, context.supposing),
            (GENERAL, context.general),
            (SENTENCE_END, (STOP,)),
            (TROUBLES, context.troubles),
            (NAMES, context.names),
        )
        for text in texts
    ]


def marks_of(found: Sequence[Found], words: Sequence[str]) -> set[str]:
    """What a text of these words is about, beside its signs."""
    marks = {mark.sign.entry for mark in found if is_mark(mark.sign)}
    return marks | {LONG_TEXT} if _is_long(words) else marks


def _is_long(words: Sequence[str]) -> bool:
    """Whether a text is long; of the Chinese and Japanese letters that stand alone three make one word."""
    if len(words) < SHORT or len(words) >= 3 * SHORT:
        return len(words) >= SHORT
    letters = sum(1 for word in words if len(word) == 1 and not word.isascii())
    return len(words) - letters * 2 / 3 >= SHORT


def counting(found: Sequence[Found], marks: set[str]) -> list[Found]:
    """The signs that say something in a text with these marks, each judged in the sentences that it stands in."""
    everywhere = marks - {SUPPOSING, GENERAL}
    ends = sorted(start for mark in found if mark.sign.entry == SENTENCE_END for start in mark.starts)
    general, supposing = (_sentences(entry, found, ends) for entry in (GENERAL, SUPPOSING))
    counted = []
    for sign in found:
        own = {bisect(ends, start) for start in sign.starts}
        here = {GENERAL} if own & general else set()
        here |= {SUPPOSING} if own & supposing else set()
        if counts(sign.sign, everywhere | here):
            counted.append(sign)
    return counted


def _sentences(entry: str, found: Sequence[Found], ends: Sequence[int]) -> set[int]:
    """The numbers of the sentences that a mark stands in."""
    return {bisect(ends, start) for mark in found if mark.sign.entry == entry for start in mark.starts}


def is_everyday(sign: Sign) -> bool:
    """Whether a sign is of words that anybody uses, and not a code."""
    return sign.whose in (Whose.COMMON, Whose.TOLD) and not is_code(sign.text)


def counts(sign: Sign, marks: set[str]) -> bool:
    """Whether a sign says something, given whose error the text shows and whether it shows one at all."""
    if is_mark(sign):
        return False
    is_ours = SALESFORCE in marks or (SETUP in marks and OTHERS not in marks)
    if sign.whose is Whose.SALESFORCE:
        return True
    if ANNOUNCING in marks and not is_code(sign.text):
        return False
    if FOREIGN in marks:
        return False
    is_loose = sign.whose is not Whose.SHARED or NEAR in sign.text
    if GENERAL in marks and is_loose:
        return False
    if sign.whose is Whose.SHARED:
        return is_ours or OTHERS not in marks
    is_told = sign.whose is Whose.TOLD or is_code(sign.text)
    is_trouble = TROUBLES in marks or (is_told and marks.isdisjoint((LONG_TEXT, SUPPOSING)))
    return is_ours and is_trouble and UNRELATED not in marks


def as_printed(sign: Sign, readable: str) -> bool:
    """Whether a code in capitals stands in the text as Salesforce prints it; other vendors have it in small letters."""
    return not (is_code(sign.text) and sign.text.isupper()) or (
        sign.text in readable or sign.text.lower() not in readable
    )


def is_alone(found: Found, words: Sequence[str], readable: str) -> bool:
    """Whether a code of Salesforce's is most of the text, such as a message that is nothing else."""
    code = found.sign.text
    size = 1 + code.count("_")
    return is_code(code) and code.isupper() and code in readable and 2 * size > size + len(words) - 1


def named(found: Sequence[Found], marks: set[str], length: int) -> list[Found]:
    """Signs that are the very thing asked about: a code, or a phrase that is most of ``length`` words."""
    if not marks.isdisjoint((OTHERS, UNRELATED)):
        return []
    signs = [sign for sign in found if not is_mark(sign.sign)]
    return [sign for sign in signs if is_code(sign.sign.text) or 2 * sign.words >= length]


def ranked(signs: Sequence[Found]) -> list[Found]:
    """Signs of the deepest cause first; of equal ones the longest sign's, then the first in the text."""
    weight: dict[str, int] = {}
    depth: dict[str, float] = {}
    for found in signs:
        entry = found.sign.entry
        weight[entry] = max(weight.get(entry, 0), found.words)
        depth[entry] = max(depth.get(entry, 0), depth_of(found.sign))
    return sorted(signs, key=lambda found: (-depth[found.sign.entry], -weight[found.sign.entry], found.at))


def depth_of(sign: Sign) -> float:
    """How much a sign says of the cause: a description more than a code alone, everyday words least."""
    if sign.whose in (Whose.COMMON, Whose.TOLD):
        return sign.depth - 1.2
    return sign.depth - (0.5 if is_code(sign.text) else 0.0)

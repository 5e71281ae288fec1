"""Text to the guidance that fits, or silence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain import shapes
from bot.domain.guidance import Guidance, Sign, Whose
from bot.domain.hints import hints
from bot.domain.model import Entry, Kind, Recognition
from bot.domain.questions import Questions, is_question
from bot.domain.sign_index import Found, SignIndex
from bot.domain.signs import is_code, is_mark
from bot.domain.words import quick_words, raw_words

_SALESFORCE, _OTHERS, _UNRELATED = "(salesforce)", "(others)", "(unrelated)"
_RETELLING, _TROUBLES = "(retelling)", "(troubles)"
_OPENING = re.compile(r"\W{0,20}([A-Za-z]+)(?=[\s:(])")
_CUT = re.compile(r"\w(?:…|\.{3,4})?\s{0,10}$")
_END = 40  # letters at the end of a text that tell whether it was cut off
_LONG = 3_000  # words; in longer texts slips of the finger are not looked for
_SHORT = 60  # words; longer texts show more than they tell
_LONGEST = 40_000  # Slack's own limit for one message; what lies beyond is not looked at


class Matcher:
    """Recognises errors and questions. Holds no state between calls; safe to share between threads."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        context = guidance.context
        marks = [Sign(_SALESFORCE, text) for text in context.salesforce]
        for mark, texts in (
            (_OTHERS, context.others),
            (_UNRELATED, context.unrelated),
            (_RETELLING, context.retelling),
            (_TROUBLES, context.troubles),
        ):
            marks += [Sign(mark, text, Whose.COMMON) for text in texts]
        self._index = SignIndex((*guidance.signs, *marks))
        self._questions = Questions(guidance)
        self._codes = _codes(guidance)
        self._plain_codes = frozenset(code.lower() for code in context.codes)
        self._entries = {entry.id: entry for entry in guidance.entries}
        self._openings = frozenset(context.openings)

    def recognise(self, text: str, *, asked: bool) -> Recognition:
        """What ``text`` is.

        Overheard (``asked`` false) only a Salesforce authentication error counts. Asked, a question about the
        guide counts too, and where nothing answers ``nearest`` names the two nearest sections.
        """
        readable = shapes.plain(text[:_LONGEST])
        if not asked and not self._index.may_hold(quick_words(readable)):
            return Recognition(None)
        words = self._index.spelled(raw_words(readable))
        is_cut = _CUT.search(readable[-_END:]) is not None
        found = self._index.find(words, is_cut=is_cut)
        marks = _marks(found)
        if not asked and self._is_retelling(readable, words, marks):
            return Recognition(None)
        signs = [sign for sign in found if _counts(sign.sign, marks)]
        if not signs and len(words) < _LONG and (_SALESFORCE in marks or self._index.is_near(words)):
            found = self._index.find(self._index.corrected(words), is_cut=is_cut)
            signs = [sign for sign in found if _counts(sign.sign, _marks(found))]
        if asked:
            return self._asked(readable, words, signs, found)
        return self._recognition(signs, words, readable) if signs else Recognition(None)

    def _asked(
        self, readable: str, words: Sequence[str], signs: Sequence[Found], found: Sequence[Found]
    ) -> Recognition:
        """What is asked: an error that shows, one by its name alone, a question, a code inside a question."""
        if self._questions.asks_beyond(readable):
            signs = [sign for sign in signs if sign.sign.whose is not Whose.COMMON]
        named = [] if signs else _named(found, len(words))
        whole = [sign for sign in named if 2 * sign.words >= len(words) and not is_question(readable)]
        if signs or whole:
            return self._recognition(signs or whole, words, readable)
        answer = self._questions.answer(readable, hints(readable))
        return self._recognition(named, words, readable) if named and answer.entry is None else answer

    def _is_retelling(self, readable: str, words: Sequence[str], marks: set[str]) -> bool:
        """Whether a short text tells of errors, as a change note or a test does, instead of showing one."""
        if len(words) >= _SHORT:
            return False
        opening = _OPENING.match(readable)
        return _RETELLING in marks or (opening is not None and opening.group(1).lower() in self._openings)

    def _recognition(self, signs: Sequence[Found], words: Sequence[str], readable: str) -> Recognition:
        signs = _ranked(signs)
        entries = dict.fromkeys(sign.sign.entry for sign in signs)
        best, *others = (self._entries[entry_id] for entry_id in entries)
        own = [sign.sign.text for sign in signs if sign.sign.entry == best.id]
        return Recognition(
            best,
            code=self._code(own, words),
            evidence=tuple(dict.fromkeys(own)),
            others=_without_topic(others, best.topic),
            hints=hints(readable),
        )

    def _code(self, own: Sequence[str], words: Sequence[str]) -> str | None:
        """The code among the best entry's signs, else the one that the text gives its cause with."""
        candidates = [text.lower() for text in own] + [word for word in words if word in self._plain_codes]
        return next((self._codes[code] for code in (*candidates, *words) if code in self._codes), None)


def _codes(guidance: Guidance) -> dict[str, str]:
    """Every code that the guidance knows, by its lower-case spelling."""
    codes = [sign.text for sign in guidance.signs if is_code(sign.text) and "_" in sign.text and "|" not in sign.text]
    return {code.lower(): code for code in (*guidance.context.codes, *codes)}


def _marks(found: Sequence[Found]) -> set[str]:
    """What a text is about, beside its signs."""
    return {mark.sign.entry for mark in found if is_mark(mark.sign)}


def _named(found: Sequence[Found], length: int) -> list[Found]:
    """Signs that are the very thing asked about: a code, or a phrase that is most of the text."""
    if not _marks(found).isdisjoint((_OTHERS, _UNRELATED)):
        return []
    signs = [sign for sign in found if not is_mark(sign.sign)]
    return [sign for sign in signs if is_code(sign.sign.text) or 2 * sign.words >= length]


def _counts(sign: Sign, marks: set[str]) -> bool:
    """Whether a sign says something, given whose error the text shows and whether it shows one at all."""
    if is_mark(sign):
        return False
    if sign.whose is Whose.COMMON:
        return _SALESFORCE in marks and _TROUBLES in marks and _UNRELATED not in marks
    return sign.whose is Whose.SALESFORCE or _SALESFORCE in marks or _OTHERS not in marks


def _ranked(signs: Sequence[Found]) -> list[Found]:
    """Signs of the deepest cause first; of equal ones the longest sign's, then the first in the text."""
    weight: dict[str, int] = {}
    depth: dict[str, float] = {}
    for found in signs:
        entry = found.sign.entry
        weight[entry] = max(weight.get(entry, 0), found.words)
        depth[entry] = max(depth.get(entry, 0), _depth(found.sign))
    return sorted(signs, key=lambda found: (-depth[found.sign.entry], -weight[found.sign.entry], found.at))


def _depth(sign: Sign) -> float:
    """How much a sign says of the cause: a description more than a code alone, everyday words least."""
    return sign.depth - (0.5 if is_code(sign.text) else 0.0) - (0.7 if sign.whose is Whose.COMMON else 0.0)


def _without_topic(entries: Sequence[Entry], topic: str) -> tuple[Entry, ...]:
    """One entry for each further topic: what else the text shows."""
    by_topic = {entry.topic: entry for entry in reversed(entries) if entry.kind is Kind.ERROR}
    by_topic.pop(topic, None)
    return tuple(entry for entry in entries if by_topic.get(entry.topic) is entry)

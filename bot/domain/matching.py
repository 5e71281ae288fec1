"""Text to the guidance that fits, or silence."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import shapes
from bot.domain.guidance import Guidance, Sign, Whose
from bot.domain.hints import hints
from bot.domain.model import Entry, Kind, Recognition
from bot.domain.questions import Questions
from bot.domain.signs import Found, SignIndex, is_code
from bot.domain.words import raw_words

_SALESFORCE, _OTHERS, _RETELLING = "(salesforce)", "(others)", "(retelling)"
_LONGEST = 40_000  # Slack's own limit for one message; what lies beyond is not looked at


class Matcher:
    """Recognises errors and questions. Holds no state between calls; safe to share between threads."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        context = guidance.context
        marks = [Sign(_SALESFORCE, text) for text in context.salesforce]
        marks += [Sign(_OTHERS, text) for text in context.others]
        marks += [Sign(_RETELLING, text) for text in context.retelling]
        self._index = SignIndex((*guidance.signs, *marks))
        self._questions = Questions(guidance)
        self._codes = _codes(guidance)

    def recognise(self, text: str, *, asked: bool) -> Recognition:
        """What ``text`` is.

        Overheard (``asked`` false) only a Salesforce authentication error counts. Asked, a question about the guide
        counts too, and where nothing answers ``nearest`` names the two nearest sections.
        """
        readable = shapes.plain(text[:_LONGEST])
        words = raw_words(readable)
        if self._index.may_hold(words):
            error = self._error(words, asked=asked)
            if error is not None:
                return self._recognition(error, words, readable)
        if not asked:
            return Recognition(None)
        return self._questions.answer(words, hints(readable))

    def _error(self, words: Sequence[str], *, asked: bool) -> list[Found] | None:
        """The signs that count, best entry first; None where none does."""
        found = self._index.find(self._index.corrected(words))
        marks = {mark.sign.entry for mark in found}
        signs = [sign for sign in found if _counts(sign.sign, marks)]
        if not signs or (not asked and _RETELLING in marks and len(words) < 60):
            return None
        return _ranked(signs)

    def _recognition(self, signs: Sequence[Found], words: Sequence[str], readable: str) -> Recognition:
        entries = dict.fromkeys(sign.sign.entry for sign in signs)
        best, *others = (self._entry(entry_id) for entry_id in entries)
        own = [sign.sign.text for sign in signs if sign.sign.entry == best.id]
        return Recognition(
            best,
            code=self._code(own, words),
            evidence=tuple(dict.fromkeys(own)),
            others=_without_topic(others, best.topic),
            hints=hints(readable),
        )

    def _entry(self, entry_id: str) -> Entry:
        entry = self._guidance.entry(entry_id)
        assert entry is not None, f"a sign leads to the entry {entry_id}, which is not there"  # noqa: S101
        return entry

    def _code(self, own: Sequence[str], words: Sequence[str]) -> str | None:
        mine = next((self._codes[text.lower()] for text in own if text.lower() in self._codes), None)
        return mine or next((self._codes[word] for word in words if word in self._codes), None)


def _codes(guidance: Guidance) -> dict[str, str]:
    """Every code that the guidance knows, by its lower-case spelling."""
    codes = [sign.text for sign in guidance.signs if is_code(sign.text) and "|" not in sign.text]
    return {code.lower(): code for code in (*guidance.context.codes, *codes)}


def _counts(sign: Sign, marks: set[str]) -> bool:
    if sign.entry in (_SALESFORCE, _OTHERS, _RETELLING):
        return False
    if sign.whose is Whose.SALESFORCE or _SALESFORCE in marks:
        return True
    return sign.whose is Whose.SHARED and _OTHERS not in marks


def _ranked(signs: Sequence[Found]) -> list[Found]:
    """Signs of the deepest cause first; of equal ones the entry with more of the text behind it."""
    weight: dict[str, int] = {}
    depth: dict[str, int] = {}
    for found in signs:
        entry = found.sign.entry
        weight[entry] = weight.get(entry, 0) + found.words
        depth[entry] = max(depth.get(entry, 0), found.sign.depth)
    return sorted(signs, key=lambda found: (-depth[found.sign.entry], -weight[found.sign.entry], -found.at))


def _without_topic(entries: Sequence[Entry], topic: str) -> tuple[Entry, ...]:
    """One entry for each further topic: what else the text shows."""
    by_topic = {entry.topic: entry for entry in reversed(entries) if entry.kind is Kind.ERROR}
    by_topic.pop(topic, None)
    return tuple(entry for entry in entries if by_topic.get(entry.topic) is entry)

"""The error that a text's wording speaks for, where somebody asks and no pattern says which: by a trained model."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

from bot.domain.recognition.entries import Entry, Recognition
from bot.domain.recognition.guidance import Guidance

_NO_ERROR = 0.7  # the probability of no error from which on something else is asked for
_LIKELY = 0.15  # the probability of a topic that an answer needs where an error shows
_LIKELIER = 0.7  # the same where none does, or a pattern tells a failure without its cause
_SURE = 0.5  # the same from which on no second topic is named
_LEAST = 5  # words without a code; of fewer, as "locked" or "the job failed", any guess is as good as another
_READ = 1_500  # letters at either end that are read, to bound the cost
_CODE = re.compile(r"[^\W_]_[^\W_]|\w(?:Error|Exception)\b")
_MARKS = re.compile(r": |[|{}=]")
# The first three were read off the gate's table, asked: with 0.5 to 0.7, 0.05 to 0.25 and 0.3 to 0.7 instead, 2 of 498
# reports change at most, of those whose source is left out 7 of 926; with 0.7 for the third, complaints about things
# that the guide does not know are left alone. Nobody knows more of the fourth. With the fifth none of these changes,
# and of 406 texts of chat, of a word, of other trouble 5 are guessed at instead of 54.


class Wording:
    """What a readable text's words speak for. The model is asked when it is first needed, for it takes a while."""

    def __init__(self, readable: str, guidance: Guidance) -> None:
        self._readable = readable
        self._guidance = guidance

    @property
    def is_no_error(self) -> bool:
        """Whether the words hardly tell of an error."""
        return self._likely.get(None, 0.0) >= _NO_ERROR

    def guess(self, *, is_shown: bool) -> Recognition:
        """The likeliest topic's entry, and the next topic's where it is unsure. ``is_shown``: there is an error."""
        if says_little(self._readable):
            return Recognition(None)
        # What only says that the cause is hidden is no cause to guess; the rest by topic, the likeliest entry first.
        errors = sorted(self._guidance.errors, key=lambda entry: -self._likely.get(entry.id, 0.0))
        topics: dict[str, list[Entry]] = defaultdict(list)
        for entry in errors:
            if not entry.asks_for_url:
                topics[entry.topic].append(entry)
        shares = {topic: sum(self._likely.get(entry.id, 0.0) for entry in topics[topic]) for topic in topics}
        first, *next_ones = sorted(shares, key=lambda topic: -shares[topic])
        if shares[first] < (_LIKELY if is_shown else max(_LIKELIER, self._likely.get(None, 0.0))):
            return Recognition(None)
        others = () if shares[first] >= _SURE else tuple(topics[topic][0] for topic in next_ones[:1])
        return Recognition(topics[first][0], others=others, is_guess=True)

    @cached_property
    def _likely(self) -> dict[str | None, float]:
        return self._guidance.load_errors().probabilities(shown(self._readable))


def is_printed(readable: str) -> bool:
    """Whether a program may have printed a text: by its marks, or by the spelling of a code."""
    return _MARKS.search(readable) is not None or _CODE.search(readable) is not None


def says_little(readable: str) -> bool:
    """Whether a text is a few words, or an address, and no code. Of scripts without spaces nobody can tell."""
    return readable.isascii() and len(readable.split()) < _LEAST and _CODE.search(readable) is None


def shown(readable: str) -> str:
    """As much of a text as is read: an error stands at its beginning or at its end."""
    return readable if len(readable) <= 2 * _READ else f"{readable[:_READ]}\n{readable[-_READ:]}"

"""The error that a text's wording speaks for, where somebody asks and no pattern says which: by a trained model."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from bot.domain.recognition.entries import Entry, Recognition
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.org_hints import hints

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


@dataclass(frozen=True, slots=True)
class Wording:
    """How likely each entry is by the words of a text, and that it is none."""

    likely: dict[str | None, float]
    entries: tuple[Entry, ...]

    @property
    def is_no_error(self) -> bool:
        """Whether the words hardly tell of an error."""
        return self.likely.get(None, 0.0) >= _NO_ERROR

    def guess(self, readable: str, *, is_shown: bool) -> Recognition:
        """The likeliest topic's entry, and the next topic's where it is unsure. ``is_shown``: there is an error."""
        if says_little(readable):
            return Recognition(None)
        topics: dict[str, float] = defaultdict(float)
        for entry in self.entries:
            topics[entry.topic] += self.likely.get(entry.id, 0.0)
        first, *next_ones = sorted(topics, key=lambda topic: -topics[topic])
        share = topics[first]
        if share < (_LIKELY if is_shown else max(_LIKELIER, self.likely.get(None, 0.0))):
            return Recognition(None)
        others = () if share >= _SURE else tuple(map(self._best, next_ones[:1]))
        return Recognition(self._best(first), others=others, hints=hints(readable), is_guess=True)

    def _best(self, topic: str) -> Entry:
        of_topic = (entry for entry in self.entries if entry.topic == topic)
        return max(of_topic, key=lambda entry: self.likely.get(entry.id, 0.0))


def wording_of(readable: str, guidance: Guidance) -> Wording:
    """What a readable text's words speak for."""
    # What only says that the cause is hidden is no cause to guess.
    errors = tuple(entry for entry in guidance.errors if not entry.asks_for_url)
    return Wording(guidance.load_errors().probabilities(shown(readable)), errors)


def is_printed(readable: str) -> bool:
    """Whether a program may have printed a text: by its marks, or by the spelling of a code."""
    return _MARKS.search(readable) is not None or _CODE.search(readable) is not None


def says_little(readable: str) -> bool:
    """Whether a text is a few words, or an address, and no code. Of scripts without spaces nobody can tell."""
    return readable.isascii() and len(readable.split()) < _LEAST and _CODE.search(readable) is None


def shown(readable: str) -> str:
    """As much of a text as is read: an error stands at its beginning or at its end."""
    return readable if len(readable) <= 2 * _READ else f"{readable[:_READ]}\n{readable[-_READ:]}"

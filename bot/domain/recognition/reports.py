"""Whether an error is reported, as one that somebody has now, or merely stands in a text.

The policy, one for all: what is told about (documents, change notes, plans, solved cases, rules) and source that is
shown (programs, tests, constants, schemas, settings) is silence where nobody asked. Two linear models judge the form
of the text around each error: one was trained to tell reports from source, one to tell them from talk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.recognition.guidance import Specificity
from bot.domain.recognition.linear import ReportModels
from bot.domain.recognition.pattern import is_code, is_context, parts
from bot.domain.recognition.pattern_index import PatternMatch
from bot.domain.recognition.report_features import CountWords, Place, ReportForm

_MOST_LINES = 4  # lines with an error that are judged; a long log repeats itself
TOLD = "told"
"""The feature of a text in which the error is told in everyday words, so that none of its words are blanked."""


class ReportReader:
    """A text with all that was found in it; tells which of the matches are reported."""

    def __init__(self, models: ReportModels, text: str, matches: Sequence[PatternMatch], count: CountWords) -> None:
        """``count`` tells how many words the index makes of a piece of text."""
        self._models = models
        self._form = ReportForm(text, list(blanked(matches)), count)
        self._judged: dict[tuple[int, bool], bool] = {}

    def reported(self, matches: Sequence[PatternMatch]) -> list[PatternMatch]:
        """Those of the matches that stand in a line that reports them."""
        return [
            match
            for match in matches
            if any(self._is_reported(line, match) for line in self._lines(match)) and not self._is_of_address(match)
        ]

    def features(self, matches: Sequence[PatternMatch]) -> Iterator[set[str]]:
        """What each line with one of these says, for the training."""
        for line in sorted({line for match in matches for line in self._lines(match)})[:_MOST_LINES]:
            yield self._form.features(line)

    def _is_of_address(self, match: PatternMatch) -> bool:
        """Whether a single word of everyday is merely a piece of an address; several words mean the address."""
        pieces = parts(match.pattern)
        if names_error(match) or len(pieces) == 1:
            return False
        addresses = [place for line in self._lines(match) for place in self._form.addresses(line)]
        single = [start for piece, start in zip(pieces, match.starts, strict=False) if not {" ", "+"} & set(piece)]
        return any(place.start <= start < place.end for place in addresses for start in single)

    def _lines(self, match: PatternMatch) -> list[int]:
        return sorted({self._form.line_of(start) for start in match.starts[:_MOST_LINES]})

    def _is_reported(self, line: int, match: PatternMatch) -> bool:
        is_told = not names_error(match)
        if (line, is_told) not in self._judged:
            features = self._form.features(line)
            features |= {TOLD} if is_told else set()
            self._judged[line, is_told] = self._models.is_report(features, is_told=is_told)
        return self._judged[line, is_told]


def names_error(match: PatternMatch) -> bool:
    """Whether a match is an error's own text or code, rather than a state told in everyday words."""
    return match.pattern.specificity <= Specificity.SHARED or is_code(match.pattern.text)


def blanked(matches: Sequence[PatternMatch]) -> Iterator[Place]:
    """The words that are errors' own; of a pattern in parts its parts are taken to be equally long."""
    for match in matches:
        if names_error(match) and not is_context(match.pattern):
            size = max(1, match.words // len(parts(match.pattern)))
            yield from (Place(start, start + size) for start in match.starts)

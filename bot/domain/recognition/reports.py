"""Whether an error is reported, as one that somebody has now, or merely stands in a text.

The policy, one for all: what is told about (documents, change notes, plans, solved cases, rules) and source that is
shown (programs, tests, constants, schemas, settings) is silence where nobody asked. Two linear models judge the form
of the text around each error: one was trained to tell reports from source, one to tell them from talk. The text is a
report if its lines with errors are on the whole: one line of a document reads as a report does, a document does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from bot.domain.recognition.guidance import Specificity
from bot.domain.recognition.linear import ReportModels
from bot.domain.recognition.pattern import is_context, is_definite, parts
from bot.domain.recognition.pattern_index import PatternMatch
from bot.domain.recognition.report_features import CountWords, Line, Place, ReportForm

_MOST_LINES = 4  # lines with an error that are judged; a long log repeats itself
_MOST_ERRORS = 4  # that are told apart: who has one names few, who explains them many
TOLD = "told"
"""The feature of an error that is told in everyday words, so that none of its words are blanked."""


def report_lines(
    text: str, matches: Sequence[PatternMatch], chosen: Sequence[PatternMatch], count: CountWords
) -> Iterator[Line]:
    """What each line of a text with one of the ``chosen`` of its matches says.

    Where errors stand by their own words, lines that only tell of one are left out.
    """
    if not chosen:
        return
    named = list(filter(_names_error, chosen))
    told = [start for match in chosen for start in match.starts]
    form = ReportForm(text, list(_blanked(matches)), told, count)
    lines = {form.line_of(start) for match in named or chosen for start in match.starts[:_MOST_LINES]}
    several = f"errors {min(_MOST_ERRORS, len({match.pattern.entry_id for match in named}))}" if named else TOLD
    layout = form.layout() | {several}
    yield from (Line(form.features(line), layout) for line in sorted(lines)[:_MOST_LINES])


def is_report(lines: Iterable[Line], models: ReportModels) -> bool:
    """Whether the lines with errors are a report on the whole."""
    return math.fsum(models.score(*line) for line in lines) >= 0


def _names_error(match: PatternMatch) -> bool:
    """Whether a match is an error's own text or code, rather than a state told in everyday words."""
    return is_definite(match.pattern, Specificity.SHARED)


def _blanked(matches: Sequence[PatternMatch]) -> Iterator[Place]:
    """The words that are errors' own; of a pattern in parts its parts are taken to be equally long."""
    for match in matches:
        if _names_error(match) and not is_context(match.pattern):
            size = max(1, match.words // len(parts(match.pattern)))
            yield from (Place(start, start + size) for start in match.starts)

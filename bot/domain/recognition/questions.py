"""A question in plain words to the section of the guide that answers it, or to none.

A team's own sample questions count without any training: the nearest of them, where it is near, before the model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cached_property

from bot.domain.recognition.entries import Entry, Recognition
from bot.domain.recognition.guidance import OURS, Guidance
from bot.domain.recognition.question_model import SampleQuestion, stems
from bot.domain.recognition.tokens import raw_words

_SUGGESTIONS = 2  # sections that are named where none answers: as many as read like a choice; tests hold it
_NEAR = 0.6  # the least share of words that a question has in common with one of a team's own
_LIKELY = 0.3  # the probability that an answer needs; with one of ten at random it would be 0.1
_CERTAIN = 0.4  # the same where nothing of Salesforce's is named: chat has such words too
_TOLD = 0.7  # the same where nothing is asked either
_ASKING = frozenset(
    """
    how howto should what whats why where which who whether wie wo warum wieso comment où pourquoi cómo como dónde donde
    porqué perché come dove waarom hoe どうやって hur varför jak
    """.split()
)
_ASKING_FIRST = frozenset("can could do does did is are am will would".split())
_QUOTE = re.compile(r"[\"“”«»„「」『』]|(?<!\w)'\w")
_ERROR = frozenset("error errors message exception failed fails getting gets fehler erreur fout errore fel".split())
_LONGEST_READ = 1_000  # letters; a longer text is not one question, and of it no more is read. Trial 0 / 0, no test


class SectionFinder:
    """Finds the section that a question is about."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        # Who says no more than a section's topic or title means the section.
        named = [(section, text) for section in guidance.sections for text in (section.topic, section.title)]
        headings = [SampleQuestion(section.id, text.replace("-", " ")) for section, text in named]
        self._own = (*guidance.own_questions, *headings)

    def answer(self, readable: str, context: set[str]) -> Recognition:
        """The section that answers the question in a readable text, or the two likeliest where none surely does.

        Where the context names nothing of Salesforce's or the guide's, the answer must be surer.
        """
        asking = readable[:_LONGEST_READ]
        if own := self._nearest_own(frozenset(stems(asking))):
            return Recognition(self._guidance.entry(own.section or ""), nearest=self._nearest(()))
        probabilities = self._guidance.load_questions().probabilities(asking)
        ranked = sorted(probabilities, key=lambda section: -probabilities[section])
        best = ranked[0] if ranked else None
        if best is not None and probabilities[best] >= _enough(readable, context):
            return Recognition(self._guidance.entry(best))
        return Recognition(None, nearest=self._nearest([section for section in ranked if section]))

    def unanswered(self) -> Recognition:
        """No answer, with the two sections that the guide begins with."""
        return Recognition(None, nearest=self._nearest(()))

    def _nearest_own(self, there: Set[str]) -> SampleQuestion | None:
        """The sample question that has most stems in common with these; None where none has enough."""
        likeness = {sample: len(there & words) / len(there | words) for sample, words in self._stemmed.items() if words}
        best = max(likeness, key=lambda sample: likeness[sample], default=None)
        return best if best is not None and likeness[best] >= _NEAR else None

    @cached_property
    def _stemmed(self) -> dict[SampleQuestion, frozenset[str]]:
        return {sample: frozenset(stems(sample.text)) for sample in self._own}

    def _nearest(self, ranked: Sequence[str]) -> tuple[Entry, ...]:
        found = [entry for entry in (self._guidance.entry(section) for section in ranked) if entry is not None]
        rest = [section for section in self._guidance.sections if section not in found]
        return tuple((found + rest)[:_SUGGESTIONS])


def is_question(readable: str) -> bool:
    """Whether a short text asks something: by its mark, its first word, or a word that asks in one of the languages."""
    words = raw_words(readable) if len(readable) <= _LONGEST_READ else []
    return bool(words) and ("?" in readable or words[0] in _ASKING_FIRST or not _ASKING.isdisjoint(words))


def tells_of_error(readable: str) -> bool:
    """Whether a text speaks of an error, or quotes something."""
    return not _ERROR.isdisjoint(raw_words(readable)) or _QUOTE.search(readable) is not None


def _enough(readable: str, context: set[str]) -> float:
    if not context.isdisjoint(OURS):
        return _LIKELY
    return _CERTAIN if is_question(readable) else _TOLD

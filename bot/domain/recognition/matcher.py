"""Text to the guidance that fits, or silence: the steps in their order. The package's page walks through them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from bot.domain.recognition.entries import Entry, Recognition
from bot.domain.recognition.guidance import Context, Guidance, Pattern, Specificity
from bot.domain.recognition.help_pages import without_help
from bot.domain.recognition.pattern import is_code, is_context
from bot.domain.recognition.pattern_index import PatternIndex, PatternMatch
from bot.domain.recognition.questions import SectionFinder, is_question, tells_of_error
from bot.domain.recognition.ranking import (
    context_of,
    counting,
    depth_of,
    named,
    ranked,
)
from bot.domain.recognition.reports import is_report, report_lines
from bot.domain.recognition.tokens import with_sentence_breaks
from bot.domain.recognition.unescape import unescape
from bot.domain.recognition.wording import Wording, is_printed

_SPEAKER = re.compile(r"\W{0,5}([A-Z][A-Za-z]{2,30}(?: [A-Z][A-Za-z]{1,30}){0,2}): ")
_CLAUSE_END = re.compile(r"[.,;:!?]\s|\n| [-–—|] | but ")
_LONGEST_QUESTION = 500  # letters; who asks whether a service is down says little else
_VAGUE = 1  # the depth (see Pattern) of what hides the real cause; beside another cause it is not worth naming
_UNKNOWN = "login-failed"
"""The entry of a failure whose text tells neither the cause nor where it stands."""
_LONGEST = 40_000  # Slack's own limit for one message; what lies beyond is not looked at


class _Reading(NamedTuple):
    """A text with a word where sentences end, its words with typos put right, and all patterns in them."""

    sentences: str
    words: Sequence[str]
    matches: Sequence[PatternMatch]

    @property
    def patterns(self) -> list[PatternMatch]:
        """Those that lead to an entry."""
        return [match for match in self.matches if not is_context(match.pattern)]


class Matcher:
    """Recognises errors and questions. Holds no state between calls; safe to share between threads."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        asked = [pattern for pattern in guidance.patterns if pattern.specificity is Specificity.ASKED]
        told = [pattern for pattern in guidance.patterns if pattern.specificity is not Specificity.ASKED]
        self._index = PatternIndex((*told, *guidance.context))
        self._asked_index = PatternIndex(asked)  # one of its own, so that what is overheard is read without it
        self._sections = SectionFinder(guidance)
        self._entries = {entry.id: entry for entry in guidance.entries}

    def recognise(self, text: str, *, asked: bool) -> Recognition:
        """What ``text`` is.

        Overheard (``asked`` false) only a Salesforce authentication error counts. Asked, a question about the
        guide counts too, and where nothing answers ``nearest`` names the two nearest sections.
        """
        readable = unescape(text[:_LONGEST])
        if asked:
            return self._asked(readable)
        return self._overheard(without_help(readable)) if self._index.may_match(readable) else Recognition(None)

    def patterns_in(self, text: str) -> set[Pattern]:
        """The patterns that stand in a text, the context's too, whether they count there or not: for measures."""
        return {match.pattern for match in self._read(unescape(text[:_LONGEST])).matches}

    def report_features(self, text: str) -> Iterator[set[str]]:
        """What the models of reports go by, for each line of a text with an error: what their training asks for."""
        reading = self._read(unescape(text[:_LONGEST]))
        return self._lines(reading, reading.patterns)

    def _lines(self, reading: _Reading, chosen: Sequence[PatternMatch]) -> Iterator[set[str]]:
        return report_lines(reading.sentences, reading.matches, chosen, self._index.vocabulary.count)

    def _read(self, readable: str) -> _Reading:
        sentences = with_sentence_breaks(readable)
        words = self._index.vocabulary.words(sentences)
        return _Reading(sentences, words, self._index.find(words))

    def _counted(self, reading: _Reading, context: set[str]) -> list[PatternMatch]:
        """The patterns that count in this context. Where two are named, the clauses tell whose each is."""
        is_both = context.issuperset((Context.SALESFORCE, Context.OTHERS))
        return counting(reading.matches, context, self._clauses(reading.sentences) if is_both else ())

    def _clauses(self, readable: str) -> list[int]:
        """The words where clauses end."""
        return list(accumulate(self._index.vocabulary.count(clause) for clause in _CLAUSE_END.split(readable)))

    def _names_speaker(self, readable: str) -> bool:
        """Whether a name that no pattern knows says what follows, as in *Acme Mail: your session has expired*."""
        speaker = _SPEAKER.match(readable)
        return speaker is not None and not self._index.vocabulary.knows(speaker[1])

    def _overheard(self, readable: str) -> Recognition:
        """What nobody asked about: a pattern that shows, and is reported."""
        reading = self._read(readable)
        if not reading.patterns:
            return Recognition(None)  # as in most talk that comes here, whatever the context
        context = context_of(reading.matches, readable)
        counted = self._counted(reading, context)
        if not counted:
            return Recognition(None)
        is_reported = is_report(self._lines(reading, counted), self._guidance.load_reports())
        return self._recognition(counted, reading) if is_reported else Recognition(None)

    def _asked(self, readable: str) -> Recognition:
        """What is asked: an error that shows, a question, an error by its wording, a code inside a question."""
        reading = self._read(readable)
        context = context_of(reading.matches, readable)
        counted = self._counted(reading, context)
        is_ours = Context.SALESFORCE in context
        if _tells_cause(counted, most=Specificity.SHARED if is_ours else Specificity.SALESFORCE):
            return self._recognition(counted, reading)
        if service := self._asked_after(reading.sentences, counted, context):
            return service
        wording, is_others = Wording(readable, self._guidance), self._is_others(readable, context)
        if not (counted or is_others or wording.is_no_error):
            counted = self._counted(reading, context | {Context.SETUP})  # who asks need not say Salesforce
        is_asking, tells = is_question(readable), tells_of_error(readable)
        may_be_how = not tells and (is_asking or all(depth_of(match.pattern) < _VAGUE for match in counted))
        is_how = may_be_how and wording.is_no_error
        if _tells_cause(counted) and not is_how:
            return self._recognition(counted, reading)
        is_section = context.isdisjoint((Context.FOREIGN, Context.OTHERS)) or (is_asking and is_ours)
        answer = self._sections.answer(readable, context) if is_section else self._sections.unanswered()
        if answer.entry and (is_how or (is_asking and not counted)):
            return answer
        if is_how and is_asking:
            counted = [match for match in counted if match.pattern.specificity < Specificity.COMMON]
        guess = wording.guess(is_shown=not (is_asking or counted) and ((tells and is_ours) or is_printed(readable)))
        # A page or a program that hides the cause says so itself, and where it stands tells more than any wording.
        is_hidden = any(match.pattern.depth <= _VAGUE and match.pattern.entry_id != _UNKNOWN for match in counted)
        if guess.entry and not is_hidden and not is_others:
            return guess
        by_name = counted or named(reading.patterns, context, len(reading.words))
        return self._recognition(by_name, reading) if counted or (by_name and not answer.entry) else answer

    def _asked_after(self, sentences: str, counted: Sequence[PatternMatch], context: set[str]) -> Recognition | None:
        """Whether a service is down, where nothing else is said; an error that shows comes first."""
        if len(sentences) > _LONGEST_QUESTION or Context.FOREIGN in context:
            return None
        words = self._asked_index.vocabulary.words(sentences)
        matches = self._asked_index.find(words)
        entries = {match.pattern.entry_id for match in matches}
        is_all = entries.issuperset(match.pattern.entry_id for match in counted)
        return self._recognition(matches, _Reading(sentences, words, matches)) if matches and is_all else None

    def _is_others(self, readable: str, context: set[str]) -> bool:
        """Whether somebody else may speak in a text."""
        return not context.isdisjoint((Context.FOREIGN, Context.OTHERS)) or self._names_speaker(readable)

    def _recognition(self, counted: Sequence[PatternMatch], reading: _Reading) -> Recognition:
        matches = ranked(counted)
        own = [match for match in matches if match.pattern.entry_id == matches[0].pattern.entry_id]
        # What hides the real cause, and the code that a cause is told under, are no second error.
        second = (match for match in matches if match.pattern.depth > _VAGUE and not _is_label(match))
        by_topic: dict[str, Entry] = {}
        for match in (*own, *second):
            entry = self._entries[match.pattern.entry_id]
            by_topic.setdefault(entry.topic, entry)
        best, *others = by_topic.values()
        own.sort(key=lambda match: max(match.starts))
        return Recognition(
            best,
            code=_code(own, reading),
            evidence=tuple(dict.fromkeys(match.read for match in own)),
            others=tuple(others),
        )


def _tells_cause(counted: Sequence[PatternMatch], *, most: Specificity = Specificity.COMMON) -> bool:
    """Whether one of these patterns says why, in words that are at ``most`` so everyday."""
    return any(match.pattern.specificity <= most and match.pattern.depth > _VAGUE for match in counted)


def _is_label(match: PatternMatch) -> bool:
    """Whether it is a code that many causes come under, and no more."""
    return match.pattern.specificity is Specificity.COMMON and is_code(match.pattern.text)


def _code(own: Sequence[PatternMatch], reading: _Reading) -> str | None:
    """The code among the best entry's patterns, else the one that the text gives its cause with."""
    given = [match for match in reading.matches if match.pattern.entry_id == Context.CODES]
    texts = (match.pattern.text for match in (*own, *given, *reading.patterns))
    # Before its description a code stands in capitals; other words with an underscore there are names of fields.
    words = (word for text in texts for word in text.split() if word == text or word.isupper())
    return next((word for word in words if is_code(word) and "_" in word and "|" not in word), None)

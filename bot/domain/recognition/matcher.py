"""Text to the guidance that fits, or silence: the steps in their order. The package's page walks through them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from bot.domain.recognition.entries import Entry, Kind, Recognition
from bot.domain.recognition.guidance import Context, Guidance, Pattern, Specificity
from bot.domain.recognition.help_pages import without_help
from bot.domain.recognition.org_hints import hints
from bot.domain.recognition.pattern import as_read, is_code, is_context
from bot.domain.recognition.pattern_index import Cut, PatternIndex, PatternMatch
from bot.domain.recognition.questions import SectionFinder, asks_how, is_question, tells_of_error
from bot.domain.recognition.ranking import (
    as_printed,
    context_of,
    counting,
    depth_of,
    named,
    ranked,
)
from bot.domain.recognition.reports import ReportReader, names_error
from bot.domain.recognition.tokens import split_words, with_sentence_breaks
from bot.domain.recognition.unescape import unescape
from bot.domain.recognition.wording import Wording, is_printed

_SPEAKER = re.compile(r"\W{0,5}([A-Z][A-Za-z]{2,30}(?: [A-Z][A-Za-z]{1,30}){0,2}): ")
_CUT = re.compile(r"(?:([A-Z][A-Z_]{5,})|\w)(?:…|\.{3,4})?\s{0,10}$")
_END = 40  # letters at the end that are looked at for that, so that a long text costs no more; no test
# Words; in longer texts typos are not looked for, to keep hostile pastes under 50 ms. Trial 0 / 0, no test.
_LONG = 3_000
_CLAUSE_END = re.compile(r"[.,;:!?]\s|\n| [-–—|] | but ")
_VAGUE = 1  # the depth (see Pattern) of what hides the real cause; beside another cause it is not worth naming
_HEADING = 3  # words; so few that tell no trouble are the heading of what to do
_UNKNOWN = "login-failed"
"""The entry of a failure whose text tells neither the cause nor where it stands."""
_LONGEST = 40_000  # Slack's own limit for one message; what lies beyond is not looked at


class _Reading(NamedTuple):
    """A text's words, all matches in them, the context that both make, and the matches that count in it."""

    words: Sequence[str]
    matches: Sequence[PatternMatch]
    context: set[str]
    counted: Sequence[PatternMatch]

    def tells_cause(self, *, most: Specificity = Specificity.TOLD) -> bool:
        """Whether a pattern that counts says why, in words that are at ``most`` so everyday."""
        patterns = (match.pattern for match in self.counted)
        return any(pattern.specificity <= most and pattern.depth > _VAGUE for pattern in patterns)

    @property
    def is_strong(self) -> bool:
        """Whether a pattern says more than everyday words do, and does not hide the real cause."""
        return self.tells_cause(most=Specificity.SHARED)


class Matcher:
    """Recognises errors and questions. Holds no state between calls; safe to share between threads."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        self._index = PatternIndex((*guidance.patterns, *guidance.context))
        self._sections = SectionFinder(guidance)
        self._entries = {entry.id: entry for entry in guidance.entries}

    def recognise(self, text: str, *, asked: bool) -> Recognition:
        """What ``text`` is.

        Overheard (``asked`` false) only a Salesforce authentication error counts. Asked, a question about the
        guide counts too, and where nothing answers ``nearest`` names the two nearest sections.
        """
        readable = unescape(text[:_LONGEST])
        if asked:
            return replace(self._asked(readable, self._read(readable, asked=True)), hints=hints(readable))
        if not self._index.may_match(readable):
            return Recognition(None)
        readable = without_help(readable)
        return replace(self._overheard(readable, self._read(readable, asked=False)), hints=hints(readable))

    def patterns_in(self, text: str) -> set[Pattern]:
        """The patterns that stand in a text, whether they count there or not: what a measure asks for."""
        return {match.pattern for match in self._found(text)[1]}

    def phrases_in(self, text: str) -> set[tuple[str, str]]:
        """The same of all patterns and words of the context, mistyped ones too: where each stands and its text."""
        words = self._index.words(with_sentence_breaks(unescape(text[:_LONGEST])))
        matches = [*self._index.find(words), *self._index.find(self._index.corrected(words))]
        return {(match.pattern.entry_id, match.pattern.text) for match in matches}

    def report_features(self, text: str) -> Iterator[set[str]]:
        """What the models of reports go by, for each line of a text with an error: what their training asks for."""
        sentences, found = self._found(text)
        named = [match for match in found if names_error(match)]
        return ReportReader(sentences, found, self._index.count).features(named or found)

    def _found(self, text: str) -> tuple[str, list[PatternMatch]]:
        sentences = with_sentence_breaks(unescape(text[:_LONGEST]))
        matches = self._index.find(self._index.words(sentences))
        return sentences, [match for match in matches if not is_context(match.pattern)]

    def _read(self, readable: str, *, asked: bool) -> _Reading:
        """What a text says, with its typos corrected where they may hide a pattern that says more."""
        sentences = with_sentence_breaks(readable)
        reading = self._reading(self._index.words(sentences), sentences, asked=asked)
        if reading.is_strong or len(reading.words) >= _LONG:
            return reading
        words = self._index.corrected(reading.words)
        corrected = self._reading(words, sentences, asked=asked) if words != reading.words else reading
        return corrected if not reading.counted or corrected.is_strong else reading

    def _reading(self, words: Sequence[str], sentences: str, *, asked: bool) -> _Reading:
        """The patterns in these words, and what they say in the context of the text."""
        end = _CUT.search(sentences[-_END:])
        matches = self._index.find(words, Cut.NOTHING if end is None else Cut.CODE if end[1] else Cut.PHRASE)
        if not asked and all(is_context(match.pattern) for match in matches):
            return _Reading(words, matches, set(), ())  # ordinary talk: nothing counts, whatever the context
        context = context_of(matches, sentences)
        clauses = self._clauses(sentences) if context.issuperset((Context.SALESFORCE, Context.OTHERS)) else ()
        return _Reading(words, matches, context, counting(matches, context, clauses))

    def _clauses(self, readable: str) -> list[int]:
        """The words where clauses end."""
        return list(accumulate(self._index.count(clause) for clause in _CLAUSE_END.split(readable)))

    def _names_speaker(self, readable: str) -> bool:
        """Whether a name that no pattern knows says what follows, as in *Acme Mail: your session has expired*."""
        speaker = _SPEAKER.match(readable)
        return speaker is not None and not self._index.knows(speaker[1])

    def _overheard(self, readable: str, reading: _Reading) -> Recognition:
        """What nobody asked about: a pattern that shows, is spelled as Salesforce does, and is reported."""
        counted = reading.counted
        if Context.SALESFORCE not in reading.context:
            counted = [match for match in counted if as_printed(match.pattern, readable)]
        if not counted:
            return Recognition(None)
        reader = ReportReader(with_sentence_breaks(readable), reading.matches, self._index.count)
        is_report = reader.is_report(counted, self._guidance.load_reports())
        return self._recognition(counted, reading) if is_report else Recognition(None)

    def _asked(self, readable: str, reading: _Reading) -> Recognition:
        """What is asked: an error that shows, a question, an error by its wording, a code inside a question."""
        is_ours = Context.SALESFORCE in reading.context
        if reading.tells_cause(most=Specificity.SHARED if is_ours else Specificity.SALESFORCE):
            return self._recognition(reading.counted, reading)
        wording, is_others = Wording(readable, self._guidance), self._is_others(readable, reading.context)
        counted = reading.counted
        if not (counted or is_others or wording.is_no_error):
            # Who asks need not say Salesforce.
            counted = counting(reading.matches, reading.context | {Context.SETUP})
        reading = reading._replace(counted=counted)
        is_asking, tells = is_question(readable) or asks_how(readable), tells_of_error(readable)
        may_be_how = not tells and (is_asking or all(depth_of(match.pattern) < _VAGUE for match in counted))
        is_how = may_be_how and wording.is_no_error
        if reading.tells_cause() and not is_how:
            return self._recognition(counted, reading)
        answer = self._section(readable, reading.context, is_asking=is_asking)
        if answer.entry and (is_how or ((is_asking or _is_heading(readable)) and not counted)):
            return answer
        if is_how and is_asking:
            counted = [match for match in counted if match.pattern.specificity < Specificity.COMMON]
        guess = wording.guess(is_shown=not (is_asking or counted) and ((tells and is_ours) or is_printed(readable)))
        # A page or a program that hides the cause says so itself, and where it stands tells more than any wording.
        is_hidden = any(match.pattern.depth <= _VAGUE and match.pattern.entry_id != _UNKNOWN for match in counted)
        if guess.entry and not is_hidden and not is_others:
            return guess
        by_name = counted or named(reading.matches, reading.context, len(reading.words))
        return self._recognition(by_name, reading) if counted or (by_name and not answer.entry) else answer

    def _is_others(self, readable: str, context: set[str]) -> bool:
        """Whether somebody else may speak in a text."""
        return not context.isdisjoint((Context.FOREIGN, Context.OTHERS)) or self._names_speaker(readable)

    def _section(self, readable: str, context: set[str], *, is_asking: bool) -> Recognition:
        """The guide's section that is asked for, if the guide's matters are asked for at all."""
        is_ours = not context.isdisjoint((Context.SALESFORCE, Context.SETUP))
        is_others = not context.isdisjoint((Context.OTHERS, Context.FOREIGN))
        if is_others and not (is_asking and Context.SALESFORCE in context):
            return self._sections.unanswered()
        return self._sections.answer(readable, is_ours=is_ours)

    def _recognition(self, counted: Sequence[PatternMatch], reading: _Reading) -> Recognition:
        matches = ranked(counted)
        best, *others = (
            self._entries[entry_id] for entry_id in dict.fromkeys(match.pattern.entry_id for match in matches)
        )
        vague = {match.pattern.entry_id for match in matches if match.pattern.depth == _VAGUE}
        # The code that a cause is told under (error=invalid_client beside its description) is no second error.
        vague |= {entry.id for entry in others} - {match.pattern.entry_id for match in matches if not _is_label(match)}
        own = [match for match in matches if match.pattern.entry_id == best.id]
        split = split_words(reading.words)
        return Recognition(
            best,
            code=_code(own, reading.matches),
            evidence=tuple(dict.fromkeys(as_read(match.pattern, match.starts, split) for match in own)),
            others=_without_topic([entry for entry in others if entry.id not in vague], best.topic),
        )


def _is_label(match: PatternMatch) -> bool:
    """Whether it is a code that many causes come under, and no more."""
    return match.pattern.specificity is Specificity.COMMON and is_code(match.pattern.text)


def _is_heading(readable: str) -> bool:
    """Whether a few words name a thing to do, as *update token*, rather than an error."""
    is_short = len(readable.split()) <= _HEADING
    return is_short and not tells_of_error(readable) and not is_printed(readable)


def _code(own: Sequence[PatternMatch], matches: Sequence[PatternMatch]) -> str | None:
    """The code among the best entry's patterns, else the one that the text gives its cause with."""
    given = [match for match in matches if match.pattern.entry_id == Context.CODES]
    others = [match for match in matches if not is_context(match.pattern)]
    texts = (match.pattern.text for match in (*own, *given, *others))
    return next((text for text in texts if is_code(text) and "_" in text and "|" not in text), None)


def _without_topic(entries: Sequence[Entry], topic: str) -> tuple[Entry, ...]:
    """One entry for each further topic: what else the text shows."""
    by_topic = {entry.topic: entry for entry in reversed(entries) if entry.kind is Kind.ERROR}
    by_topic.pop(topic, None)
    return tuple(entry for entry in entries if by_topic.get(entry.topic) is entry)

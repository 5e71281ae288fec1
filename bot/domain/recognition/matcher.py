"""Text to the guidance that fits, or silence: the steps in their order. The package's page walks through them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from bot.domain.recognition.entries import LONGEST, Entry, Recognition
from bot.domain.recognition.guidance import NAMING, Context, Guidance, Pattern, Specificity
from bot.domain.recognition.pattern import is_code, is_context, is_definite
from bot.domain.recognition.pattern_index import PatternIndex, PatternMatch
from bot.domain.recognition.questions import QuestionFinder
from bot.domain.recognition.ranking import context_of, counting, is_ours, ranked
from bot.domain.recognition.report_features import Line
from bot.domain.recognition.reports import is_report, report_lines
from bot.domain.recognition.tokens import with_sentence_breaks, without_advice
from bot.domain.recognition.unescape import unescape

_SPEAKER = re.compile(r"\W{0,5}([A-Z][A-Za-z]{2,30}(?: [A-Z][A-Za-z]{1,30}){0,2}): ")
_CLAUSE_END = re.compile(r"[.,;:!?]\s|\n| [-–—|] | but ")
_NOTHING = Recognition(None)
_VAGUE = 1  # the depth (see Pattern) of what hides the real cause; beside another cause it is not worth naming


class _Reading(NamedTuple):
    """A text with a word where sentences end, and all patterns in it."""

    sentences: str
    matches: Sequence[PatternMatch]

    @property
    def patterns(self) -> list[PatternMatch]:
        """Those that lead to an entry."""
        return [match for match in self.matches if not is_context(match.pattern)]

    @property
    def names(self) -> list[PatternMatch]:
        """Salesforce's own, its nickname, those of its Setup: of an error in everyday words they tell whose it is."""
        return [match for match in self.matches if match.pattern.entry_id in NAMING]


class _Said(NamedTuple):
    """What is said: its context, the patterns that count in it, whether somebody else may speak."""

    reading: _Reading
    context: set[str]
    counted: Sequence[PatternMatch]
    is_others: bool
    names_others: bool

    @property
    def certain(self) -> list[PatternMatch]:
        """What tells an error by a code or in words that are Salesforce's own, beside its name in shared ones too."""
        most = Specificity.SHARED if is_ours(self.context) else Specificity.SALESFORCE
        return [match for match in self.counted if is_definite(match.pattern, most)]

    @property
    def is_vague(self) -> bool:
        """Whether all that counts hides the cause, as *cannot log in* does."""
        return all(match.pattern.depth <= _VAGUE for match in self.counted)

    @property
    def signs(self) -> set[str]:
        """What speaks for a meaning beside the words, whichever error it is, so that a team's own errors do as well."""
        patterns = (match.pattern for match in self.counted)
        found = {f"p:{pattern.specificity:d}{'' if pattern.depth > _VAGUE else ' vague'}" for pattern in patterns}
        found |= {f"x:{entry}" for entry in self.context}
        beside = {"x:others": self.is_others, "x:named": self.names_others}
        return found | {sign for sign, is_so in beside.items() if is_so}


class Matcher:
    """Recognises errors and questions. Holds no state between calls; safe to share between threads."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        self._index = PatternIndex((*guidance.patterns, *guidance.context))
        self._questions = QuestionFinder(guidance)

    def recognise(self, text: str, *, asked: bool) -> Recognition:
        """What ``text`` is.

        Overheard (``asked`` false) only a Salesforce authentication error counts. Asked, a question about the
        guide counts too, and where nothing answers ``nearest`` names the two nearest sections, unless none is near.
        """
        readable = unescape(text[:LONGEST])
        if asked:
            return self._asked(readable)
        return self._overheard(readable) if self._index.may_match(readable) else _NOTHING

    def patterns_in(self, text: str) -> set[Pattern]:
        """The patterns that stand in a text, the context's too, whether they count there or not: for measures."""
        return {match.pattern for match in self._read(unescape(text[:LONGEST])).matches}

    def question_signs(self, text: str) -> set[str]:
        """What the model of questions goes by beside a text's words: what its training asks for."""
        return self._read_asked(unescape(text[:LONGEST])).signs

    def report_features(self, text: str) -> Iterator[Line]:
        """What the models of reports go by, for each line of a text with an error: what their training asks for."""
        reading = self._read(unescape(text[:LONGEST]))
        return self._lines(reading, reading.patterns or reading.names)

    def _lines(self, reading: _Reading, chosen: Sequence[PatternMatch]) -> Iterator[Line]:
        return report_lines(reading.sentences, reading.matches, chosen, self._index.vocabulary.count)

    def _read(self, readable: str, *, asked: bool = True) -> _Reading:
        sentences = with_sentence_breaks(readable)
        return _Reading(sentences, self._index.find(self._index.vocabulary.words(sentences), asked=asked))

    def _counted(self, reading: _Reading, context: set[str]) -> list[PatternMatch]:
        """The patterns that count in this context. Where two are named, the clauses tell whose each is."""
        is_both = context.issuperset((Context.SALESFORCE, Context.OTHERS))
        clauses = _CLAUSE_END.split(reading.sentences) if is_both else ()
        return counting(reading.matches, context, list(accumulate(map(self._index.vocabulary.count, clauses))))

    def _names_speaker(self, readable: str) -> bool:
        """Whether a name that no pattern knows says what follows, as in *Acme Mail: your session has expired*."""
        speaker = _SPEAKER.match(readable)
        return speaker is not None and not self._index.vocabulary.knows(speaker[1])

    def _overheard(self, readable: str) -> Recognition:
        """What nobody asked about: a report of an error that patterns show, or of Salesforce's in everyday words."""
        reading = self._read(readable, asked=False)
        if not reading.matches:
            return _NOTHING  # as in most talk that comes here, whatever the context
        said = self._said(readable, reading)
        chosen = said.counted or ([] if said.is_others else reading.names)
        if not (chosen and is_report(self._lines(reading, chosen), self._guidance.load_reports())):
            return _NOTHING
        readable, said = self._cause(readable, said, asked=False)
        if certain := self._certain(readable, said):
            return certain
        return self._questions.told(readable, said.signs, self._error(said), is_vague=said.is_vague)

    def _asked(self, readable: str) -> Recognition:
        """What is asked: an error in Salesforce's own words, else what all words and patterns together mean."""
        readable, asked = self._cause(readable, self._read_asked(readable), asked=True)
        if certain := self._certain(readable, asked):
            return certain
        error, may_guess = self._error(asked), not asked.is_others
        return self._questions.answer(readable, asked.signs, error, may_guess=may_guess, is_vague=asked.is_vague)

    def _read_asked(self, readable: str) -> _Said:
        said = self._said(readable, self._read(readable), asked=True)
        if said.counted or said.is_others:
            return said
        # Who asks need not say Salesforce.
        return said._replace(counted=self._counted(said.reading, said.context | {Context.SETUP}))

    def _said(self, readable: str, reading: _Reading, *, asked: bool = False) -> _Said:
        context = context_of(reading.matches, readable)
        counted = self._counted(reading, context)
        # Beside both names it is Salesforce's unless what is said is told of the other; by its nickname, if the wording
        # says so.
        is_named = Context.SALESFORCE in context and (counted or not reading.patterns)
        names_others = Context.OTHERS in context or self._names_speaker(readable)
        vaguely = {Context.NICKNAMES, Context.GENERIC} if asked else {Context.NICKNAMES}
        is_others = names_others and not (is_named or vaguely & context)
        return _Said(reading, context, counted, is_others or Context.FOREIGN in context, names_others)

    def _cause(self, readable: str, said: _Said, *, asked: bool) -> tuple[str, _Said]:
        """What tells the cause: not what is advised after it, unless nothing else tells one in a program's words."""
        bare = without_advice(readable)
        if bare == readable or not said.counted:
            return readable, said
        told = self._read_asked(bare) if asked else self._said(bare, self._read(bare, asked=False))
        tells = any(is_definite(one.pattern, Specificity.SHARED) and one.pattern.depth > _VAGUE for one in told.counted)
        return (bare, told) if tells else (readable, said)

    def _certain(self, readable: str, said: _Said) -> Recognition | None:
        """The error that Salesforce's own words or a code tell; where these leave the cause open the wording may."""
        error = self._error(said) if (certain := said.certain) else None
        if error is None or error.entry is None:
            return None
        if error.entry.asks_for_url or any(_tells_cause(match) for match in certain):
            return error
        return self._questions.surer(readable, said.signs, error)

    def _error(self, said: _Said) -> Recognition | None:
        """The error that patterns tell, if any of them counts."""
        return self._recognition(said.counted, said.reading) if said.counted else None

    def _recognition(self, counted: Sequence[PatternMatch], reading: _Reading) -> Recognition:
        matches = ranked(counted)
        own = [match for match in matches if match.pattern.entry_id == matches[0].pattern.entry_id]
        # What hides the real cause, and the code that a cause is told under, are no second error.
        second = (match for match in matches if match.pattern.depth > _VAGUE and not _is_label(match))
        by_topic: dict[str, Entry] = {}
        for entry in filter(None, (self._guidance.entry(match.pattern.entry_id) for match in (*own, *second))):
            by_topic.setdefault(entry.topic, entry)
        best, *others = by_topic.values()
        own.sort(key=lambda match: max(match.starts))
        return Recognition(
            best,
            code=_code(own, reading),
            evidence=tuple(dict.fromkeys(match.read for match in own)),
            others=tuple(others),
        )


def _tells_cause(match: PatternMatch) -> bool:
    """Whether it is more than a phrase that hides the cause; a code is definite even where it tells little."""
    return match.pattern.depth > _VAGUE or is_code(match.pattern.text)


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

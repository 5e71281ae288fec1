"""What somebody asks the assistant or tells it, by the trained model and by a team's own sample questions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from functools import cached_property

from bot.domain.recognition.entries import Entry, Recognition
from bot.domain.recognition.guidance import Context, Guidance
from bot.domain.recognition.question_model import Family, Meaning, SampleQuestion, shown, stems

_SUGGESTIONS = 2  # sections that are named where none answers: as many as read like a choice; tests hold it
_NEAR = 0.6  # the least share of words that a question has in common with one of a team's own
_LIKELY = 0.25  # the probability that an answer needs; below it two sections are offered instead
_SURE = 0.5  # the probability of an error's topic from which on no second one is named
# The same from which on it outweighs everyday words that are known: with 0.7 documented sentences lose, with 0.95 what
# people tell. Words that hide the cause give way from ``_SURE`` on.
_SURER = 0.85
_OF_FEW_WORDS = 0.6  # the probability that a section needs of a question of a few words; with 0.85 a third has none
# The least probability that a section is asked for, of all together, from which on the nearest are offered: on the
# gate, of what gets no answer, to eight in ten of the questions about the guide, one in ten of all others.
_NEARBY = 0.15
_ELSE = 0.92  # the probability that it is no error's from which on what was overheard is silence; 0.85 to 0.95 is alike
# The probability that an overheard text needs to be answered with no more than that a login failed: its topic holds all
# kinds of errors, so that a log line of anything comes to half; what people tell of it has two thirds and more.
_FAILED = 0.6
_LEAST = 5  # words without a code; of fewer, as "locked" or "the job failed", any guess is as good as another
_NAMED = frozenset(f"x:{name}" for name in (Context.SALESFORCE, Context.NICKNAMES))
"""Signs beside which a few words say more."""
_NEITHER = Meaning(Family.NEITHER)
_CODE = re.compile(r"[^\W_]_[^\W_]|\w(?:Error|Exception)\b")


class QuestionFinder:
    """Finds what a text means where the patterns of errors leave it open."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        # Who says no more than a section's topic or title means the section.
        named = [(section, text) for section in guidance.sections for text in (section.topic, section.title)]
        headings = [SampleQuestion(section.id, text.replace("-", " ")) for section, text in named]
        self._own = (*guidance.own_questions, *headings)

    def answer(
        self, readable: str, signs: Set[str], error: Recognition | None, *, may_guess: bool, is_vague: bool
    ) -> Recognition:
        """The entry that a readable text asks for, the error that it tells of, or the two likeliest sections.

        ``signs``: further features. ``error``: what its patterns tell, if they tell anything; where they do not and
        ``may_guess``, the error is the one that the wording speaks for. ``is_vague``: they hide the cause.
        """
        if own := self._nearest_own(frozenset(stems(shown(readable)))):
            return Recognition(self._guidance.entry(own.entry_id or ""))
        says_little = _says_little(readable)
        if error and says_little:
            return error  # a few words that name a fault
        likely = self._guidance.load_questions().probabilities(readable, signs)
        may_tell = error is not None or (may_guess and not (says_little and _NAMED.isdisjoint(signs)))
        families: dict[Family, float] = defaultdict(float)
        for meaning, share in likely.items():
            if may_tell or meaning.family is not Family.TELLS:
                families[meaning.family] += share
        family = max(families, key=lambda one: families[one], default=Family.TELLS if error else Family.NEITHER)
        asked = [meaning for meaning in sorted(likely, key=lambda one: -likely[one]) if meaning.family is Family.ASKS]
        answer = None
        if family is Family.TELLS:
            answer = self._told(likely, error, _SURE if says_little else _LIKELY, is_vague=is_vague)
        elif family is Family.ASKS and likely[asked[0]] >= (_OF_FEW_WORDS if says_little else _LIKELY):
            entry = self._guidance.entry(asked[0].entry_id)
            is_error = entry in self._guidance.errors
            answer = error if is_error and error else Recognition(entry, is_guess=is_error)
        if answer is None:
            is_near = families[Family.ASKS] >= _NEARBY
            answer = Recognition(None, nearest=self._nearest(meaning.entry_id for meaning in asked) if is_near else ())
        return answer

    def surer(self, readable: str, signs: Set[str], error: Recognition) -> Recognition:
        """The error that is known, unless all words together surely speak for another topic."""
        likely = self._guidance.load_questions().probabilities(readable, signs)
        return self._told(likely, error, _SURER, is_vague=False) or error

    def told(self, readable: str, signs: Set[str], error: Recognition | None, *, is_vague: bool) -> Recognition:
        """The error that an overheard report tells of: what its everyday words speak for, where they surely do."""
        likely = self._guidance.load_questions().probabilities(readable, signs)
        if likely.get(_NEITHER, 0.0) >= _ELSE:
            return Recognition(None)  # everyday words of something else
        found = self._told(likely, error, _SURE, is_vague=is_vague)
        entry = found.entry if found and found.is_guess else None
        if entry and entry.hides_cause and _topics(self._shares(likely))[entry.topic] < _FAILED:
            return Recognition(None)
        return found or Recognition(None)

    def _told(
        self, likely: Mapping[Meaning, float], error: Recognition | None, least: float, *, is_vague: bool
    ) -> Recognition | None:
        """The error that patterns tell unless the wording speaks for another one, without them the likeliest one.

        ``least``: the probability that the likeliest topic needs. The next one is named where it is unsure.
        """
        share = self._shares(likely)
        topics = _topics(share)
        first, *others = sorted(topics, key=lambda topic: -topics[topic])[:2]
        known = topics.get(error.entry.topic) if error and error.entry else None  # of a topic of a team's own nothing
        if error and not (known and known < topics[first] >= (_SURE if is_vague else _SURER)):
            return error
        if topics[first] < least:
            return None
        # What only says that the cause is hidden is no cause to guess.
        best, *others_best = (
            max((one for one in share if one.topic == topic and not one.asks_for_url), key=lambda one: share[one])
            for topic in (first, *others)
        )
        return Recognition(best, others=() if topics[first] >= _SURE else tuple(others_best), is_guess=True)

    def _shares(self, likely: Mapping[Meaning, float]) -> dict[Entry, float]:
        """How likely a text tells of each error."""
        return {entry: likely.get(Meaning(Family.TELLS, entry.id), 0.0) for entry in self._guidance.errors}

    def _nearest_own(self, there: Set[str]) -> SampleQuestion | None:
        """The sample question that has most stems in common with these; None where none has enough."""
        likeness = {sample: len(there & words) / len(there | words) for sample, words in self._stemmed.items() if words}
        best = max(likeness, key=lambda sample: likeness[sample], default=None)
        return best if best is not None and likeness[best] >= _NEAR else None

    @cached_property
    def _stemmed(self) -> dict[SampleQuestion, frozenset[str]]:
        return {sample: frozenset(stems(sample.text)) for sample in self._own}

    def _nearest(self, ranked: Iterable[str]) -> tuple[Entry, ...]:
        sections = self._guidance.sections
        found = [section for entry_id in ranked for section in sections if section.id == entry_id]
        return tuple(dict.fromkeys((*found, *sections)))[:_SUGGESTIONS]


def _topics(shares: Mapping[Entry, float]) -> dict[str, float]:
    """How likely a text tells of each topic, by how likely of each of its errors."""
    found: dict[str, float] = defaultdict(float)
    for entry, share in shares.items():
        found[entry.topic] += share
    return found


def _says_little(readable: str) -> bool:
    """Whether a text is a few words, or an address, and no code. Of scripts without spaces nobody can tell."""
    return readable.isascii() and len(readable.split()) < _LEAST and _CODE.search(readable) is None

"""A question in plain words to the section of the guide that answers it, or to none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.recognition.entries import Entry, Hints, Recognition
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.question_classifier import QuestionClassifier
from bot.domain.recognition.stems import stem
from bot.domain.recognition.tokens import Vocabulary, raw_words, split_words

_SUGGESTIONS = 2  # sections that are named where none answers: as many as read like a choice; tests hold it
_LONG_QUESTION = 45  # words; of longer texts only the sentences that ask are read. Trial 132 / 47, a test halved
_ASKING = frozenset(
    [
        "how",
        "what",
        "whats",
        "which",
        "why",
        "where",
        "when",
        "who",
        "can",
        "could",
        "do",
        "does",
        "did",
        "is",
        "are",
        "am",
        "will",
        "should",
        "would",
    ]
)
_AUXILIARIES = frozenset("do does did is are will can should would".split())
_STAR_WEIGHT = 1.5  # what a group that tells the section by itself, marked *, counts more. Trial 3 / 3, a test each way
_PHRASE_WEIGHT = 0.5  # what a group counts more that is there as a phrase of several words. Trial 3 / 4, a test halved
# The numbers by which question patterns and sample questions are weighed against each other were set together, when the
# sample questions came; on which questions is not known.
_PATTERN_FACTOR = 400.0  # how much more likely a section is whose pattern is there. A twentieth changes 109, a test
_LEAST_PROBABILITY = 0.001  # what its sample questions leave it at least. Without it 22 change, doubled 18, no test
# How much more likely no section is beside words that the guide leaves out. A fiftieth: 6, a test.
_BEYOND_FACTOR = 500.0
_LIKELY = 0.5  # the probability that an answer needs: more than all others. Trial 27 / (0.75) 106, a test at 0.75
_CERTAIN = 0.9  # the same where nothing of Salesforce's is named: chat has such words too. Trial 95 / (0.97) 4, a test
_WORD = re.compile(r"[a-zA-Z]{5,}")
_HOW = frozenset(
    """
    how howto should what whats why where which who whether wie wo warum wieso comment où pourquoi cómo como dónde donde
    porqué perché come dove waarom hoe どうやって hur varför jak
    """.split()
)
_QUOTE = re.compile(r"[\"“”«»„「」『』]|(?<!\w)'\w")
_ERROR = frozenset("error errors message exception failed fails getting gets fehler erreur fout errore fel".split())
_ABOUT = (
    _ERROR
    | _HOW
    | frozenset("a an the cause causes caused do does i we is it mean means show shows up to fix salesforce".split())
)
_LONGEST_QUESTION = 2_000  # letters; a longer text is not one question. Trial 0 / 0, no test
_LONGEST_READ = 1_000  # letters of questions in a long text that are read, to bound the cost. Trial 0 / 0, no test
_LONGEST_RUN = 12  # letters; the longest phrase of the question patterns has ten
_SENTENCE_END = re.compile(r"(?<=[.?!\n])")


@dataclass(frozen=True, slots=True)
class _ParsedPattern:
    """One way to ask: of each group one member must be there, of ``never`` none."""

    section: str
    groups: tuple[frozenset[str], ...]
    never: frozenset[str]
    weight: float = 0.0


class SectionFinder:
    """Finds the section that a question is about."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        self._question_patterns = [_parsed(pattern.section, pattern.text) for pattern in guidance.question_patterns]
        self._classifier = QuestionClassifier(guidance.sample_questions)
        self._beyond = [_parsed("", text) for text in guidance.context_words.beyond]
        words = {word for pattern in guidance.question_patterns for word in _WORD.findall(pattern.text)}
        self._vocabulary = Vocabulary(words, words)

    def answer(self, readable: str, hints: Hints, *, is_ours: bool) -> Recognition:
        """The section that answers the question in a readable text, or the nearest two where none does.

        ``is_ours``: the text names something of Salesforce's or the guide's; else the answer must be surer.
        """
        stems = _stems(self._vocabulary.corrected(_asking_words(readable)))
        scores = self._scores(stems)
        ranked = sorted(scores, key=lambda section: -scores[section])
        is_beyond = self._is_beyond(stems)
        matched = ranked[0] if ranked and scores[ranked[0]] >= 1 and not is_beyond else None
        section = self._likeliest(readable, matched, is_beyond=is_beyond, is_ours=is_ours)
        if section is not None:
            return Recognition(self._guidance.entry(section), hints=hints)
        return Recognition(None, nearest=self._nearest(ranked), hints=hints)

    def _likeliest(self, readable: str, matched: str | None, *, is_beyond: bool, is_ours: bool) -> str | None:
        """The section that a whole pattern and the sample questions together speak for, if they do so clearly."""
        probabilities = self._classifier.probabilities(readable[:_LONGEST_QUESTION])
        if not probabilities:
            return matched
        if matched is not None:
            probabilities[matched] = (probabilities.get(matched, 0.0) + _LEAST_PROBABILITY) * _PATTERN_FACTOR
        elif is_beyond:
            probabilities[None] *= _BEYOND_FACTOR
        best = max(probabilities, key=lambda section: probabilities[section])
        enough = _LIKELY if is_ours or matched is not None else _CERTAIN
        return best if probabilities[best] >= enough * sum(probabilities.values()) else None

    def unanswered(self, hints: Hints) -> Recognition:
        """No answer, with the two sections that the guide begins with."""
        return Recognition(None, nearest=self._nearest(()), hints=hints)

    def asks_beyond(self, readable: str) -> bool:
        """Whether a text is a question, and about something that the guide leaves out."""
        return is_question(readable) and self._is_beyond(_stems(raw_words(readable)))

    def _scores(self, stems: frozenset[str]) -> dict[str, float]:
        """For each section the weight of its best pattern: 1 and more where it is there whole, else less."""
        scores: dict[str, float] = {}
        for pattern in self._question_patterns:
            score = _score(pattern, stems)
            if score > scores.get(pattern.section, 0.0):
                scores[pattern.section] = score
        return scores

    def _is_beyond(self, stems: frozenset[str]) -> bool:
        return any(_score(pattern, stems) >= 1 for pattern in self._beyond)

    def _nearest(self, ranked: Sequence[str]) -> tuple[Entry, ...]:
        found = [entry for entry in (self._guidance.entry(section) for section in ranked) if entry is not None]
        rest = [section for section in self._guidance.sections if section not in found]
        return tuple((found + rest)[:_SUGGESTIONS])


def is_question(readable: str) -> bool:
    """Whether a text is one short question, by its mark or its first word."""
    words = raw_words(readable) if len(readable) <= _LONGEST_QUESTION else []
    if not words or len(words) > _LONG_QUESTION:
        return False
    is_telling = words[0] == "when" and _AUXILIARIES.isdisjoint(words[1:2])
    return "?" in readable or (words[0] in _ASKING and not is_telling)


def asks_how(readable: str) -> bool:
    """Whether a short text asks how something is done, in one of the languages."""
    return len(readable) <= _LONGEST_READ and not _HOW.isdisjoint(raw_words(readable))


def tells_of_error(readable: str) -> bool:
    """Whether a text speaks of an error, or quotes something."""
    return not _ERROR.isdisjoint(raw_words(readable)) or _QUOTE.search(readable) is not None


def words_about(words: Sequence[str]) -> int:
    """How many words ask about an error without naming it, as in *what causes the ... error*; 0 where none is said."""
    return 0 if _ERROR.isdisjoint(words) else sum(1 for word in words if word in _ABOUT)


def _parsed(section: str, text: str) -> _ParsedPattern:
    groups, never = [], frozenset[str]()
    for group in text.split():
        if group.startswith("!"):
            never = _members(group[1:])
        else:
            groups.append(_members(group.lstrip("*")))
    return _ParsedPattern(section, tuple(groups), never, _STAR_WEIGHT * text.count("*"))


def _members(group: str) -> frozenset[str]:
    return frozenset(member if member.startswith("=") else _joined(member) for member in group.split("|"))


def _joined(member: str) -> str:
    words = split_words(raw_words(member.replace("_", " ")))
    return ("" if any("\u3040" <= letter <= "\uffff" for letter in member) else " ").join(map(stem, words))


def _score(pattern: _ParsedPattern, stems: frozenset[str]) -> float:
    """The number of groups, phrases counting more, where the whole pattern is there; else a share below 1."""
    if not pattern.never.isdisjoint(stems):
        return 0.0
    there = sum(1 for group in pattern.groups if not group.isdisjoint(stems))
    if there < len(pattern.groups):
        return there / (len(pattern.groups) + 1)
    phrases = sum(1 for group in pattern.groups if any(" " in member for member in group & stems))
    return there + _PHRASE_WEIGHT * phrases + pattern.weight


def _asking_words(readable: str) -> list[str]:
    """The words of a short text, or of the sentences of a long one that ask."""
    words = raw_words(readable) if len(readable) <= _LONGEST_QUESTION else []
    if words and len(words) <= _LONG_QUESTION:
        return words
    sentences = (sentence for sentence in _SENTENCE_END.split(readable) if sentence.endswith("?"))
    return raw_words(" ".join(sentences)[:_LONGEST_READ])


def _stems(words: Sequence[str]) -> frozenset[str]:
    """Stems, words as they stand (``=word``), and neighbours, for patterns such as ``permission_set``."""
    split = split_words(words)
    single = [stem(word) for word in split]
    exact = (f"={word}" for word in split)
    pairs = (f"{one} {two}" for one, two in pairwise(single))
    triples = (" ".join(three) for three in zip(single, single[1:], single[2:], strict=False))
    return frozenset((*single, *exact, *pairs, *triples, *_runs(single)))


def _runs(single: Sequence[str]) -> list[str]:
    """Runs of Chinese and Japanese letters: there are no spaces between their words."""
    if all(word.isascii() for word in single):
        return []
    return [
        "".join(single[at : at + size]) for size in range(2, _LONGEST_RUN + 1) for at in range(len(single) - size + 1)
    ]

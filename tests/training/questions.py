"""Trains the model that tells what is asked, or which error a text tells of where Salesforce's own words do not say.

It learns from sample questions, the documented errors (in carriers too), the guidance's patterns, the tune half of the
corpus and the real texts beside the repository; what is neither teaches it to say none. The gate half is never read.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from bot.adapters.library.sample_questions import read_sample_questions
from bot.adapters.trained import question_model
from bot.domain.recognition.guidance import ERROR_TOPICS
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.question_model import Family, Meaning, QuestionModel, features, shown, stems
from bot.domain.recognition.unescape import unescape
from bot.entrypoints.cli.gate import CORPUS, fitted, is_by_a_writer, source_of
from tests.domain.recognition.test_clients import OF_ANY_PROGRAM
from tests.domain.recognition.test_forms_of_errors import FORMS
from tests.domain.recognition.test_localised import ROWS as LOCALISED
from tests.domain.recognition.test_login_history import STATUSES, TEXTS
from tests.domain.recognition.test_matcher import FEW_WORDS
from tests.domain.recognition.test_new_errors import LOGIN_PAGES, NEW
from tests.domain.recognition.test_questions import NOT_THE_GUIDES, QUESTIONS
from tests.domain.recognition.test_whose_error import SALESFORCES_TOO
from tests.domain.recognition.test_wording import NOT_REPORTED, OVERHEARD, SAYS_LITTLE
from tests.paths import ROOT
from tests.recognition_helpers import GUIDANCE, MATCHER, spoken
from tests.training.texts import HERE, SHARED, WORDINGS, rows

_WEIGHTS = {
    "asked": 3.5,
    "not asked": 3.0,
    "question": 3.0,
    "form": 6.0,
    "pattern": 3.0,
    "tune": 1.4,
    "shared": 3.0,
    "silent": 0.5,
    "others": 0.5,
    "asked of others": 1.5,
    "carried": 0.5,
    "chat": 0.3,
}
"""Of a text of these groups; others weigh 1.

With 5 for ``asked`` and 1 for ``tune`` 3 more of the gate's 926 guide questions are answered rightly, and 6 fewer of
its 606 reports in everyday words.
"""
_UNSIGNED = 0.2  # of a text's weight goes to its words without the patterns in it, so that these are learnt too
_STRENGTH = 15.0  # how little the penalty counts; with 30 and 60 fewer of the questions left out are answered
_LEAST_TEXTS = 2  # that a feature must stand in
_MOST_FEATURES = {Family.TELLS: 4_000, Family.ASKS: 2_500, Family.NEITHER: 40_000}  # of a meaning, for the file's size
_CARRIED = 6  # carriers for each documented error
_FOLDS = 3
_ENTRY_WEIGHTS = {"pattern": 5.0}
"""The same for the models that tell the entry within a topic."""
_MOST_STEMS = 300  # of an entry
_ENTRY_STRENGTH = 10.0  # the same of the models that tell the entry within a topic
_NEITHER = Meaning(Family.NEITHER)
_BY_PATTERNS = Matcher(replace(GUIDANCE, load_questions=QuestionModel))
_TOPIC = {entry.id: entry.topic for entry in GUIDANCE.entries}
_USUAL = {**{entry.topic: entry.id for entry in reversed(GUIDANCE.entries)}, "other-salesforce-auth": "login-failed"}
"""The entry of each topic that its texts are taken for. Of each entry alone there are too few: a fifth of the texts in
everyday words that were left out lost their topic."""


class Sample(NamedTuple):
    """A text to learn from, what it means, and where it comes from; texts of one source are left out together.

    ``entry_id``: of an error the very entry, where it is known.
    """

    text: str
    meaning: Meaning
    group: str
    source: str = ""
    entry_id: str | None = None


def samples() -> list[Sample]:
    """All that is learnt from, each text once."""
    found = [*_questions(), *_documented(), *_patterns(), *_labelled(), *_silent()]
    return list({sample.text.casefold(): sample for sample in reversed(found)}.values())


def _questions() -> Iterator[Sample]:
    asked, mistakes = read_sample_questions(ROOT / "bot" / "guidance" / "asked", _TOPIC)
    if mistakes:
        raise SystemExit("\n".join(mistakes))
    yield from (_asked(sample.text, sample.entry_id) for sample in asked)
    yield from (_asked(text, section) for section, texts in QUESTIONS.items() for text in texts)
    yield from (_asked(text, None) for text in NOT_THE_GUIDES)
    for path in (CORPUS / "tune" / "question.jsonl", SHARED / "questions.jsonl", SHARED / "round2" / "asked.jsonl"):
        for row in rows(path):
            source = source_of(row | {"file": "question"}) if is_by_a_writer(row) else ""
            if row["label"] in ERROR_TOPICS:
                yield Sample(row["text"], _told(row["label"]), "question", source)
            elif row["label"] in _TOPIC or row["label"] == "none":
                yield _asked(row["text"], None if row["label"] == "none" else row["label"])._replace(source=source)


def _asked(text: str, entry_id: str | None) -> Sample:
    return Sample(text, Meaning(Family.ASKS, entry_id), "asked") if entry_id else Sample(text, _NEITHER, "not asked")


def _documented() -> Iterator[Sample]:
    rng = random.Random(1)  # noqa: S311 - the same texts each time
    errors = {row["text"]: row["accept"][0] for row in rows(CORPUS / "errors.jsonl")}
    for row in _catalogue():
        label = f"{row['code']}: " if re.fullmatch(r"\w+", row["code"]) else ""
        for text in row["descriptions"]:
            if not text.startswith("("):
                errors.setdefault(text if text.lower() == row["code"].lower() else label + text, row["topic"])
        if label:
            errors.setdefault(row["code"], row["topic"])
    errors = {**_printed(), **errors}
    paths = HERE / "carriers.jsonl", CORPUS / "tune" / "carriers.jsonl", SHARED / "carriers.jsonl"
    carriers = [carrier for path in paths for carrier in rows(path) if carrier["live"]]
    for error, topic in errors.items():
        yield Sample(error, _told(topic), "documented")
        for carrier in rng.sample(carriers, _CARRIED):
            text = carrier["text"].replace("{error}", fitted(error, carrier["fit"]))
            yield Sample(text, _told(topic), "carried", error)


def _printed() -> dict[str, str]:
    """What Salesforce prints by its documentation, in all its languages, with the topic of each."""
    of_entries = ((text, _TOPIC[entry]) for texts in (NEW, LOGIN_PAGES) for entry in texts for text in texts[entry])
    in_languages = ((text, topic) for topic, texts in LOCALISED.items() for text in texts)
    in_history = {text: topic for text, topic in STATUSES.values() if text}
    return {**dict(of_entries), **dict(in_languages), **in_history, **TEXTS}


def _catalogue() -> list[dict[str, Any]]:
    path = SHARED.parent / "reference" / "errors.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return found


def _patterns() -> Iterator[Sample]:
    held = {spoken(pattern): pattern.entry_id for pattern in GUIDANCE.patterns}
    for text, entry_id in (WORDINGS | held).items():
        meaning = _told(_TOPIC[entry_id])
        yield Sample(text, meaning, "pattern", text, entry_id)
        if (bare := text.removeprefix("Salesforce error: ")) != text:  # who asks need not say whose error it is
            yield Sample(bare, meaning, "pattern", text, entry_id)


def _labelled() -> Iterator[Sample]:
    for topic, texts in FORMS.items():
        yield from (Sample(text, _told(topic), "form") for text in texts)
    told = (*OVERHEARD.items(), *FEW_WORDS.items(), *SALESFORCES_TOO)
    yield from (Sample(text, _told(topic), "form") for text, topic in told)
    for name in ("live", "localised", "new"):
        for row in rows(CORPUS / "tune" / f"{name}.jsonl"):
            yield Sample(row["text"], _told(row["label"]), "tune", source_of(row | {"file": name}))
    for row in (*rows(SHARED / "pastes.jsonl"), *rows(SHARED / "round2" / "live.jsonl")):
        yield Sample(row["text"], _told(row["label"]), "shared")
    for row in rows(SHARED / "clients.jsonl"):
        if row["told"] and row["label"] in ERROR_TOPICS:
            yield Sample(row["text"], _told(row["label"]), "clients")


def _told(topic: str) -> Meaning:
    """The entry that a text of this topic tells of: one for all, so that its texts are learnt from together."""
    return Meaning(Family.TELLS, _USUAL[topic])


def _silent() -> Iterator[Sample]:
    tune, practice = CORPUS / "tune", SHARED / "round2"
    paths = [tune / f"{name}.jsonl" for name in ("team", "code")] + [practice / "team-chat.jsonl"]
    for row in (row for path in paths for row in rows(path)):
        # Who asks about an error that talk and programs tell of is answered.
        is_of_error = MATCHER.patterns_in(row["text"]) if is_by_a_writer(row) else _signs_of_error(row["text"])
        if not is_of_error:
            yield Sample(row["text"], _NEITHER, "silent")
    paths = [tune / f"{name}.jsonl" for name in ("healthy", "other-vendor", "sf-other")]
    paths += [practice / f"{name}.jsonl" for name in ("others", "sf-other")]
    for row in (row for path in paths for row in rows(path)):
        yield Sample(row["text"], _NEITHER, "asked of others" if row.get("asked") else "others")
    yield from (Sample(text, _NEITHER, "not asked") for text in OF_ANY_PROGRAM)
    yield from (Sample(text, _NEITHER, "question") for text in (*NOT_REPORTED, *SAYS_LITTLE))
    yield from (Sample(row["text"], _NEITHER, "chat") for row in rows(SHARED / "chat.jsonl"))


def _signs_of_error(text: str) -> list[str]:
    return [sign for sign in MATCHER.question_signs(text) if sign.startswith("p:")]


def trained(chosen: Sequence[Sample]) -> dict[str, Any]:
    """The model, as its file holds it: of each meaning the features that say most."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    read = [unescape(sample.text) for sample in chosen]
    asked = [text for text, sample in zip(read, chosen, strict=True) if sample.meaning.family is Family.ASKS]
    words = Counter(word for text in asked for word in set(stems(shown(text))))
    several = frozenset(word for word, times in words.items() if times > 1)
    there: list[set[str]] = []
    signs: list[set[str]] = []
    meanings: list[str] = []
    importance: list[float] = []
    for text, sample in zip(read, chosen, strict=True):
        # A word that stands in this question alone was unknown before it was written.
        wording = features(text, several if sample.meaning.family is Family.ASKS else words)
        of_text = MATCHER.question_signs(sample.text)
        of_patterns = {sign for sign in of_text if sign.startswith("p:")}
        unsigned = _UNSIGNED if of_patterns else 0.0
        for seen, share in ((of_text, 1 - unsigned), (of_text - of_patterns, unsigned)):
            if share:
                there.append(wording)
                signs.append(seen)
                meanings.append(_name(sample.meaning))
                importance.append(_WEIGHTS.get(sample.group, 1.0) * share)
    counts = Counter(feature for wording in there for feature in wording)
    known = {feature for feature, times in counts.items() if times >= _LEAST_TEXTS}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform(
        [
            dict.fromkeys(wording & known, len(wording) ** -0.5) | dict.fromkeys(seen, 1.0)
            for wording, seen in zip(there, signs, strict=True)
        ]
    )
    matrix = matrix.astype("float32")  # as exact as the file is, in half the time
    model = LogisticRegression(C=_STRENGTH, max_iter=1000, tol=1e-4)
    model.fit(matrix, meanings, sample_weight=importance)
    names = vectors.get_feature_names_out()
    topics = dict.fromkeys(
        _TOPIC[sample.meaning.entry_id] for sample in chosen if sample.meaning.family is Family.TELLS
    )
    return {
        "known": " ".join(sorted(words)),
        "meanings": _models(model, names, lambda meaning: _MOST_FEATURES[Family(meaning.split(" ")[0])]),
        "finer": {_name(_told(topic)): parts for topic in topics if (parts := _finer(chosen, topic))},
    }


def _finer(chosen: Sequence[Sample], topic: str) -> dict[str, Any]:
    """What speaks for each entry of a topic, by the texts whose entry is known or told by patterns.

    A topic with but one such entry needs none. Of the wordings that were left out 87 % led to their entry, 68 % to the
    one that is taken for all of the topic.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    mine = [sample for sample in chosen if sample.meaning == _told(topic)]
    known = ((sample, sample.entry_id or _entry_by_patterns(sample.text, topic)) for sample in mine)
    there = [(sample, entry_id) for sample, entry_id in known if entry_id]
    times = Counter(entry_id for _, entry_id in there)
    if len(times) == 1:
        return {}
    vectors = DictVectorizer()
    words = (set(stems(shown(unescape(sample.text)))) for sample, _ in there)
    matrix = vectors.fit_transform([dict.fromkeys(text, len(text) ** -0.5) for text in words])
    importance = [_ENTRY_WEIGHTS.get(sample.group, 1.0) * times[entry_id] ** -0.5 for sample, entry_id in there]
    model = LogisticRegression(C=_ENTRY_STRENGTH, max_iter=300)
    model.fit(matrix, [_name(Meaning(Family.TELLS, entry_id)) for _, entry_id in there], sample_weight=importance)
    return _models(model, vectors.get_feature_names_out(), lambda _: _MOST_STEMS)


def _entry_by_patterns(text: str, topic: str) -> str | None:
    entry = _BY_PATTERNS.recognise(text, asked=True).entry
    return entry.id if entry and entry.topic == topic and not entry.asks_for_url else None


def _name(meaning: Meaning) -> str:
    """A meaning, as the file names it."""
    return f"{meaning.family} {meaning.entry_id}"


def _models(model: Any, names: Collection[str], most: Callable[[str], int]) -> dict[str, Any]:
    """What was learnt for each meaning, as the file holds it; of two there is one line of weights, for the second."""
    lines = list(zip(model.intercept_, model.coef_, strict=True))
    if len(model.classes_) == 2:
        lines = [(sign * bias / 2, sign * weights / 2) for bias, weights in lines for sign in (-1, 1)]
    return {
        name: {"bias": round(float(bias), 2), "weights": _kept(names, weights, most(name))}
        for name, (bias, weights) in zip(model.classes_, lines, strict=True)
    }


def _kept(names: Collection[str], weights: Sequence[float], most: int) -> dict[str, float]:
    ranked = sorted(zip(weights, names, strict=True), key=lambda one: -abs(one[0]))[:most]
    return {str(name): round(float(weight), 1) for weight, name in sorted(ranked, key=lambda one: str(one[1]))}


def table(chosen: Sequence[Sample]) -> Iterator[str]:
    """How the corpus' reports and all questions are answered by models that their source was left out of."""
    right: Counter[str] = Counter()
    times: Counter[str] = Counter()
    judged = [sample for sample in chosen if sample.group in ("asked", "not asked", "question", "tune")]
    for fold in range(_FOLDS):
        model = question_model(trained([sample for sample in chosen if _fold(sample) != fold]))
        matcher = Matcher(replace(GUIDANCE, load_questions=partial(_itself, model)))
        for sample in judged:
            if _fold(sample) == fold:
                found = matcher.recognise(sample.text, asked=True).entry
                name = f"{sample.meaning.family}\t{_TOPIC.get(sample.meaning.entry_id, 'none')}"
                times[name] += 1
                right[name] += (found.topic if found else "none") == _TOPIC.get(sample.meaning.entry_id, "none")
    yield from (f"{name}\t{times[name]}\t{right[name] / times[name]:.1%}\n" for name in sorted(times))
    yield f"all\t\t{times.total()}\t{right.total() / times.total():.1%}\n"


def _itself(model: QuestionModel) -> QuestionModel:
    return model


def _fold(sample: Sample) -> int:
    return int(hashlib.sha256((sample.source or sample.text).encode()).hexdigest(), 16) % _FOLDS

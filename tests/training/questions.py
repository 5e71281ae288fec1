"""Trains the model that finds the section which a question asks for, from sample questions."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from bot.adapters.library.sample_questions import read_sample_questions
from bot.adapters.trained import question_model
from bot.domain.recognition.guidance import SECTION_TOPICS
from bot.domain.recognition.question_model import SampleQuestion, features, stems
from bot.entrypoints.cli.gate import CORPUS
from tests.domain.recognition.test_questions import NOT_THE_GUIDES, QUESTIONS
from tests.paths import ROOT
from tests.training.texts import SHARED, rows

_STRENGTH = 30.0  # how little the penalty counts; with 10 or 100 the questions left out are answered no better
_NONE_WEIGHT = 0.3  # of a question that the guide does not answer; there are as many of them as of all others
_LEAST_QUESTIONS = 2  # that a feature must stand in
_MOST_FEATURES = 4_000  # of a section, for the size of the file
_FOLDS = 4


def samples() -> list[SampleQuestion]:
    """All questions that are learnt from, each once."""
    found, mistakes = read_sample_questions(ROOT / "bot" / "guidance" / "asked")
    if mistakes:
        raise SystemExit("\n".join(mistakes))
    found += [SampleQuestion(section, text) for section, texts in QUESTIONS.items() for text in texts]
    found += [SampleQuestion(None, text) for text in NOT_THE_GUIDES]
    for row in rows(CORPUS / "tune" / "question.jsonl"):
        if row["kind"] != "error-question":
            found.append(SampleQuestion(None if row["label"] == "none" else row["label"], row["text"]))
    for name in ("questions.jsonl", "round2/asked.jsonl"):
        for row in rows(SHARED / name):
            if row["label"] in SECTION_TOPICS or row["label"] == "none":
                found.append(SampleQuestion(None if row["label"] == "none" else row["label"], row["text"]))
    return list({sample.text.casefold(): sample for sample in found}.values())


def trained(
    chosen: Sequence[SampleQuestion], importance: Sequence[float] | None = None, most: int = _MOST_FEATURES
) -> dict[str, Any]:
    """The model, as its file holds it: of each answer the ``most`` features that say most."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    words = Counter(word for sample in chosen if sample.section for word in set(stems(sample.text)))
    several = frozenset(word for word, times in words.items() if times > 1)
    # A word that stands in this question of the guide alone was unknown before it was written.
    there = [features(sample.text, several if sample.section else frozenset(words)) for sample in chosen]
    counts = Counter(feature for of_sample in there for feature in of_sample)
    known = {feature for feature, times in counts.items() if times >= _LEAST_QUESTIONS}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([dict.fromkeys(of_sample & known, len(of_sample) ** -0.5) for of_sample in there])
    model = LogisticRegression(C=_STRENGTH, max_iter=300, tol=1e-3)
    importance = importance or [1.0 if sample.section else _NONE_WEIGHT for sample in chosen]
    model.fit(matrix, [sample.section or "" for sample in chosen], sample_weight=importance)
    names = vectors.get_feature_names_out()
    return {
        "known": " ".join(sorted(words)),
        "answers": {
            str(section): {"bias": round(float(bias), 2), "weights": _kept(names, weights, most)}
            for section, bias, weights in zip(model.classes_, model.intercept_, model.coef_, strict=True)
        },
    }


def _kept(names: Collection[str], weights: Sequence[float], most: int) -> dict[str, float]:
    ranked = sorted(zip(weights, names, strict=True), key=lambda one: -abs(one[0]))[:most]
    return {str(name): round(float(weight), 1) for weight, name in sorted(ranked, key=lambda one: str(one[1]))}


def table(chosen: Sequence[SampleQuestion]) -> Iterator[str]:
    """For each section how many of its questions find it when they are left out of the training."""
    right: Counter[str | None] = Counter()
    for fold in range(_FOLDS):
        model = question_model(trained([sample for sample in chosen if _fold(sample) != fold]))
        for sample in chosen:
            if _fold(sample) == fold:
                likely = model.probabilities(sample.text)
                right[sample.section] += max(likely, key=lambda section: likely[section]) == sample.section
    for section, times in sorted(Counter(sample.section for sample in chosen).items(), key=str):
        yield f"question\t{section or 'none'}\t{times}\t{right[section] / times:.1%}\n"


def _fold(sample: SampleQuestion) -> int:
    return int(hashlib.sha256(sample.text.encode()).hexdigest(), 16) % _FOLDS

"""Trains the two models that tell a report of an error from source that is shown and from talk about errors.

A group of texts weighs as much as ``WEIGHTS`` says, however many they are. Where a model draws its line is read off
texts of forms that were left out of the training: it may lose the share of reports that ``LOST`` allows.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bot.domain.recognition.linear import LinearModel
from bot.domain.recognition.reports import TOLD
from tests.recognition_helpers import MATCHER
from tests.training.texts import PROGRAM, REPORT, TALK, Text

WEIGHTS = {
    "pastes": 600,
    "clients": 150,
    "report forms": 700,
    "report carriers": 500,
    "tune report carriers": 250,
    "shared report carriers": 250,
    "forms": 400,
    "patterns": 150,
    "tune reports": 250,
    "shared reports": 250,
    "told report": 300,
    "below programs": 150,
    "program forms": 400,
    "program carriers": 400,
    "tune program carriers": 150,
    "shared program carriers": 150,
    "tune programs": 250,
    "shared programs": 300,
    "amid programs": 300,
    "planted programs": 800,
    "others' programs": 80,
    "talk forms": 1000,
    "talk carriers": 700,
    "tune talk carriers": 200,
    "shared talk carriers": 200,
    "tune talk": 350,
    "shared talk": 300,
    "silent": 500,
    "told talk": 400,
    "prose": 100,
    "planted documents": 120,
}
LOST = {PROGRAM: 0.015, TALK: 0.02, TOLD: 0.05}
"""Which share of the reports of unknown form each line may cost."""
_NOT_COUNTED = ("patterns", "below programs")  # reports that were made, and so say little of what people write
_PENALTIES = {PROGRAM: (1.0, 8.0), TALK: (0.0, 10.0)}  # of each model L1's share, and how little the penalty counts
_FOLDS = 3
_LEAST_TEXTS = 3  # that a feature must stand in
_MOST_FEATURES = 14_000  # of a model, for the size of the file


class Sample(NamedTuple):
    """One line with an error in a text."""

    text: Text
    number: int
    features: set[str]
    share: float


def samples(found: Sequence[Text]) -> list[Sample]:
    """The lines with errors in all these texts; a text without any pattern teaches nothing."""
    result = []
    for number, text in enumerate(found):
        lines = list(MATCHER.report_features(text.text))
        result += [Sample(text, number, features, 1 / len(lines)) for features in lines]
    return result


def trained(chosen: Sequence[Sample]) -> dict[str, Any]:
    """Both models, as the weights file holds them."""
    held_out: dict[str, list[tuple[Sample, float]]] = {name: list(_held_out(chosen, name)) for name in _PENALTIES}
    models = {name: _model(chosen, name) for name in _PENALTIES}
    named = [(sample, score) for sample, score in held_out[TALK] if TOLD not in sample.features]
    told = [(sample, score) for sample, score in held_out[TALK] if TOLD in sample.features]
    lines = {PROGRAM: _line(held_out[PROGRAM], LOST[PROGRAM]), TALK: _line(named, LOST[TALK])}
    sure = _line(told, LOST[TOLD]) - lines[TALK]
    for name, line in lines.items():
        models[name]["bias"] = round(models[name]["bias"] - line, 2)
    return {**models, "sure": round(sure, 2)}


def table(chosen: Sequence[Sample]) -> Iterator[str]:
    """How many texts of each group are judged rightly when their form was left out."""
    scores = {name: {id(sample): score for sample, score in _held_out(chosen, name, every=True)} for name in _PENALTIES}
    both = [[(sample, scores[name][id(sample)]) for sample in chosen] for name in (PROGRAM, TALK)]
    named = [pair for pair in both[1] if TOLD not in pair[0].features]
    told = [pair for pair in both[1] if TOLD in pair[0].features]
    lines = _line(both[0], LOST[PROGRAM]), _line(named, LOST[TALK]), _line(told, LOST[TOLD])
    is_report: dict[int, bool] = defaultdict(bool)
    for (sample, program), (_, talk) in zip(*both, strict=True):
        is_report[sample.number] |= program >= lines[0] and talk >= lines[2 if TOLD in sample.features else 1]
    texts = {sample.number: sample.text for sample in chosen}
    right: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for number, text in texts.items():
        right[text.label, text.group].append(is_report[number] == (text.label == REPORT))
    for (label, group), judged in sorted(right.items()):
        yield f"{label}\t{group}\t{len(judged)}\t{sum(judged) / len(judged):.1%}\n"


def _line(scored: Sequence[tuple[Sample, float]], lost: float) -> float:
    """The score below which the best line of that share of the reports lies; every group counts alike."""
    best: dict[int, float] = {}
    groups: dict[int, str] = {}
    for sample, score in scored:
        if sample.text.label == REPORT and sample.text.group not in _NOT_COUNTED:
            best[sample.number] = max(best.get(sample.number, score), score)
            groups[sample.number] = sample.text.group
    sizes = Counter(groups.values())
    below = 0.0
    for number in sorted(best, key=lambda number: best[number]):
        below += 1 / sizes[groups[number]] / len(sizes)
        if below > lost:
            return best[number]
    return 0.0


def _held_out(chosen: Sequence[Sample], against: str, *, every: bool = False) -> Iterator[tuple[Sample, float]]:
    """The samples with their scores by a model that knows no text of their form; ``every``: of the other kind too."""
    for fold in range(_FOLDS):
        model = _model([sample for sample in chosen if _fold(sample) != fold], against)
        linear = LinearModel(model["weights"], model["bias"])
        for sample in chosen:
            if _fold(sample) == fold and (every or sample.text.label in (REPORT, against)):
                yield sample, linear.score(sample.features)


def _fold(sample: Sample) -> int:
    return int(hashlib.sha256(sample.text.form.encode()).hexdigest(), 16) % _FOLDS


def _model(chosen: Sequence[Sample], against: str) -> dict[str, Any]:
    """The weights that tell reports from what ``against`` names."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    l1_share, strength = _PENALTIES[against]
    mine = [sample for sample in chosen if sample.text.label in (REPORT, against)]
    seen: dict[str, set[int]] = defaultdict(set)
    sizes: dict[str, float] = defaultdict(float)
    for sample in mine:
        sizes[sample.text.group] += sample.share
        for feature in sample.features:
            seen[feature].add(sample.number)
    known = {feature for feature, numbers in seen.items() if len(numbers) >= _LEAST_TEXTS}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform(
        [dict.fromkeys(sample.features & known, len(sample.features) ** -0.5) for sample in mine]
    )
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")  # all that it takes
    importance = [WEIGHTS[sample.text.group] * sample.share / sizes[sample.text.group] for sample in mine]
    model = LogisticRegression(C=strength, l1_ratio=l1_share, max_iter=300, solver="liblinear", random_state=1)
    model.fit(matrix, [sample.text.label == REPORT for sample in mine], sample_weight=importance)
    ranked = sorted(zip(model.coef_[0], vectors.get_feature_names_out(), strict=True), key=lambda one: -abs(one[0]))
    kept = {str(feature): round(float(weight), 2) for weight, feature in ranked[:_MOST_FEATURES]}
    return {
        "bias": round(float(model.intercept_[0]), 2),
        "weights": {feature: weight for feature, weight in sorted(kept.items()) if abs(weight) >= 0.05},
    }

"""Trains the two models that tell a report of an error from source that is shown and from talk about errors.

A group of texts weighs as much as ``WEIGHTS`` says, however many they are; what many hands wrote weighs twice as
much as all that was made. Where the line is drawn is read off texts of forms that were left out of the training: it may
lose a share of people's reports, more of those in everyday words than of those that name their error.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any, NamedTuple

from bot.domain.recognition.linear import LinearModel, ReportModels
from bot.domain.recognition.report_features import Line
from bot.domain.recognition.reports import TOLD
from tests.recognition_helpers import MATCHER
from tests.training.planted import PROGRAM, REPORT, TALK, Text

WEIGHTS = {
    "pastes": 2000,
    "clients": 1500,
    "report forms": 1900,
    "report carriers": 5200,
    "tune report carriers": 500,
    "shared report carriers": 375,
    "forms": 2600,
    "patterns": 2000,
    "printed": 4400,
    "tune reports": 20000,
    "shared reports": 500,
    "told report": 2000,
    "below programs": 700,
    "program forms": 600,
    "program carriers": 1200,
    "tune program carriers": 150,
    "shared program carriers": 150,
    "tune programs": 10000,
    "shared programs": 600,
    "amid programs": 300,
    "planted programs": 1300,
    "others' programs": 80,
    "talk forms": 2500,
    "talk carriers": 12000,
    "tune talk carriers": 1000,
    "shared talk carriers": 800,
    "tune talk": 22000,
    "shared talk": 600,
    "silent": 1800,
    "told talk": 3400,
    "prose": 600,
    "planted documents": 3000,
    "found documents": 1600,
    "found programs": 2500,
    "named documents": 1000,
    "named programs": 1000,
}
PEOPLES = ("pastes", "clients", "tune reports", "shared reports")
"""Reports that were not made from forms: by them the line is drawn."""
LOST, LOST_TOLD = 0.052, 0.08
"""Which share of the reports of unknown form the line may cost, where they name their error and where they tell of it.

In everyday words talk is nearer: with 0.05 there as well, of the gate four texts more that are no report are answered,
and one report more.
"""
_STRENGTH = 60.0  # how little the penalty of large weights counts; 20 leaves as much talk alone
_OF_LAYOUT = 0.05  # how much a feature of the layout counts; with 0.2 a tenth more of talk left out is answered
_FOLDS = 5
_LEAST_TEXTS = 3  # that a feature must stand in
_LEAST_WEIGHT = 0.05
_MOST_FEATURES = 30_000  # of a model, for the size of the file


class Sample(NamedTuple):
    """One line with an error in a text."""

    text: Text
    number: int
    features: Line
    share: float


def samples(found: Sequence[Text]) -> list[Sample]:
    """The lines with errors in all these texts; a text without any pattern teaches nothing."""
    result = []
    for number, text in enumerate(found):
        lines = list(MATCHER.report_features(text.text))
        result += [Sample(text, number, features, 1 / len(lines)) for features in lines]
    return result


def trained(chosen: Sequence[Sample]) -> dict[str, Any]:
    """Both models, as the weights file holds them; they share the line between them."""
    scores = _held_out(chosen)
    named, told = (_line(scores, chosen, told=told) for told in (False, True))
    models = {name: _model(chosen, name) for name in (PROGRAM, TALK)}
    for model in models.values():
        model["bias"] = round(model["bias"] - named, 2)
        model["weights"][TOLD] = round(model["weights"].get(TOLD, 0.0) - (told - named), 3)
    return models


def table(chosen: Sequence[Sample]) -> Iterator[str]:
    """How many texts of each group are judged rightly when their form was left out."""
    scores = _held_out(chosen)
    lines = {told: _line(scores, chosen, told=told) for told in (False, True)}
    right: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for number, sample in {sample.number: sample for sample in chosen}.items():
        is_report = scores[number] >= lines[_is_told(sample)]
        right[sample.text.label, sample.text.group].append(is_report == (sample.text.label == REPORT))
    for (label, group), judged in sorted(right.items()):
        yield f"{label}\t{group}\t{len(judged)}\t{sum(judged) / len(judged):.1%}\n"


def _line(scores: Mapping[int, float], chosen: Sequence[Sample], *, told: bool) -> float:
    """The score below which that share of people's reports lies, of those in everyday words or of the others."""
    numbers = {sample.number for sample in chosen if sample.text.group in PEOPLES and _is_told(sample) == told}
    ranked = sorted(scores[number] for number in numbers)
    return ranked[int((LOST_TOLD if told else LOST) * len(ranked))]


def _is_told(sample: Sample) -> bool:
    return TOLD in sample.features.layout


def _held_out(chosen: Sequence[Sample]) -> dict[int, float]:
    """The score of each text by models that know no text of its form: its lines' on the whole."""
    lines: dict[int, list[float]] = defaultdict(list)
    for fold in range(_FOLDS):
        known = [sample for sample in chosen if _fold(sample) != fold]
        fitted = (_model(known, name) for name in (PROGRAM, TALK))
        models = ReportModels(*(LinearModel(model["weights"], model["bias"]) for model in fitted))
        for sample in chosen:
            if _fold(sample) == fold:
                lines[sample.number].append(models.score(*sample.features))
    return {number: fmean(scores) for number, scores in lines.items()}


def _fold(sample: Sample) -> int:
    return int(hashlib.sha256(sample.text.form.encode()).hexdigest(), 16) % _FOLDS


def _model(chosen: Sequence[Sample], against: str) -> dict[str, Any]:
    """The weights that tell reports from what ``against`` names.

    They are fitted twice: the second time with the features alone that said most the first time. Merely cutting the
    others off would answer a quarter more of the talk of unknown hands.
    """
    import numpy
    from sklearn.feature_extraction import DictVectorizer

    mine = [sample for sample in chosen if sample.text.label in (REPORT, against)]
    seen: dict[str, set[int]] = defaultdict(set)
    sizes: dict[str, float] = defaultdict(float)
    for sample in mine:
        sizes[sample.text.group] += sample.share
        for feature in (*sample.features.wording, *sample.features.layout):
            seen[feature].add(sample.number)
    known = {feature for feature, numbers in seen.items() if len(numbers) >= _LEAST_TEXTS}
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([_values(sample.features, known) for sample in mine])
    names = vectors.get_feature_names_out()
    importance = numpy.array([WEIGHTS[sample.text.group] * sample.share / sizes[sample.text.group] for sample in mine])
    is_report = numpy.array([sample.text.label == REPORT for sample in mine])
    layouts = frozenset().union(*(sample.features.layout for sample in mine))
    is_layout = numpy.array([name in layouts for name in names])
    weights, _ = _fitted(matrix, is_layout, is_report, importance)
    said = numpy.abs(weights) * numpy.sqrt(matrix.getnnz(axis=0))
    kept = numpy.sort(numpy.argsort(-said)[:_MOST_FEATURES])
    weights, bias = _fitted(matrix[:, kept], is_layout[kept], is_report, importance)
    return {
        "bias": round(bias, 2),
        "weights": {
            str(name): round(weight * _OF_LAYOUT, 3) if name in layouts else round(weight, 2)
            for name, weight in zip(names[kept], map(float, weights), strict=True)
            if abs(weight) >= _LEAST_WEIGHT
        },
    }


def _fitted(matrix: Any, is_layout: Any, is_report: Any, importance: Any) -> tuple[Any, float]:
    """The weight of each feature, and the bias.

    What is written may weigh more where its shares in reports and in the others differ, as words do in Wang and
    Manning's *Baselines and Bigrams* (2012): a tenth less of the talk of unknown hands is answered.
    """
    import numpy
    from sklearn.linear_model import LogisticRegression

    there = matrix.copy()
    there.data = numpy.ones_like(there.data)
    shares = [there.T @ (importance * label) + importance.mean() for label in (is_report, ~is_report)]
    odds = numpy.sqrt(numpy.abs(numpy.log((shares[0] / shares[0].sum()) / (shares[1] / shares[1].sum()))))
    telling = numpy.where(is_layout, 1.0, odds / odds[~is_layout].mean())
    there.data = matrix.data * telling[matrix.indices]
    there.indices, there.indptr = there.indices.astype("int32"), there.indptr.astype("int32")  # all that it takes
    model = LogisticRegression(C=_STRENGTH, tol=0.01, max_iter=300, solver="liblinear", random_state=1)
    model.fit(there, is_report, sample_weight=importance)
    return model.coef_[0] * telling, float(model.intercept_[0])


def _values(features: Line, known: set[str]) -> dict[str, float]:
    """What stands there of a line: its wording the less the more there is of it, its text's layout alike in all."""
    wording = dict.fromkeys(features.wording & known, len(features.wording) ** -0.5)
    return wording | dict.fromkeys(features.layout & known, _OF_LAYOUT)

"""``python app.py evaluate --gate``: whether recognition is good enough on labelled texts that nobody tunes it on.

The corpus lies in ``tests/corpus`` of the repository (its README tells the form). Its gate half is scored by kind; what
looks like a fit to single texts is found by leaving one source out: a text is scored without the patterns that nothing
but its own source supports. Crossed with every documented error, carriers show that the form of a message is
understood, whichever error stands in it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from bot.domain.errors import AskerError
from bot.domain.recognition.guidance import ERROR_TOPICS, Guidance
from bot.domain.recognition.linear import LinearModel
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.question_model import QuestionModel, features
from bot.domain.recognition.unescape import unescape
from bot.entrypoints.cli.score import NONE, wilson

CORPUS = Path(__file__).resolve().parents[3] / "tests" / "corpus"
CORE = ("app-not-installed", "app-blocked", "user-not-approved", "token-expired-or-revoked")
REPORTS = ("live", "localised", "new-since-2025")
BARS: dict[str, float] = {
    "core four, asked": 0.975,
    "core four, heard": 0.955,
    "all topics, asked": 0.97,
    "all topics, heard": 0.945,
    "told, asked": 0.93,
    "told, heard": 0.875,
    "guide-question, asked": 0.90,
    "not-in-guide, asked": 0.975,
    "error-question, asked": 0.955,
    "team, heard": 0.97,
    "prose, heard": 0.96,
    "code, heard": 0.99,
    "other-vendor, heard": 0.99,
    "other-vendor, asked": 0.96,
    "sf-other, heard": 0.98,
    "healthy, heard": 0.965,
    "carriers that report, heard": 0.96,
    "carriers that retell, heard": 0.95,
    "one source left out, heard": 0.965,
    "one source left out, asked": 0.98,
    "one source left out, core four, asked": 0.98,
    "one writer left out, heard": 0.91,
    "one writer left out, asked": 0.965,
    "one writer left out, core four, asked": 0.97,
}
"""The least share of texts that must be right, by the name of a row; rows without one only inform."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: how many texts of a kind were right, and how many must be."""

    name: str
    right: int
    texts: int
    bar: float | None = None

    @property
    def holds(self) -> bool:
        """Whether enough are right."""
        return self.bar is None or self.right >= self.bar * self.texts

    def __str__(self) -> str:
        low, high = wilson(self.right, self.texts)
        share = self.right / self.texts
        wanted = "" if self.bar is None else f"{self.bar:.1%}" if self.holds else f"{self.bar:.1%} not reached"
        return f"{self.name}\t{self.right}/{self.texts}\t{share:.1%}\t{low:.1%}-{high:.1%}\t{wanted}".rstrip()


def gate(guidance: Guidance, corpus: Path | None = None) -> list[Line]:
    """The whole table. Raises AskerError where there is no corpus."""
    corpus = corpus or CORPUS
    if not corpus.is_dir():
        raise AskerError(f"The labelled texts are not there: {corpus}. They come with the repository.")
    matcher = Matcher(guidance)
    counts: dict[str, list[bool]] = defaultdict(list)
    for name, is_right in (
        *_by_kind(matcher, read(corpus / "gate")),
        *_crossed(matcher, corpus),
        *_without_its_source(guidance, [row for half in ("tune", "gate") for row in read(corpus / half)]),
    ):
        counts[name].append(is_right)
    return [Line(name, sum(right), len(right), BARS.get(name)) for name, right in counts.items()]


def read(half: Path) -> list[dict[str, Any]]:
    """Every labelled text of a half, each with the file that it comes from."""
    paths = [path for path in sorted(half.glob("*.jsonl")) if path.name != "carriers.jsonl"]
    return [row | {"file": path.stem} for path in paths for row in _rows(path)]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _by_kind(matcher: Matcher, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, bool]]:
    for row in rows:
        for asked in (False, True) if row["asked"] == "both" else (row["asked"],):
            is_right = judged(matcher, row, asked=asked)
            if is_right is None:
                continue
            how = "asked" if asked else "heard"
            yield f"{row['kind']}, {how}", is_right
            if row["label"] in ERROR_TOPICS and row["kind"] in REPORTS:
                yield f"all topics, {how}", is_right
                if row["label"] in CORE:
                    yield f"core four, {how}", is_right
            if row["label"] == NONE and not asked:
                yield f"{row['kind']}: {row['form']}, heard", is_right


def judged(matcher: Matcher, row: dict[str, Any], *, asked: bool) -> bool | None:
    """Whether a text is answered rightly; None where silence is as good as the answer."""
    found = _topic(matcher, row["text"], asked=asked)
    if found == NONE and row["silent_ok"] and not asked and row["label"] != NONE:
        return None
    return found in row["accept"]


def _topic(matcher: Matcher, text: str, *, asked: bool) -> str:
    entry = matcher.recognise(text, asked=asked).entry
    return entry.topic if entry else NONE


# --- carriers ------------------------------------------------------------------------------------------


def fitted(error: str, fit: str) -> str:
    """An error as a carrier holds it."""
    if fit == "url":
        return quote_plus(error)
    for _ in range({"plain": 0, "json": 1, "json-twice": 2}[fit]):
        error = json.dumps(error)[1:-1]
    return error


def _crossed(matcher: Matcher, corpus: Path) -> Iterator[tuple[str, bool]]:
    """Every carrier with every error. Where nothing tells whose error it is, silence is as good."""
    errors = _rows(corpus / "errors.jsonl")
    plain = {error["text"]: _topic(matcher, error["text"], asked=False) for error in errors}
    for carrier in _rows(corpus / "gate" / "carriers.jsonl"):
        for error in errors:
            found = _topic(
                matcher, carrier["text"].replace("{error}", fitted(error["text"], carrier["fit"])), asked=False
            )
            if not carrier["live"]:
                yield f"carriers that retell: {carrier['kind']}, heard", found == NONE
                yield "carriers that retell, heard", found == NONE
            elif carrier["names_salesforce"] or plain[error["text"]] != NONE:
                yield f"carriers that report: {carrier['kind']}, heard", found in error["accept"]
                yield "carriers that report, heard", found in error["accept"]


# --- leaving one source out ----------------------------------------------------------------------------


def _without_its_source(guidance: Guidance, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, bool]]:
    """The reports, each without the patterns that only texts of its own source hold."""
    reports = [row for row in rows if row["kind"] in REPORTS]
    whole, model = Matcher(guidance), guidance.load_questions()
    sources: dict[str, set[str]] = defaultdict(set)
    heard_in: dict[str, set[str]] = defaultdict(set)
    for row in reports:
        for pattern in whole.patterns_in(row["text"]):
            sources[pattern.text].add(source_of(row))
        for feature in features(unescape(row["text"]), model.known):
            heard_in[feature].add(source_of(row))
    for source in dict.fromkeys(map(source_of, reports)):
        lone = {text for text, supporting in sources.items() if supporting == {source}}
        kept = tuple(pattern for pattern in guidance.patterns if pattern.text not in lone)
        known = {feature for feature, supporting in heard_in.items() if supporting == {source}}
        left = partial(_without, model, known)
        matcher = Matcher(replace(guidance, patterns=kept, load_questions=left))
        for row in reports:
            if source_of(row) == source:
                yield from _left_out(matcher, row)


def _without(model: QuestionModel, gone: Set[str]) -> QuestionModel:
    """The model without these features."""
    return replace(
        model,
        meanings={
            meaning: LinearModel({name: weight for name, weight in one.weights.items() if name not in gone}, one.bias)
            for meaning, one in model.meanings.items()
        },
    )


def _left_out(matcher: Matcher, row: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    left = "one writer left out" if is_by_a_writer(row) else "one source left out"
    for asked in (False, True):
        is_right = judged(matcher, row, asked=asked)
        if is_right is not None:
            yield f"{left}, {'asked' if asked else 'heard'}", is_right
            if row["label"] in CORE and asked:
                yield f"{left}, core four, asked", is_right


def source_of(row: dict[str, Any]) -> str:
    """What a text is one of: the texts of one form in one file were written alike, in the third round a writer's."""
    return f"{row['file']}: {row['id'].split('-')[-2] if is_by_a_writer(row) else row['form']}"


def is_by_a_writer(row: dict[str, Any]) -> bool:
    """Whether a text is of the third round, whose writers each wrote some hundred texts in as many forms."""
    form: str = row.get("form", "")
    return form.endswith("-r3")

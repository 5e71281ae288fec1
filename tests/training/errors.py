"""Trains the model that finds the error which a text tells of, where no pattern says which.

It learns from the documented errors (in carriers too), the guidance's patterns, the tune half of the corpus and the
real texts beside the repository; what is no error of these teaches it to say none. The gate half is never read.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from bot.adapters.trained import question_model
from bot.domain.recognition.guidance import ERROR_TOPICS
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.question_model import QuestionModel, SampleQuestion
from bot.domain.recognition.unescape import unescape
from bot.domain.recognition.wording import shown
from bot.entrypoints.cli.gate import CORPUS, REPORTS, fitted, is_by_a_writer, source_of
from tests.domain.recognition.test_forms_of_errors import FORMS
from tests.recognition_helpers import GUIDANCE, MATCHER, spoken
from tests.training import questions
from tests.training.texts import HERE, SHARED, rows

_WEIGHTS = {"question": 1.5, "silent": 0.5, "chat": 0.3, "carried": 0.5, "pattern": 0.7}
"""Of a text of these groups; others weigh 1."""
_MOST_FEATURES = 900  # of an entry, for the size of the file
_CARRIED = 6  # carriers for each documented error
_FOLDS = 3
_TOPIC = {entry.id: entry.topic for entry in GUIDANCE.entries}
_USUAL = {**{entry.topic: entry.id for entry in reversed(GUIDANCE.entries)}, "other-salesforce-auth": "login-failed"}
"""The entry of each topic that a text is taken for whose pattern nobody knows."""


class Sample(NamedTuple):
    """A text to learn from, its topic (None: no error of these), and where it comes from."""

    text: str
    topic: str | None
    group: str
    source: str = ""
    entry: str | None = None


def samples() -> list[Sample]:
    """All that is learnt from, each text once."""
    found = [*_documented(), *_patterns(), *_labelled(), *_silent()]
    return list({sample.text: sample for sample in reversed(found)}.values())


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
    paths = HERE / "carriers.jsonl", CORPUS / "tune" / "carriers.jsonl", SHARED / "carriers.jsonl"
    carriers = [carrier for path in paths for carrier in rows(path) if carrier["live"]]
    for error, topic in errors.items():
        yield Sample(error, topic, "documented")
        for carrier in rng.sample(carriers, _CARRIED):
            text = carrier["text"].replace("{error}", fitted(error, carrier["fit"]))
            yield Sample(text, topic, "carried", error)


def _catalogue() -> list[dict[str, Any]]:
    path = SHARED.parent / "reference" / "errors.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return found


def _patterns() -> Iterator[Sample]:
    for pattern in GUIDANCE.patterns:
        yield Sample(spoken(pattern), _TOPIC[pattern.entry_id], "pattern", pattern.text, pattern.entry_id)


def _labelled() -> Iterator[Sample]:
    for topic, texts in FORMS.items():
        yield from (Sample(text, topic, "form") for text in texts)
    for name in ("live", "localised", "new"):
        for row in rows(CORPUS / "tune" / f"{name}.jsonl"):
            yield Sample(row["text"], row["label"], "tune", source_of(row | {"file": name}))
    for row in (*rows(SHARED / "pastes.jsonl"), *rows(SHARED / "round2" / "live.jsonl")):
        yield Sample(row["text"], row["label"], "shared")
    for row in rows(SHARED / "clients.jsonl"):
        if row["told"] and row["label"] in ERROR_TOPICS:
            yield Sample(row["text"], row["label"], "clients")


def _silent() -> Iterator[Sample]:
    for row in (*rows(CORPUS / "tune" / "question.jsonl"), *rows(SHARED / "round2" / "asked.jsonl")):
        if row.get("form") == "complaint":  # without an error's words: 14 of 40 were learnt, and 7 of 926 others lost
            continue
        yield Sample(row["text"], row["label"] if row["label"] in ERROR_TOPICS else None, "question")
    for sample in questions.samples():
        yield Sample(sample.text, None, "question")
    for folder, names in (
        (CORPUS / "tune", ("team", "code", "healthy", "other-vendor", "sf-other")),
        (SHARED / "round2", ("team-chat", "others", "sf-other")),
    ):
        for row in (row for name in names for row in rows(folder / f"{name}.jsonl")):
            # Who asks about what the third round's talk and programs tell of or show is answered.
            if not (is_by_a_writer(row) and MATCHER.patterns_in(row["text"])):
                yield Sample(row["text"], None, "silent")
    yield from (Sample(row["text"], None, "chat") for row in rows(SHARED / "chat.jsonl"))


def trained(chosen: Sequence[Sample]) -> dict[str, Any]:
    """The model, as its file holds it."""
    taught = [SampleQuestion(_entry(sample), shown(unescape(sample.text))) for sample in chosen]
    return questions.trained(taught, [_WEIGHTS.get(sample.group, 1.0) for sample in chosen], _MOST_FEATURES)


def _entry(sample: Sample) -> str | None:
    """The entry that a text of this topic is answered with."""
    if sample.topic is None or sample.entry:
        return sample.entry
    found = MATCHER.recognise(sample.text, asked=True).entry
    return found.id if found and found.topic == sample.topic else _USUAL[sample.topic]


def table(chosen: Sequence[Sample]) -> Iterator[str]:
    """How the reports of the corpus are answered, one source left out, by a model that it was left out of as well.

    Several sources are left out at once, for the time that the training takes: a model knows less than it might.
    """
    reports = [
        row | {"file": name}
        for half in ("tune", "gate")
        for name in ("live", "localised", "new")
        for row in rows(CORPUS / half / f"{name}.jsonl")
        if row["kind"] in REPORTS
    ]
    supporting: dict[str, set[str]] = defaultdict(set)
    for row in reports:
        for pattern in MATCHER.patterns_in(row["text"]):
            supporting[pattern.text].add(source_of(row))
    sources = sorted(set(map(source_of, reports)))
    right: Counter[str] = Counter()
    for fold in range(_FOLDS):
        out = set(sources[fold::_FOLDS])
        gone = out | {text for text, sources_of_it in supporting.items() if sources_of_it <= out}
        model = question_model(trained([sample for sample in chosen if sample.source not in gone]))
        for source in out:
            kept = tuple(pattern for pattern in GUIDANCE.patterns if supporting[pattern.text] != {source})
            matcher = Matcher(replace(GUIDANCE, patterns=kept, load_errors=partial(_itself, model)))
            for row in reports:
                if source_of(row) == source:
                    found = matcher.recognise(row["text"], asked=True).entry
                    right[row["label"]] += found is not None and found.topic in row["accept"]
    for topic, times in sorted(Counter(row["label"] for row in reports).items()):
        yield f"error, its source left out\t{topic}\t{times}\t{right[topic] / times:.1%}\n"
    yield f"error, its source left out\tall\t{len(reports)}\t{right.total() / len(reports):.1%}\n"


def _itself(model: QuestionModel) -> QuestionModel:
    return model

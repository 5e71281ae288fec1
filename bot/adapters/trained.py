"""The weights that were trained offline (tests/training) and are shipped beside the guidance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.recognition.linear import LinearModel, ReportModels
from bot.domain.recognition.question_model import Family, Meaning, QuestionModel

_WEIGHTS = Path(__file__).resolve().parents[1] / "guidance" / "weights"


@cache
def read_report_models() -> ReportModels:
    """The models that tell reports of errors from what only tells about them."""
    models = _read("reports.json")
    program, talk = (LinearModel(models[name]["weights"], models[name]["bias"]) for name in ("program", "talk"))
    return ReportModels(program, talk)


@cache
def read_question_model() -> QuestionModel:
    """The model that finds what a question asks for, or which error it tells of."""
    return question_model(_read("questions.json"))


def question_model(content: Mapping[str, Any]) -> QuestionModel:
    """The model as a record; the family of each meaning stands before its entry."""
    finer = {_meaning(name): _meanings(parts) for name, parts in content["finer"].items()}
    return QuestionModel(_meanings(content["meanings"]), frozenset(content["known"].split()), finer)


def _meanings(content: Mapping[str, Any]) -> dict[Meaning, LinearModel]:
    return {_meaning(name): LinearModel(one["weights"], one["bias"]) for name, one in content.items()}


def _meaning(name: str) -> Meaning:
    family, _, entry_id = name.partition(" ")
    return Meaning(Family(family), entry_id)


def _read(name: str) -> dict[str, Any]:
    # A weight has two digits behind the point, so most stand many times: kept once each they take half the memory.
    once = cache(float)
    models: dict[str, Any] = json.loads((_WEIGHTS / name).read_text(encoding="utf-8"), parse_float=once)
    return models

"""The weights that were trained offline (tests/training) and are shipped beside the guidance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.recognition.linear import LinearModel, ReportModels
from bot.domain.recognition.question_model import QuestionModel

_WEIGHTS = Path(__file__).resolve().parents[1] / "guidance" / "weights"


@cache
def read_report_models() -> ReportModels:
    """The models that tell reports of errors from what only tells about them."""
    models = _read("reports.json")
    program, talk = (LinearModel(models[name]["weights"], models[name]["bias"]) for name in ("program", "talk"))
    return ReportModels(program, talk)


@cache
def read_question_model() -> QuestionModel:
    """The model that finds the section which a question asks for."""
    return question_model(_read("questions.json"))


@cache
def read_error_model() -> QuestionModel:
    """The model that finds the error which a text tells of."""
    return question_model(_read("errors.json"))


def question_model(content: Mapping[str, Any]) -> QuestionModel:
    """The model as a record; the answer without a name is none."""
    answers = {name or None: LinearModel(one["weights"], one["bias"]) for name, one in content["answers"].items()}
    return QuestionModel(answers, frozenset(content["known"].split()))


def _read(name: str) -> dict[str, Any]:
    # A weight has two digits behind the point, so most stand many times: kept once each they take half the memory.
    once = cache(float)
    models: dict[str, Any] = json.loads((_WEIGHTS / name).read_text(encoding="utf-8"), parse_float=once)
    return models

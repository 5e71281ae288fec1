"""``python -m tests.training [NAME] [--table]`` trains all weights and writes them into ``bot/guidance/weights``.

NAME: ``questions`` or ``reports``, for these alone. ``--table`` tells how good the models are on
forms, sources and questions that they were not trained on, and writes nothing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.paths import ROOT
from tests.training import inputs, questions, reports
from tests.training.texts import texts

_WEIGHTS = ROOT / "bot" / "guidance" / "weights"
_ARCHIVES = Path.home() / ".cache" / "flosum-training"


def main() -> None:
    """Train what is named, else everything."""
    is_table = "--table" in sys.argv
    only = next((name for name in sys.argv[1:] if name in _TRAINED), None)
    for name, training in _TRAINED.items():
        if only in (None, name):
            training(name, is_table=is_table)


def _questions(name: str, *, is_table: bool) -> None:
    samples = questions.samples()
    sys.stdout.writelines(questions.table(samples)) if is_table else _write(name, questions.trained(samples))


def _reports(name: str, *, is_table: bool) -> None:
    samples = reports.samples(texts(inputs.files(_ARCHIVES)))
    sys.stdout.writelines(reports.table(samples)) if is_table else _write(name, reports.trained(samples))


_TRAINED = {"questions": _questions, "reports": _reports}


def _write(name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, separators=(",", ":"))  # ASCII alone: a text of wider letters takes 6 MB more to be read
    (_WEIGHTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

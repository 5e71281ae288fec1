"""``python -m tests.training [questions] [--table]`` trains all weights and writes them into ``bot/guidance/weights``.

``questions``: those for questions alone, which takes seconds. ``--table`` tells how good the models are on forms and
questions that they were not trained on, and writes nothing.
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
    """Train everything."""
    is_table = "--table" in sys.argv
    asked = questions.samples()
    if is_table:
        sys.stdout.writelines(questions.table(asked))
    else:
        _write("questions.json", questions.trained(asked))
    if "questions" in sys.argv:
        return
    chosen = reports.samples(texts(inputs.files(_ARCHIVES)))
    if is_table:
        sys.stdout.writelines(reports.table(chosen))
    else:
        _write("reports.json", reports.trained(chosen))


def _write(name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (_WEIGHTS / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""``python -m tests.training [--table]`` trains all weights and writes them into ``bot/guidance/weights``.

``--table`` tells how good the models of reports are on forms that they were not trained on, and writes nothing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.paths import ROOT
from tests.training import inputs, reports
from tests.training.texts import texts

_WEIGHTS = ROOT / "bot" / "guidance" / "weights"
_ARCHIVES = Path.home() / ".cache" / "flosum-training"


def main() -> None:
    """Train everything."""
    chosen = reports.samples(texts(inputs.files(_ARCHIVES)))
    if "--table" in sys.argv:
        sys.stdout.writelines(reports.table(chosen))
        return
    _write("reports.json", reports.trained(chosen))


def _write(name: str, content: dict[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (_WEIGHTS / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

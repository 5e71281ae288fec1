"""Draws README's picture: the demo at work, as its terminal prints it.

python -m tests.demo_picture
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from bot.sandbox.slack.terminal import run
from bot.wiring.demo import built_in

PICTURE = Path(__file__).resolve().parents[1] / "bot" / "sandbox" / "demo.svg"
SAID = (
    "/flosum status emea-prod",
    '{"error":"invalid_client","error_description":"app must be installed into org"}',
    "lunch at noon?",
)


def main() -> int:
    """Write the picture."""
    said: Iterator[str] = iter(SAID)
    console = Console(record=True, width=118, force_terminal=True, force_interactive=False, file=io.StringIO())
    with tempfile.TemporaryDirectory() as folder, built_in(Path(folder), io.StringIO()) as (workspace, *_):
        run(workspace, once=None, console=console, typed=lambda _: next(said, None))
    drawn = console.export_svg(title="python app.py demo")
    # Rich points to a font on the web; the picture must not need one.
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL), encoding="utf-8")
    sys.stdout.write(f"{PICTURE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

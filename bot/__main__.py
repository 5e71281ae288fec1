"""``python -m bot``, and ``flosum-assistant`` where it was installed: the same commands as ``app.py``."""

from __future__ import annotations

import sys

from bot.entrypoints.cli import main as command_line
from bot.wiring.command_line import CommandLineParts


def main() -> int:
    """Run the command line of this process; the exit code."""
    return command_line.main(CommandLineParts())


if __name__ == "__main__":
    sys.exit(main())

"""``python -m bot``, and ``flosum-assistant`` where it was installed: the same commands as ``app.py``."""

from __future__ import annotations

import gc
import sys
from io import TextIOWrapper


def main() -> int:
    """Run the command line of this process; the exit code."""
    for stream in (sys.stdin, sys.stdout):  # a byte or a letter that cannot be read or shown costs nobody an answer
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    gc.disable()  # of what is loaded nothing is garbage, and looking for some takes a tenth of the time
    from bot.entrypoints.cli import main as command_line
    from bot.wiring.command_line import CommandLineParts

    if len(sys.argv) == 1:  # what a server starts waits for no reader of arguments
        return command_line.running(CommandLineParts())
    gc.enable()
    return command_line.main(CommandLineParts())


if __name__ == "__main__":
    sys.exit(main())

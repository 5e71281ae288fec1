"""``python -m bot``, and ``flosum-assistant`` where it was installed: the same commands as ``app.py``."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line of this process; the exit code."""
    gc.disable()  # of what is loaded nothing is garbage, and looking for some takes a tenth of the time
    from bot.entrypoints.cli import main as command_line
    from bot.entrypoints.cli import streams
    from bot.wiring.command_line import CommandLineParts

    streams.prepare()
    if len(sys.argv) == 1:  # what a server starts waits for no reader of arguments
        return command_line.running(CommandLineParts())
    gc.enable()
    return streams.flushed(command_line.main(CommandLineParts()))


if __name__ == "__main__":
    sys.exit(main())

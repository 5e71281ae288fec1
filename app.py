"""The Flosum assistant for Slack. Start with: python app.py demo"""

from __future__ import annotations

import sys

from bot.entrypoints.cli.main import main
from bot.wiring.command_line import CommandLineParts

if __name__ == "__main__":
    sys.exit(main(CommandLineParts()))

"""The bot as ``python app.py`` starts it, with Salesforce's addresses led to the built-in orgs.

FAULTS_SALESFORCE=http://127.0.0.1:… python -m tests.benchmarks.faults.bot [command …]
"""

from __future__ import annotations

import os
import sys
from urllib.parse import urlsplit

from bot.entrypoints.cli.program import main
from bot.wiring.command_line import CommandLineParts

SALESFORCE = "FAULTS_SALESFORCE"


def route(url: str) -> str:
    """Where a Salesforce address is served."""
    return urlsplit(url)._replace(scheme="http", netloc=urlsplit(os.environ[SALESFORCE]).netloc).geturl()


if __name__ == "__main__":
    sys.exit(main(CommandLineParts(route=route)))

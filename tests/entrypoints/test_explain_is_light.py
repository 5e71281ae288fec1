"""``explain`` starts anew for each error, so it loads no more than it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT

HEAVY = ("yaml", "typer", "sqlalchemy", "slack_bolt", "simple_salesforce", "bot.domain.model", "bot.ports")
_LOADED = """
import json, sys
from bot.adapters import trained
read = []
trained._read = lambda name, whole=trained._read: read.append(name) or whole(name)
from bot.__main__ import main
main()
print(json.dumps([read, sorted(sys.modules)]))
"""
CHANNEL = ("explain", "--channel", "OAUTH_APP_BLOCKED: this app is blocked by admin")
ASKED = ("explain", "OAUTH_APP_BLOCKED: this app is blocked by admin")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose cache folder holds the compiled guidance."""
    home = tmp_path_factory.mktemp("home")
    explain(home, ASKED)
    return home


def explain(home: Path, arguments: tuple[str, ...]) -> tuple[list[str], set[str]]:
    """Which weights were read, and every module that was loaded."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FLOSUM_", "SLACK_", "XDG_"))}
    environment = {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    read, modules = json.loads(run.stdout.splitlines()[-1])
    return read, set(modules)


def test_an_error_that_is_asked_about_needs_no_weights(home: Path) -> None:
    read, modules = explain(home, ASKED)

    assert read == []
    assert modules.isdisjoint(HEAVY)


def test_an_error_that_is_overheard_needs_those_of_reports(home: Path) -> None:
    read, modules = explain(home, CHANNEL)

    assert read == ["reports.json"]
    assert modules.isdisjoint(HEAVY)


def test_a_question_needs_those_of_questions(home: Path) -> None:
    assert explain(home, ("explain", "how do I install the two apps?"))[0] == ["questions.json"]

"""The quick reader of ``explain`` does what the slow one does, and leaves every other command line to it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.entrypoints.cli import main as quick
from bot.entrypoints.cli import program
from bot.wiring.command_line import CommandLineParts
from tests.paths import ROOT

TEXT = "OAUTH_APP_BLOCKED: this app is blocked by admin"


@pytest.mark.parametrize(
    "arguments",
    [
        ["explain", TEXT],
        ["explain", TEXT, "--json"],
        ["explain", "--channel", "--json", TEXT],
        ["explain", "--json", "-"],
        ["explain"],
        ["explain", "--batch"],
        ["explain", "--batch", "--channel"],
        ["explain", "lunch at noon?"],
        ["explain", "--nonsense"],
        ["explain", "one", "two"],
        ["explain", "--", "--json"],
        ["explain", "--help"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_both_readers_say_the_same(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for main in (quick.main, program.main):
        monkeypatch.setattr(sys, "stdin", io.StringIO('{"id": 1, "text": "INVALID_SESSION_ID"}\n'))
        told.append((main(CommandLineParts(), arguments), capsys.readouterr()))

    assert told[0] == told[1]


@pytest.mark.parametrize("arguments", [["demo", "--help"], ["demo", "--prot"], ["dmeo"], ["orgs", "add"]], ids=" ".join)
def test_how_to_call_it_begins_as_it_was_called(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["/srv/flosum/app.py"])

    program.main(CommandLineParts(), arguments)

    said = capsys.readouterr()
    assert (said.out + said.err).startswith("Usage: python app.py ")


def test_a_line_that_is_no_json_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("lunch\n"))

    assert quick.main(CommandLineParts(), ["explain", "--batch"]) == 2
    assert capsys.readouterr().err == 'Line 1 is not a JSON object with a "text".\n'


def test_a_plain_explain_loads_neither_typer_nor_what_it_brings() -> None:
    code = (
        "import sys\n"
        "from bot.entrypoints.cli.main import main\n"
        "from bot.wiring.command_line import CommandLineParts\n"
        f"main(CommandLineParts(), ['explain', {TEXT!r}])\n"
        f"main(CommandLineParts(), ['explain', {TEXT!r}])\n"
        "sys.exit(' '.join(sys.modules.keys() & {'typer', 'sqlalchemy', 'slack_sdk'}))"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)

    assert ran.stderr.strip() == ""


FAILING = """
import sys
from bot.domain.recognition.matcher import Matcher

def failing(self, text, *, asked):
    raise ValueError("a fault of ours")

Matcher.recognise = failing
sys.argv = ["app.py", *sys.argv[1:]]
from bot.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("command", [["explain"], ["explain", "--json"], ["evaluate", "--json", "{file}"]])
def test_a_fault_of_ours_tells_no_values_and_leaves_the_answer_empty(command: list[str], tmp_path: Path) -> None:
    text = "the parcel number is 4711-0815, and INVALID_LOGIN"
    (tmp_path / "file").write_text(json.dumps({"text": text, "label": "none"}) + "\n", encoding="utf-8")
    arguments = [part.format(file=tmp_path / "file") for part in command]
    if command[0] == "explain":
        arguments.append(text)

    done = subprocess.run(
        [sys.executable, "-c", FAILING, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "a fault of ours" in done.stderr
    assert "Reference " in done.stderr
    assert "4711" not in done.stdout + done.stderr
    assert done.stdout == ""

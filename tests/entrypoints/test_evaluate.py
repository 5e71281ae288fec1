"""``app.py evaluate``: what an operator learns of a labelled file, and of a file that has a mistake."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import AskerError
from bot.entrypoints.cli.evaluate import read_rows
from bot.entrypoints.cli.program import main
from bot.wiring.command_line import CommandLineParts
from tests.paths import ROOT

EXAMPLES = ROOT.parent / "shared" / "examples"

NOT_INSTALLED = '{"error":"invalid_client","error_description":"app must be installed into org"}'
PASTES: list[dict[str, Any]] = [
    {"text": NOT_INSTALLED, "label": "app-not-installed"},
    {"text": "lunch at noon?", "label": "none"},
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "labelled.jsonl"


def write(path: Path, rows: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def scored(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(CommandLineParts(), ["evaluate", "--json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_file_that_is_all_right_says_so(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CommandLineParts(), ["evaluate", write(file, PASTES)]) == 0

    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "2 of 2 texts right (100.0%); wrong answers to 0 of 1 unrelated texts (0.00%)"
    assert "app-not-installed\t1\t100.0%\t100.0%" in rest


def test_misses_are_listed_on_one_line_without_secrets(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "00DKd0000000001!AQEAQGk2Yy5tbnBqc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk"
    text = f"INVALID_SESSION_ID: Session expired or invalid\nsid={secret}\n" + "x" * 500

    result = scored(capsys, write(file, [{"text": text, "label": "app-blocked"}]))

    (miss,) = result["misses"]
    assert (miss["label"], miss["predicted"]) == ("app-blocked", "token-expired-or-revoked")
    assert secret[16:40] not in miss["text"]
    assert "\n" not in miss["text"]
    assert len(miss["text"]) <= 100
    assert result["confusions"] == [{"label": "app-blocked", "predicted": "token-expired-or-revoked", "count": 1}]


def test_answers_to_unrelated_texts_are_counted_as_wrong(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"text": NOT_INSTALLED, "label": "none"}, {"text": "hi", "label": "none"}]

    result = scored(capsys, write(file, rows))

    assert (result["wrong_answers"], result["unrelated"], result["wrong_answer_rate"]) == (1, 2, 0.5)


def test_accepted_topics_and_allowed_silence_count_as_right(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"text": NOT_INSTALLED, "label": "app-blocked", "accept": ["app-not-installed"]},
        {"text": "we cannot log in", "label": "other-salesforce-auth", "silent_ok": True},
    ]

    assert scored(capsys, write(file, rows))["right"] == 2


def test_labels_of_the_guide_make_a_file_one_of_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = {"text": "how do I install the connected app?", "label": "install"}
    overheard = {"text": "how do I install the connected app?", "label": "none"}

    asked = scored(capsys, write(tmp_path / "questions.jsonl", [question, {"text": "lunch?", "label": "none"}]))
    silent = scored(capsys, write(tmp_path / "chat.jsonl", [overheard]))

    assert (asked["right"], asked["wrong_answers"]) == (2, 0)
    assert silent["right"] == 1


def test_a_question_for_the_error_catalogue_may_get_any_error_topic(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[dict[str, Any]] = [
        {"text": "what does OAUTH_APP_BLOCKED mean?", "label": "error"},
        {"text": "what does OAUTH_APP_BLOCKED mean?", "label": "why", "accept": ["error"]},
    ]

    assert scored(capsys, write(file, rows))["right"] == 2


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "this is not JSON"),
        ("[]", 'an object with the texts "text" and "label"'),
        ('{"text": "a"}', 'an object with the texts "text" and "label"'),
        ('{"text": 1, "label": "none"}', 'an object with the texts "text" and "label"'),
        ('{"text": "a", "label": "none", "accept": "install"}', '"accept" is a list of topics'),
        ('{"text": "a", "label": "app-bloked"}', "there is no topic 'app-bloked'"),
        ('{"text": "a", "label": "none", "accept": ["nope"]}', "there is no topic 'nope'"),
    ],
)
def test_a_bad_line_is_told_with_its_file_and_number(
    file: Path, capsys: pytest.CaptureFixture[str], line: str, problem: str
) -> None:
    file.write_text(json.dumps(PASTES[0]) + "\n\n" + line + "\n", encoding="utf-8")

    assert main(CommandLineParts(), ["evaluate", str(file)]) == 2

    told = capsys.readouterr()
    assert told.err.startswith(f"{file}, line 3: ")
    assert problem in told.err
    assert told.out == ""


def test_without_a_file_it_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CommandLineParts(), ["evaluate"]) == 2
    assert "Name a file of labelled texts" in capsys.readouterr().err


def test_files_that_are_missing_binary_or_empty_are_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(CommandLineParts(), ["evaluate", str(file)]) == 2
    assert "cannot be read: No such file or directory." in capsys.readouterr().err
    file.write_bytes(b'{"text": "caf\xe9"}\n')
    assert main(CommandLineParts(), ["evaluate", str(file)]) == 2
    assert "is not UTF-8 in line 1; save it as UTF-8." in capsys.readouterr().err
    file.write_text("\n")
    assert main(CommandLineParts(), ["evaluate", str(file)]) == 2
    assert "nothing to evaluate" in capsys.readouterr().err


@given(line=st.text(alphabet='{}[]":,textlabnone \\01', max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_line_is_read_or_told(file: Path, line: str) -> None:
    file.write_text(line.replace("\r", "") + "\n", encoding="utf-8")

    refusal = None
    try:
        rows = list(read_rows(file))
    except AskerError as error:
        rows, refusal = [], error.text

    assert all(row.label for row in rows)
    assert refusal is None or refusal.startswith(f"{file}, line 1: ")


def test_on_a_terminal_it_draws_tables(file: Path) -> None:
    rows = [*PASTES, {"text": "see [link] :smile: INVALID_SESSION_ID", "label": "app-blocked"}]
    leader, follower = pty.openpty()
    command = [sys.executable, str(ROOT / "app.py"), "evaluate", write(file, rows)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(file.parent), "COLUMNS": "120", "TERM": "xterm"}

    done = subprocess.run(command, stdout=follower, env=environment, timeout=60, check=False)
    os.close(follower)
    drawn = os.read(leader, 100_000).decode()
    os.close(leader)

    assert done.returncode == 0
    assert "Taken for another" in drawn
    assert "━" in drawn
    assert "see [link] :smile: INVALID_SESSION_ID" in drawn


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the labelled examples do not lie beside the repository")
def test_the_examples_can_be_scored(capsys: pytest.CaptureFixture[str]) -> None:
    labelled = [EXAMPLES / name for name in ("chat.jsonl", "pastes.jsonl", "questions.jsonl")]

    result = scored(capsys, *map(str, labelled))

    assert result["rows"] == sum(len(path.read_text().splitlines()) for path in labelled)
    assert result["right"] / result["rows"] > 0.95

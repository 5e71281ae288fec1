"""``app.py evaluate --gate``: the table by kind, its bars, and that recognition holds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import AskerError
from bot.entrypoints.cli import gate as gate_module
from bot.entrypoints.cli.gate import Line, gate
from bot.entrypoints.cli.program import main
from bot.wiring.command_line import CommandLineParts
from tests.recognition_helpers import GUIDANCE

BLOCKED = "OAUTH_APP_BLOCKED: this app is blocked by admin"


def row(text: str, label: str, kind: str, *, asked: object = False, form: str = "chat") -> dict[str, Any]:
    return {
        "text": text,
        "label": label,
        "accept": [label],
        "kind": kind,
        "form": form,
        "asked": asked,
        "silent_ok": False,
    }


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """One report and one talk in each half, and a carrier of each sort."""
    for half in ("tune", "gate"):
        write(tmp_path / half / "live.jsonl", [row(BLOCKED, "app-blocked", "live", asked="both")])
        write(tmp_path / half / "localised.jsonl", [row(f"Fehler: {BLOCKED}", "app-blocked", "localised", asked=True)])
        write(tmp_path / half / "team.jsonl", [row("lunch at noon?", "none", "team", form="chatter")])
        carrier = {"kind": "chat", "fit": "plain", "names_salesforce": True}
        texts = [("Salesforce says {error}", True), ("fix: do not retry on {error} (#12)", False)]
        write(tmp_path / half / "carriers.jsonl", [{"text": text, "live": live, **carrier} for text, live in texts])
    write(tmp_path / "errors.jsonl", [{"text": BLOCKED, "accept": ["app-blocked"]}])
    return tmp_path


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")


def test_texts_are_counted_by_kind_and_carriers_crossed_with_errors(corpus: Path) -> None:
    lines = {line.name: (line.right, line.texts) for line in gate(GUIDANCE, corpus)}

    assert lines["live, heard"] == lines["core four, heard"] == (1, 1)
    assert lines["team: chatter, heard"] == (1, 1)
    assert lines["carriers that report, heard"] == lines["carriers that retell, heard"] == (1, 1)
    assert lines["one source left out, core four, asked"] == (4, 4)


def test_a_pattern_that_only_one_source_supports_does_not_count_for_that_source(corpus: Path) -> None:
    lone = [row("LOGIN_OAUTH_PACKAGE_OLD", "app-not-installed", "live", asked=True, form="history")]
    write(corpus / "gate" / "lone.jsonl", lone)

    lines = {line.name: (line.right, line.texts) for line in gate(GUIDANCE, corpus)}

    assert lines["live, asked"] == (2, 2)
    assert lines["one source left out, asked"] == (4, 5)


def test_without_a_corpus_the_gate_says_where_it_belongs(tmp_path: Path) -> None:
    with pytest.raises(AskerError, match="come with the repository"):
        gate(GUIDANCE, tmp_path / "nowhere")


def test_a_row_tells_its_interval_and_whether_its_bar_is_reached() -> None:
    assert str(Line("live, heard", 9, 10, 0.95)) == "live, heard\t9/10\t90.0%\t59.6%-98.2%\t95.0% not reached"
    assert str(Line("live, heard", 10, 10, 0.95)) == "live, heard\t10/10\t100.0%\t72.2%-100.0%\t95.0%"
    assert str(Line("healthy", 1, 1)) == "healthy\t1/1\t100.0%\t20.7%-100.0%"


def test_recognition_holds_every_bar(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = main(CommandLineParts(), ["evaluate", "--gate", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert [line["name"] for line in told if not line["holds"]] == []
    assert exit_code == 0
    assert {line["name"] for line in told} >= gate_module.BARS.keys()


def test_a_row_below_its_bar_fails(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(corpus / "gate" / "team.jsonl", [row(BLOCKED, "none", "team")])
    monkeypatch.setattr(gate_module, "CORPUS", corpus)
    monkeypatch.setitem(gate_module.BARS, "team, heard", 0.9)

    assert main(CommandLineParts(), ["evaluate", "--gate"]) == 1
    assert "team, heard\t0/1\t0.0%\t0.0%-79.3%\t90.0% not reached" in capsys.readouterr().out

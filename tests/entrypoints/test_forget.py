"""How ``forget`` is called: one of two options, nothing asked, and nothing that is no id."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.settings import given
from bot.adapters.vault import make_key
from bot.domain.encodings import readable
from bot.domain.model import Change
from bot.entrypoints.cli.program import main
from bot.wiring.command_line import CommandLineParts
from tests.store_helpers import NOW


@pytest.fixture
def parts(tmp_path: Path) -> CommandLineParts:
    settings = given(flosum_database_url=f"sqlite:///{tmp_path}/a.db", flosum_secret_keys=make_key())
    return CommandLineParts(settings=settings)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say what to forget: --workspace ID or --user ID, one of the two."),
        (["--workspace", "T1", "--user", "U1"], "Say what to forget: --workspace ID or --user ID, one of the two."),
        (["--workspace", " "], "Which workspace?"),
        (["--user", ""], "is no id of a Slack user"),
        (["--user", "terminal"], "'terminal' is no id of a Slack user"),
        (["--user", "@ada"], "'@ada' is no id of a Slack user"),
        (["--user", "prod"], "'prod' is no id of a Slack user"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence_and_2(
    parts: CommandLineParts, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(parts.store()) as store:
        store.prepare()
        store.record(Change("T1", NOW, "terminal", "connected", "prod (acme.my.salesforce.com)"))

        assert main(parts, ["forget", *arguments]) == 2

        assert said in capsys.readouterr().err
        assert [(one.user, one.subject[:4]) for one in store.changes()] == [("terminal", "prod")]


@pytest.mark.parametrize("arguments", [["--workspace", "T9"], ["--user", "U9"], ["--workspace", "T\udcff"]])
def test_of_an_unknown_id_nothing_was_kept(
    parts: CommandLineParts, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(parts, ["forget", *arguments]) == 0

    assert capsys.readouterr().out == f"Nothing was kept of {arguments[0][2:]} {readable(arguments[1])}.\n"


def test_its_help_says_that_it_cannot_be_undone(parts: CommandLineParts, capsys: pytest.CaptureFixture[str]) -> None:
    main(parts, ["forget", "--help"])

    assert "cannot be undone" in " ".join(capsys.readouterr().out.split())

"""What somebody is told to type is what they typed the last time."""

import sys

import pytest

from bot.domain import program


@pytest.mark.parametrize(
    ("called", "is_installed", "line"),
    [
        ("app.py", False, "python app.py doctor"),
        ("/srv/flosum/app.py", False, "python app.py doctor"),
        ("/opt/flosum-assistant/bin/flosum-assistant", True, "flosum-assistant doctor"),
        ("/srv/flosum/.venv/bin/flosum-assistant", False, "flosum-assistant doctor"),
        ("flosum-assistant.exe", True, "flosum-assistant doctor"),
        ("/usr/lib/python3/site-packages/bot/__main__.py", True, "python -m bot doctor"),
        ("/srv/flosum/bot/__main__.py", False, "python -m bot doctor"),
        ("/usr/bin/pytest", False, "python app.py doctor"),
        ("/usr/lib/python3/site-packages/pytest/__main__.py", True, "flosum-assistant doctor"),
        ("", True, "flosum-assistant doctor"),
    ],
)
def test_a_line_begins_as_the_program_was_called(
    monkeypatch: pytest.MonkeyPatch, called: str, is_installed: bool, line: str
) -> None:
    monkeypatch.setattr(sys, "argv", [called, "migrate"])
    monkeypatch.setattr(program, "INSTALLED", is_installed)

    assert program.to_type("doctor") == line


def test_a_shell_takes_each_word_as_one() -> None:
    assert program.to_type("orgs", "import", "our orgs.csv").endswith(" orgs import 'our orgs.csv'")
    assert program.to_type() == "python app.py"

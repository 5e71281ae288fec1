"""Options of the terminal after a slash command: what they mean here, and what is said of those that mean nothing."""

from __future__ import annotations

from typing import Any, cast

import pytest
import typer

from bot.domain.command import parse, typed
from bot.domain.command_options import ALONE, WITH_VALUE, refused, told
from bot.entrypoints.cli.program import program

LINES = {
    "status uat --details": "status uat details",
    "status uat \N{EM DASH}details": "status uat details",
    "status --details uat": "status details uat",
    "status uat --DETAILS": "status uat DETAILS".casefold(),
    "status uat --steps": "status uat steps",
    "status --all": "status all",
    "status --not-ready": "status not ready",
    "status --sandboxes": "status sandboxes",
    "status --uat": "status uat",
    "status --org uat": "status uat",
    "status --org=uat": "status uat",
    "status --help": "help status",
    "orgs --all": "orgs all",
    "snooze uat --off": "snooze uat off",
    "snooze uat --days 7": "snooze uat 7",
    "tag uat --off emea": "tag uat off emea",
    "tag uat --emea": "tag uat --emea",
    "owner uat --none": "owner uat none",
    "connect uat --host acme.my.salesforce.com": "connect uat acme.my.salesforce.com",
    "remind now --dry-run": "remind preview",
    "digest --dry-run": "remind preview",
    "status --all --csv": "status --all --csv",  # has an answer of its own
    "explain sf org login --json failed": "explain sf org login --json failed",
    "is uat ready -- or not": "is uat ready -- or not",
    "sf org display --json": "sf org display --json",
    "": "",
}


@pytest.mark.parametrize("line", LINES)
def test_what_has_a_meaning_here_is_read_without_the_dashes(line: str) -> None:
    assert typed(line).line == LINES[line]
    assert told(typed(line)) == ""


@pytest.mark.parametrize(
    ("line", "read", "said"),
    [
        ("status uat --json", "status uat", "`--json` belongs to the terminal, not to Slack"),
        ("status uat --json --details", "status uat details", "`--json` belongs to the terminal, not to Slack"),
        ("status uat --json --csv", "status uat", "`--json` and `--csv` belong to the terminal, not to Slack"),
        ("status uat --workspace T1", "status uat", "`--workspace T1` belongs to the terminal, not to Slack"),
        ("status uat --verbose", "status uat", "`--verbose` says nothing to me"),
        (
            "guide --json --fast",
            "guide",
            "`--json` belongs to the terminal, not to Slack, and `--fast` says nothing to me",
        ),
    ],
)
def test_of_the_rest_one_sentence_says_whose_it_is(line: str, read: str, said: str) -> None:
    assert (typed(line).line, told(typed(line))) == (read, said)
    assert refused(typed(line)) is None
    assert parse(line) == parse(read)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("disconnect uat --yes", "disconnect uat"),
        ("tag uat emea --json", "tag uat emea"),
        ("untag uat emea --json", "tag uat emea off"),
        ("snooze uat 7 --dry-run", "snooze uat 7"),
        ("grant uat both X --dry-run", "grant uat both X"),
    ],
)
def test_what_would_change_something_waits_to_be_said_without(line: str, read: str) -> None:
    refusal = refused(typed(line))

    assert refusal is not None
    assert refusal.text.startswith("Nothing was changed: `--")
    assert refusal.text.endswith(f"Say it without: `/flosum {read}`")
    assert [button.command for button in refusal.buttons] == [read]


def test_every_option_of_the_terminal_is_known_here() -> None:
    found: dict[str, bool] = {}

    def look(command: Any) -> None:
        for each in getattr(command, "commands", {}).values():
            look(each)
        for parameter in command.params:
            names = [*parameter.opts, *parameter.secondary_opts]
            found.update({name[2:]: parameter.is_flag for name in names if name.startswith("--")})

    look(typer.main.get_command(program(cast(Any, None))))
    found.pop("help", None)

    assert {name for name, is_flag in found.items() if not is_flag} == WITH_VALUE
    assert {name for name, is_flag in found.items() if is_flag} == ALONE - {"help"}

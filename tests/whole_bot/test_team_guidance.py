"""A team's own guidance, from its folder to what people read: what is right works, what is wrong is told."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters import logs
from bot.adapters.settings import Settings
from bot.entrypoints.cli.program import main
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import utc_now
from tests.blockkit import assert_valid_calls
from tests.settings_of import settings_of

TEAM = """\
errors:
  - id: our-prod
    topic: app-blocked
    title: Our prod org belongs to the platform team
    cause: The platform team blocks apps in our prod org until they have seen them.
    steps: [Ask in the channel crm-help.]
    who: The platform team
    source: Our own notes
    signs: [PLATFORM_TEAM_BLOCKED]
  - id: broken
    topic: app-bloked
    title: A topic that is not there
    cause: Nothing.
    steps: [None.]
    who: Nobody
    source: Nowhere
    signs: [SOMETHING_THAT_NOBODY_PRINTS]
"""


@dataclass
class TeamFolder:
    """Where the bot is started with a team's folder."""

    workspace: Workspace
    salesforce: BuiltInSalesforce
    settings: Settings

    def wiring(self) -> CommandLineParts:
        return CommandLineParts(settings=self.settings, route=self.salesforce.route)


@pytest.fixture
def team_folder(tmp_path: Path) -> Iterator[TeamFolder]:
    folder = tmp_path / "guidance"
    folder.mkdir()
    (folder / "team.yml").write_text(TEAM, encoding="utf-8")
    (folder / "torn.yml").write_text("errors: [", encoding="utf-8")
    with Workspace(events=bot_events(), scopes=bot_scopes()) as workspace, BuiltInSalesforce(utc_now()) as salesforce:
        settings = settings_of(workspace, f"sqlite:///{tmp_path}/team.db", flosum_guidance_dir=folder)
        yield TeamFolder(workspace, salesforce, settings)
        assert_valid_calls(workspace.calls)


def test_the_start_warns_of_each_mistake_and_the_rest_works(team_folder: TeamFolder) -> None:
    log = io.StringIO()
    logs.configure(log)

    with team_folder.wiring().bot() as bot:
        bot.start()
        team_folder.workspace.connect(f"{bot.address}/slack/events", lambda: bot.jobs.open == 0)
        team_folder.workspace.person().say("the log says PLATFORM_TEAM_BLOCKED")
        team_folder.workspace.settle()
        team_folder.workspace.person().say("the log says OAUTH_APP_BLOCKED", "#random")
        team_folder.workspace.settle()

    warnings = [record for line in log.getvalue().splitlines() if (record := json.loads(line)).get("mistake")]
    told = [record["mistake"] for record in warnings]
    assert {record["level"] for record in warnings} == {"warning"}
    assert len(told) == 2, told
    assert any("team.yml" in line and "11" in line and "app-blocked" in line for line in told), told
    assert any("torn.yml" in line and "not YAML" in line for line in told), told
    own, built_in = [shown.message for shown in team_folder.workspace.log if shown.message and shown.message.by_bot]
    assert own.text.startswith("The platform team blocks apps in our prod org")
    assert "blocked the app" in built_in.text


def test_doctor_reports_each_mistake_with_its_fix(team_folder: TeamFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(team_folder.wiring(), ["doctor", "--json"]) == 1

    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    about = [finding for finding in findings if finding["check"] == "guidance"]
    assert [finding["ok"] for finding in about] == [False, False]
    assert any("team.yml" in finding["text"] and "app-blocked" in finding["text"] for finding in about)
    assert all(finding["fix"] for finding in about)
    assert all(finding["ok"] is not False for finding in findings if finding["check"] != "guidance")


def test_explain_and_evaluate_warn_and_use_what_is_right(
    team_folder: TeamFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"text": "PLATFORM_TEAM_BLOCKED", "label": "app-blocked"}) + "\n")

    assert main(team_folder.wiring(), ["explain", "PLATFORM_TEAM_BLOCKED"]) == 0
    assert main(team_folder.wiring(), ["evaluate", str(rows)]) == 0

    told = capsys.readouterr()
    assert "Ask in the channel crm-help." in told.out
    assert "1 of 1 texts right" in told.out
    assert told.err.count("team.yml") == 2

"""What is promised about the project as a whole: its commands, its manifest, its image, what it does not contain."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from jsonschema import Draft7Validator

from bot.wiring.manifest import bot_events, bot_scopes, manifest
from tests.paths import ROOT

SCHEMA = ROOT.parent / "shared" / "schemas" / "slack-manifest-2.0.0.schema.json"
SCOPE_OF: dict[str, str | None] = {
    "member_joined_channel": "channels:read",
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "tokens_revoked": None,
    "user_change": "users:read",
}
"""What each event asks for, as its page on docs.slack.dev names it; None: nothing."""


def test_ci_runs_the_very_test_command_of_the_readme() -> None:
    commands = [line.strip() for line in (ROOT / "README.md").read_text().splitlines() if "python3 -m venv" in line]

    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text().splitlines()


def test_the_manifest_is_valid() -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's manifest schema is not beside the repository")

    assert list(Draft7Validator(json.loads(SCHEMA.read_text())).iter_errors(manifest())) == []


def test_every_event_has_its_scope_and_every_history_scope_its_event() -> None:
    needed = {SCOPE_OF[event] for event in bot_events()} - {None}

    assert needed <= set(bot_scopes())
    assert {scope for scope in bot_scopes() if scope.endswith(":history")} <= needed


def test_every_scope_of_the_manifest_says_its_reason() -> None:
    lines = (ROOT / "manifest.yml").read_text(encoding="utf-8").splitlines()
    reasons = {
        scope: line.partition("#")[2].strip() for line in lines for scope in [line.strip(" -").partition(" ")[0]]
    }

    assert [scope for scope in bot_scopes() if not reasons[scope]] == []


def test_the_command_is_escaped_so_that_channels_and_people_arrive_as_ids() -> None:
    (command,) = manifest()["features"]["slash_commands"]

    assert (command["command"], command["should_escape"]) == ("/flosum", True)


def test_the_image_is_slim_unprivileged_and_watched() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert len(re.findall(r"^FROM python:[\d.]+-slim", dockerfile, flags=re.MULTILINE)) == 2
    assert "\nUSER assistant\n" in dockerfile
    assert "HEALTHCHECK" in dockerfile
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, flags=re.MULTILINE):
        assert all((ROOT / name).exists() for name in copied.split()), copied


def test_nothing_names_a_machine_or_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    forbidden = re.compile(r"/w[o]rk/|/h[o]me/\w|pypi\.[o]rg|files\.python[h]osted")
    for name in listed.stdout.split():
        found = forbidden.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{name} names {found[0] if found else ''}"

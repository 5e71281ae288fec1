"""``python app.py`` as a process of its own: it starts, serves, and goes when it is told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.slack.workspace import Workspace
from tests.paths import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as workspace:
        yield workspace


def start(workspace: Workspace, folder: Path, *command: str, **settings: str) -> subprocess.Popen[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "SLACK_API_URL": workspace.api_url,
        "FLOSUM_DATABASE_URL": f"sqlite:///{folder}/run.db",
        "FLOSUM_METRICS_ADDRESS": "127.0.0.1:0",
        **settings,
    }
    return subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), *command], env=environment, cwd=folder, stderr=subprocess.PIPE, text=True
    )


def until_ready(port: int, process: subprocess.Popen[str]) -> dict[str, str]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, process.communicate()[1]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
                return dict(json.load(answer))
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError("the bot did not become ready")


def test_it_serves_and_goes_on_sigterm_with_0(workspace: Workspace, tmp_path: Path) -> None:
    port = free_port()
    process = start(workspace, tmp_path, FLOSUM_PORT=str(port))
    ready = until_ready(port, process)
    workspace.connect(f"http://127.0.0.1:{port}/slack/events")
    assert workspace.person().command("help").acked
    workspace.wait(
        lambda log: any(shown.message and "What orgs still need" in str(shown.message.blocks) for shown in log)
    )

    process.send_signal(signal.SIGTERM)
    _, logged = process.communicate(timeout=60)

    assert process.returncode == 0, logged
    assert ready == {"status": "ready"}
    assert all(json.loads(line) for line in logged.splitlines())
    assert workspace.bot_token not in logged
    assert (tmp_path / "run.key").stat().st_mode & 0o077 == 0


def test_a_wrong_token_is_one_sentence_and_2(workspace: Workspace, tmp_path: Path) -> None:
    process = start(workspace, tmp_path, FLOSUM_PORT="0", SLACK_BOT_TOKEN="xoxb-wrong")

    _, said = process.communicate(timeout=60)

    assert process.returncode == 2
    assert said == "SLACK_BOT_TOKEN was not accepted. Slack refused (invalid_auth).\n"


def test_a_port_that_is_taken_is_one_sentence_and_2(workspace: Workspace, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = start(workspace, tmp_path, FLOSUM_PORT=str(taken.getsockname()[1]))
        _, said = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "cannot be listened on" in said.splitlines()[-1]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////proc/nowhere/assistant.db", "cannot"),
        ("postgresql://bot:hunter2@127.0.0.1:9/flosum", "FLOSUM_SECRET_KEYS is missing"),
    ],
)
def test_a_database_that_cannot_be_had_is_one_sentence_and_2(
    workspace: Workspace, tmp_path: Path, url: str, said: str
) -> None:
    process = start(workspace, tmp_path, FLOSUM_PORT="0", FLOSUM_DATABASE_URL=url)

    _, printed = process.communicate(timeout=60)

    assert process.returncode == 2
    assert said in printed
    assert "hunter2" not in printed
    assert "Traceback" not in printed


def test_a_second_process_on_one_file_is_refused_until_the_first_is_gone(workspace: Workspace, tmp_path: Path) -> None:
    port = free_port()
    first = start(workspace, tmp_path, FLOSUM_PORT=str(port))
    until_ready(port, first)

    for url in (f"sqlite:///{tmp_path}/run.db", f"sqlite:///file:{tmp_path}/run.db?uri=true"):
        second = start(workspace, tmp_path, FLOSUM_PORT="0", FLOSUM_DATABASE_URL=url)
        _, said = second.communicate(timeout=60)
        assert second.returncode == 2
        assert "is served by another process, and SQLite is for one. Stop that one first" in said
        assert len(said.splitlines()) == 1
    for command in (["orgs", "list"], ["status", "--all"], ["audit"], ["migrate"]):
        beside = start(workspace, tmp_path, *command)
        _, said = beside.communicate(timeout=60)
        assert beside.returncode == 0, said
    first.kill()
    first.communicate(timeout=60)

    third = start(workspace, tmp_path, FLOSUM_PORT=str(port))
    until_ready(port, third)
    third.terminate()
    assert third.wait(30) == 0
    third.communicate()

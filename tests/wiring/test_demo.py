"""The demo, as a newcomer starts it: a process of its own, a terminal, nothing else."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from tests.paths import ROOT


def demo(*arguments: str, typed: str | None = None, **settings: str) -> str:
    """Run the demo with colours off and return what it printed; nothing may reach standard error."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "NO_COLOR": "1", "COLUMNS": "120"}
    environment |= settings
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "app.py"), "demo", *arguments],
        input=typed, capture_output=True, text=True, timeout=60, env=environment, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def test_one_message_is_sent_shown_and_done() -> None:
    shown = demo("--once", "/flosum status emea-prod")

    assert "only visible to you" in shown
    assert "⛔ emea-prod needs a step: install Flosum DevOps: Web App Production" in shown
    assert "https://acme-emea.my.salesforce.com/lightning/setup/ConnectedAppsUsage/home" in shown


def test_talk_among_people_is_left_in_peace() -> None:
    assert demo("--once", "who joins for lunch?") == "(the bot stays silent)\n"


def test_a_session_of_commands_pastes_and_buttons() -> None:
    shown = demo(typed="/flosum orgs\n\nlunch?\n\n/flosum status prod\n\n1\n\nOAUTH_APP_BLOCKED\n\n/quit\n")

    assert "0 of 7 orgs ready, 7 not read yet" in shown
    assert shown.count("✅ prod is ready") == 2, "once for the asker, once shared in the channel"
    assert "blocked" in shown.partition("OAUTH_APP_BLOCKED")[2]


def test_a_port_can_be_chosen_and_the_browser_option_does_no_harm() -> None:
    assert "Flosum" in demo("--port", "0", "--no-browser", "--once", "/flosum help")


def test_a_talk_goes_on_in_its_thread_and_a_message_can_be_explained() -> None:
    shown = demo(typed="OAUTH_APPROVAL_ERROR_GENERIC\n\n/reply it is prod\n\n/explain\n\n/channel dm\n\n/quit\n")

    assert "The answer above, for prod" in shown
    assert "only visible to you" in shown.partition("> /explain")[2]
    assert "Flosum suggests: Check emea-prod" in shown


@pytest.mark.parametrize("spared", [{}, {"NO_PROXY": "internal.example"}, {"no_proxy": "internal.example"}])
def test_a_proxy_of_the_network_is_not_asked(spared: dict[str, str]) -> None:
    proxy = "http://127.0.0.1:9"

    shown = demo("--once", "/flosum status prod", HTTPS_PROXY=proxy, HTTP_PROXY=proxy, ALL_PROXY=proxy, **spared)

    assert "prod is ready" in shown


# --- the page ------------------------------------------------------------------------------------------


@contextmanager
def running(stdin: int | IO[str], **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The demo with its page, as long as it is looked at."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "NO_COLOR": "1", "TERM": "dumb"}
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(ROOT / "app.py"), "demo"],
        stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment | settings,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def until(process: subprocess.Popen[str], words: str) -> str:
    """What the demo prints up to a line with these words."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def address(said: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert found is not None, said
    return found[0]


def test_without_a_browser_the_page_waits_at_its_address() -> None:
    with running(subprocess.DEVNULL) as process:
        said = until(process, "No browser could be opened here.")

        with urllib.request.urlopen(address(said)) as page:
            assert "Flosum apps: 2 of 7 orgs ready" in page.read().decode()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_browser_is_told_the_address_and_the_terminal_stays_quiet(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path / "opened"}\n')
    browser.chmod(0o755)
    with running(subprocess.DEVNULL, BROWSER=str(browser)) as process:
        said = until(process, "It opens in your browser.")

        assert (tmp_path / "opened").read_text().strip() + "/" == address(said)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stdout is not None
        assert process.stdout.read() == ""


@pytest.mark.parametrize("how", [[], ["--once", "hi"], ["--no-browser"]], ids=" ".join)
@pytest.mark.parametrize("port", ["taken", "99999"])
def test_a_port_that_cannot_be_had_is_one_sentence(port: str, how: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = str(taken.getsockname()[1]) if port == "taken" else port
        done = subprocess.run(
            [sys.executable, str(ROOT / "app.py"), "demo", "--port", wanted, *how],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    assert done.returncode == 2
    assert done.stderr.strip() == f"--port {wanted}: another program has it, or there is no such port."


def test_at_a_terminal_without_a_browser_there_is_the_prompt() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "w") as keyboard, running(theirs) as process:
        os.close(theirs)
        until(process, "No browser could be opened here.")
        keyboard.write("/flosum version\n")
        keyboard.flush()
        until(process, "only visible to you")
        keyboard.write("/quit\n")
        keyboard.flush()
        assert process.wait(30) == 0


def test_the_button_of_a_link_names_the_page_that_the_demo_has_for_it() -> None:
    shown = " ".join(demo("--no-browser", typed="/flosum status emea-prod\n\n1\n\n/quit\n").split())

    assert (
        "The demo has a page for https://acme-emea.my.salesforce.com/lightning/setup/ConnectedAppsUsage/home" in shown
    )
    assert "http://127.0.0.1:" in shown

"""The demo, as a newcomer starts it: a process of its own, a terminal, nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

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

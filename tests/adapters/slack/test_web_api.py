"""The Web API client: proxies, certificates, and words for what Slack refuses."""

from __future__ import annotations

import time
from pathlib import Path

import certifi
import pytest

from bot.adapters.settings import load
from bot.adapters.slack.web_api import SlackOutbox, called, client
from bot.domain.answers import Answer
from bot.domain.errors import OperatorError, SlackRefused
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.workspace import Workspace


def test_a_host_that_needs_no_proxy_is_called_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # where nobody listens
    with Workspace() as workspace:
        with pytest.raises(SlackRefused):
            called(client(workspace.bot_token, workspace.api_url).auth_test)

        monkeypatch.setenv("NO_PROXY", "127.0.0.1")

        assert called(client(workspace.bot_token, workspace.api_url).auth_test)["ok"]


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_bundle_of_authorities_is_honoured_under_either_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, certifi.where())

    assert load().ca_bundle == certifi.where()
    assert client("xoxb-1", "https://slack.com/api/", load().ca_bundle).ssl is not None


@pytest.mark.parametrize("setting", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.pem", "there is no file of that name"),
        ("folder", "that is a folder; name a file of certificates"),
        ("empty.pem", "no certificate can be read from that file"),
        ("text.pem", "no certificate can be read from that file"),
        ("cut.pem", "no certificate can be read from that file"),
    ],
)
def test_a_bundle_that_cannot_be_used_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, name: str, said: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.pem").touch()
    (tmp_path / "text.pem").write_text("our authorities")
    (tmp_path / "cut.pem").write_text("-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\n")
    monkeypatch.setenv(setting, str(tmp_path / name))

    with pytest.raises(OperatorError) as refused:
        load()

    assert refused.value.text == f"{setting} is not right: {said}."


@pytest.mark.parametrize(
    ("channel", "fault", "said", "permanent"),
    [
        ("C0GENERAL", None, "I am not in that channel", True),
        ("G0LEADS", None, "I cannot see that channel", True),
        ("C0OLD", None, "That channel is archived", True),
        ("C0SALESFORCE", WebApiFault(FaultKind.DROP), "Slack did not answer", False),
        ("C0SALESFORCE", WebApiFault(FaultKind.SERVER_ERROR), "Slack did not answer", False),
    ],
)
def test_what_slack_refuses_is_told_in_our_words(
    channel: str, fault: WebApiFault | None, said: str, permanent: bool
) -> None:
    with Workspace() as workspace:
        if fault:
            workspace.fail("chat.postMessage", fault)
        outbox = SlackOutbox(lambda _: client(workspace.bot_token, workspace.api_url))

        with pytest.raises(SlackRefused, match=said) as caught:
            outbox.post("T0DEMO", channel, Answer("Hello"), "key")

        assert caught.value.permanent is permanent
        assert [call.method for call in workspace.calls] == ["chat.postMessage"]


def test_a_limit_is_told_with_the_pause_that_slack_asks_for_and_is_not_slept_through() -> None:
    with Workspace() as workspace:
        workspace.fail("chat.postMessage", WebApiFault(FaultKind.RATE_LIMIT, seconds=30))
        outbox = SlackOutbox(lambda _: client(workspace.bot_token, workspace.api_url))
        began = time.monotonic()

        with pytest.raises(SlackRefused) as caught:
            outbox.post("T0DEMO", "C0SALESFORCE", Answer("Hello"), "key")

        assert time.monotonic() - began < 10
        refusal = caught.value
        assert (refusal.permanent, refusal.clear, refusal.retry_after) == (False, True, 30)


@pytest.mark.parametrize(
    ("fault", "clear"),
    [
        (WebApiFault(FaultKind.DROP), False),
        (WebApiFault(FaultKind.SERVER_ERROR), False),
        (WebApiFault(FaultKind.REFUSE, error="internal_error"), False),
        (WebApiFault(FaultKind.SAY, said={"ok": True}), False),
        (WebApiFault(FaultKind.SAY, said=[]), False),
        (WebApiFault(FaultKind.SAY, said="ok"), False),
        (WebApiFault(FaultKind.REFUSE, error="not_in_channel"), True),
    ],
)
def test_it_is_known_whether_a_call_can_have_been_taken(fault: WebApiFault, clear: bool) -> None:
    with Workspace() as workspace:
        workspace.fail("chat.postMessage", fault)
        outbox = SlackOutbox(lambda _: client(workspace.bot_token, workspace.api_url))

        with pytest.raises(SlackRefused) as caught:
            outbox.post("T0DEMO", "C0SALESFORCE", Answer("Hello"), "key")

        assert caught.value.clear is clear

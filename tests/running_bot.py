"""The whole bot between the built-in workspace and the built-in orgs, for tests that talk to it like people."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.entrypoints.slack import recovery
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.other_app import OtherApp
from bot.sandbox.slack.records import SlackMessage
from bot.sandbox.slack.user import SlackUser
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.demo import built_in
from tests.blockkit import assert_valid_calls
from tests.read import read

BY_ITSELF = frozenset({recovery.THREAD, "APScheduler"})
"""The threads on which a bot works whether or not anybody asks, which may be in the middle of what somebody does."""

ADA = "U0YOU"
"""The admin of the built-in workspace, whom confirmations may name."""


MEANWHILE = re.compile(r"(?:Reading |One moment).*|[^\n]*…|[^\n]* still being read\b.*", re.DOTALL)
"""What is said while somebody waits: a line that goes on, where it is of a form, or the orgs that are there so far."""


@dataclass(frozen=True)
class RunningBot:
    """Everything a dialogue needs; ``logged`` is the bot's log."""

    workspace: Workspace
    salesforce: BuiltInSalesforce
    bot: Bot
    log: io.StringIO
    folder: Path

    @property
    def ada(self) -> SlackUser:
        """An admin of the workspace."""
        return self.workspace.person("ada")

    @property
    def ben(self) -> SlackUser:
        """A member."""
        return self.workspace.person("ben")

    @property
    def other_app(self) -> OtherApp:
        """Another app, in #salesforce."""
        return OtherApp(self.ada, self.workspace.state)

    def shown(self, *, meanwhile: bool = False) -> Sequence[SlackMessage]:
        """Every message of the bot so far, as people read it, once the bot is at rest.

        ``meanwhile``: with what is said while somebody waits, which depends on how slow an org, or this machine, is.
        """
        assert self.workspace.settle(), "the bot did not come to rest"
        said = [read(shown.message) for shown in self.workspace.log if shown.message and shown.message.by_bot]
        return said if meanwhile else [each for each in said if not MEANWHILE.fullmatch(each.text)]

    def ask(self, text: str, person: SlackUser | None = None, channel: str = "#salesforce") -> SlackMessage:
        """Type ``/flosum text`` and return the one answer, beside what everybody is told."""
        before, person = len(self.shown()), person or self.ada
        receipt = person.command(text, channel)
        assert receipt.acked
        answers = [shown for shown in self.shown()[before:] if shown.audience == person.member.id]
        assert len(answers) == 1, [answer.text for answer in answers]
        return answers[0]

    def say(self, text: str, channel: str = "#salesforce", thread_ts: str | None = None) -> Sequence[SlackMessage]:
        """Say something in a channel and return what the bot adds, if anything."""
        before = len(self.shown())
        receipt = self.ada.say(text, channel, thread_ts)
        assert receipt.acked
        return self.shown()[before:]


@pytest.fixture
def running_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningBot]:
    """A fresh workspace with every built-in org connected."""
    # On a Monday morning the built-in digest is due, and a test that lasts until the first tick would read the orgs.
    monkeypatch.setattr("bot.wiring.app.DIGESTS_EVERY", 3_600.0)
    log = io.StringIO()
    with built_in(tmp_path, log) as (workspace, salesforce, bot):
        yield RunningBot(workspace, salesforce, bot, log, tmp_path)
        assert_valid_calls(workspace.calls, mentions=(ADA,))

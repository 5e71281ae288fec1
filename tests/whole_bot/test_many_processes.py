"""Three bots on one PostgreSQL behind a balancer, as processes of one deployment are."""

from __future__ import annotations

import io
import itertools
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from werkzeug.wrappers import Request, Response

from bot.adapters import logs
from bot.sandbox.slack.loopback import LoopbackServer
from bot.sandbox.slack.records import SlackMessage
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import utc_now
from tests.databases import NewDatabase
from tests.settings_of import settings_of
from tests.store_helpers import at_once
from tests.whole_bot.test_commands import NOT_INSTALLED

pytest_plugins = ["tests.databases"]


@dataclass
class Deployment:
    """The bots, what lies before them, and their common clock."""

    workspace: Workspace
    bots: list[Bot]
    log: io.StringIO
    later: timedelta = timedelta(0)

    def paste(self, text: str, thread_ts: str | None = None) -> list[SlackMessage]:
        """Three people say the same at once; what the bots say to it."""
        before = len(self.said())
        ada = self.workspace.person("ada")
        assert all(at_once(len(self.bots), lambda _: ada.say(text, thread_ts=thread_ts).acked))
        return self.said()[before:]

    def said(self) -> list[SlackMessage]:
        """Every message of the bots, once all are at rest."""
        assert all(bot.jobs.wait_idle(30) for bot in self.bots)
        return [shown.message for shown in self.workspace.log if shown.message and shown.message.by_bot]


@pytest.fixture
def deployment(postgresql: NewDatabase, migrated_database: str) -> Iterator[Deployment]:
    log, url = io.StringIO(), postgresql(migrated_database)
    logs.configure(log)
    with ExitStack() as stack:
        workspace = stack.enter_context(Workspace(events=bot_events(), scopes=bot_scopes()))
        deployment = Deployment(workspace, [], log)
        settings = settings_of(workspace, url, flosum_metrics_address="off")
        for _ in range(3):
            parts = CommandLineParts(settings=settings, clock=lambda: utc_now() + deployment.later)
            bot = stack.enter_context(parts.bot())
            bot.start()
            deployment.bots.append(bot)
        turns = itertools.cycle([bot.address for bot in deployment.bots])

        @Request.application
        def balanced(request: Request) -> Response:
            address = f"{next(turns)}{request.path}"
            forwarded = urllib.request.Request(address, request.get_data(), dict(request.headers))
            with urllib.request.urlopen(forwarded, timeout=10) as answer:
                return Response(answer.read(), answer.status, dict(answer.headers))

        balancer = stack.enter_context(LoopbackServer(balanced))
        workspace.connect(f"{balancer.url}/slack/events")
        yield deployment


def in_full(answers: list[SlackMessage]) -> int:
    return sum(answer.text.startswith("Salesforce refuses new logins") for answer in answers)


def pointing(answers: list[SlackMessage]) -> int:
    return sum(answer.text.startswith("The same error was explained here") for answer in answers)


def test_an_error_is_explained_once_an_hour_whichever_process_hears_it(deployment: Deployment) -> None:
    rounds = []
    for _ in range(8):
        answers = deployment.paste(NOT_INSTALLED)
        rounds.append((in_full(answers), pointing(answers)))
        deployment.later += timedelta(minutes=61)

    assert rounds == [(1, 2)] * 8


def test_a_thread_gets_one_answer_whichever_process_hears_it(deployment: Deployment) -> None:
    for _ in range(5):
        opened = deployment.workspace.person("ada").say("it does not work").message
        assert opened is not None
        assert in_full(deployment.paste(NOT_INSTALLED, opened.ts)) == 1
        deployment.later += timedelta(minutes=61)


def test_who_waits_too_long_for_another_process_answers_all_the_same(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.store.conversations.TURN_PATIENCE", 0.2)
    channel = deployment.workspace.state.channel_named("#salesforce")
    assert channel is not None

    with deployment.bots[0].store.turn(deployment.workspace.state.team.id, channel.id):
        answers = deployment.paste(NOT_INSTALLED)

    assert len(answers) == 3
    assert "did not wait for its turn among processes" in deployment.log.getvalue()


def test_a_digest_that_several_press_at_once_is_posted_once(deployment: Deployment) -> None:
    ada = deployment.workspace.person("ada")
    for _ in range(3):
        before = len(deployment.said())
        assert all(at_once(6, lambda _: ada.command("remind now").acked))

        said = deployment.said()[before:]
        assert len([message for message in said if message.audience is None]) == 1
        assert sum("Posted to" in message.text for message in said) == 1
        deployment.later += timedelta(minutes=2)

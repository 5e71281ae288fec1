"""Several workspaces that add one bot: “Add to Slack” from the admin's browser to the first command."""

from __future__ import annotations

import http.client
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.adapters import logs
from bot.adapters.settings import given
from bot.adapters.vault import make_key
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.distribution import Distribution
from bot.sandbox.slack.records import SlackMessage, Team
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import utc_now
from tests.blockkit import assert_valid_calls
from tests.digests import weekly
from tests.read import read

NORTH, SOUTH = Team("T0NORTH", "North"), Team("T0SOUTH", "South")
GRID = Team("T0GRID", "Grid-one", enterprise="E0GRID", org_wide=True)
PUBLIC = "https://bot.example.com"


@dataclass(frozen=True)
class Page:
    """What a browser was sent."""

    status: int
    body: str
    location: str
    cookie: str


@dataclass(frozen=True)
class SharedBot:
    """The workspaces by team id, Slack in front of them, and the bot."""

    workspaces: dict[str, Workspace]
    slack: Distribution
    salesforce: BuiltInSalesforce
    bot: Bot
    log: io.StringIO
    folder: Path

    @property
    def north(self) -> Workspace:
        """The first workspace."""
        return self.workspaces[NORTH.id]

    @property
    def south(self) -> Workspace:
        """The second workspace."""
        return self.workspaces[SOUTH.id]

    def get(self, path: str, cookie: str = "") -> Page:
        """What the browser gets from the bot; ``path`` may be an address at the public URL."""
        target = urlsplit(path)
        bot = urlsplit(self.bot.address)
        connection = http.client.HTTPConnection(bot.hostname or "", bot.port, timeout=10)
        query = f"?{target.query}" if target.query else ""
        connection.request("GET", target.path + query, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        set_cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        return Page(answer.status, body, answer.getheader("Location") or "", set_cookie)

    def add(self, workspace: Workspace) -> Page:
        """The admin of a workspace adds the bot; the page at the end."""
        begun = self.get("/slack/install")
        page = self.get(self.slack.approve(workspace, begun.location), begun.cookie)
        assert workspace.settle()  # whoever added it is greeted
        return page

    def connect(self, workspace: Workspace, names: Sequence[str], scope: str | None = None) -> None:
        """Connect built-in orgs to a workspace."""
        for org, credentials in self.salesforce.built_in(scope or workspace.state.team.id):
            if org.name in names:
                self.bot.store.add_org(replace(org, added_at=utc_now()), credentials)

    def remind(self, workspace: Workspace) -> None:
        """Set a weekly digest for the workspace's #salesforce."""
        self.bot.store.keep_subscription(weekly(workspace.state.team.id, "C0SALESFORCE", set_at=utc_now()))

    def shown(self, workspace: Workspace) -> list[SlackMessage]:
        """Every message of the bot in a workspace, once the bot is at rest."""
        assert workspace.settle(), "the bot did not come to rest"
        return [read(shown.message) for shown in workspace.log if shown.message and shown.message.by_bot]

    def ask(self, workspace: Workspace, text: str, person: str = "ada") -> SlackMessage:
        """Type ``/flosum text`` in a workspace and return the newest answer."""
        assert workspace.person(person).command(text).acked
        return self.shown(workspace)[-1]


@contextmanager
def bot_shared_by(
    folder: Path, *teams: Team, url: str | None = None, log: io.StringIO | None = None, with_key: bool = False
) -> Iterator[SharedBot]:
    """A bot that serves whoever adds it, and workspaces that have not done so yet.

    ``with_key``: its operator has a key for JWT, too.
    """
    log = log or io.StringIO()
    logs.configure(log)
    with ExitStack() as stack:
        found = [stack.enter_context(Workspace(events=bot_events(), scopes=bot_scopes(), team=team)) for team in teams]
        slack = stack.enter_context(Distribution(found))
        salesforce = stack.enter_context(BuiltInSalesforce(utc_now()))
        key: dict[str, str] = {}
        if with_key:
            key = {"salesforce_jwt_client_id": salesforce.client_id, "salesforce_jwt_key": salesforce.private_key}
        settings = given(
            slack_client_id=slack.client_id,
            slack_client_secret=slack.client_secret,
            slack_signing_secret=slack.signing_secret,
            slack_api_url=slack.api_url,
            flosum_public_url=PUBLIC,
            flosum_database_url=url or f"sqlite:///{folder / 'shared.db'}",
            flosum_secret_keys=make_key(),
            flosum_port=0,
            **key,
        )
        bot = stack.enter_context(CommandLineParts(settings=settings, route=salesforce.route).bot())
        bot.store.migrate()
        bot.start()
        for workspace in found:
            workspace.connect(f"{bot.address}/slack/events", lambda: bot.jobs.open == 0)
        yield SharedBot({one.state.team.id: one for one in found}, slack, salesforce, bot, log, folder)


@pytest.fixture
def shared_bot(tmp_path: Path) -> Iterator[SharedBot]:
    """Two workspaces that both have added the bot; each has orgs of its own."""
    with bot_shared_by(tmp_path, NORTH, SOUTH) as shared_bot:
        for workspace, orgs in (
            (shared_bot.north, ("prod", "uat", "legacy")),
            (shared_bot.south, ("emea-prod", "qa", "fresh")),
        ):
            assert shared_bot.add(workspace).status == 200
            shared_bot.connect(workspace, orgs)
            shared_bot.remind(workspace)
        yield shared_bot
        for workspace in (shared_bot.north, shared_bot.south):
            assert_valid_calls(workspace.calls, mentions=("U0YOU",))

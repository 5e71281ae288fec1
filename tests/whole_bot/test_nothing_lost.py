"""What was acknowledged is finished, or said to be interrupted: after a kill, an outage, a limit, an unclear answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot import jobs as jobs_module
from bot.adapters.store import conversations
from bot.adapters.store import requests as stored_requests
from bot.adapters.store.database import Database
from bot.adapters.store.tables import requests
from bot.adapters.vault import make_key
from bot.domain.errors import OperatorError
from bot.domain.model import PostedAnswer
from bot.entrypoints.slack import recovery
from bot.guard import RESTARTED
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.sandbox.slack.user import Receipt, SlackUser
from bot.sandbox.slack.workspace import Workspace
from bot.wiring import app
from bot.wiring.app import Bot
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import utc_now
from tests.running_bot import MEANWHILE, RunningBot
from tests.settings_of import settings_of
from tests.whole_bot.test_commands import NOT_INSTALLED

SECRET = "00D5g000004XyZzEAK!AQcAQH0dMHZfz972Szmpkb58urFRkgeBGsxL_QJWwYMfAbUeeG7c1E6LYUfiDUkWe6H34r1AAwOR8B8fLEz6n"
OUTAGE = 1.5  # seconds


@dataclass
class Lives:
    """A workspace and a database, on which one process of the bot follows another."""

    workspace: Workspace
    salesforce: BuiltInSalesforce
    url: str
    key: str = field(default_factory=make_key)

    @contextmanager
    def bot(self) -> Iterator[Bot]:
        """A process of the bot, until the end of the block."""
        settings = settings_of(
            self.workspace,
            self.url,
            flosum_secret_keys=self.key,
            salesforce_jwt_client_id=self.salesforce.client_id,
            salesforce_jwt_key=self.salesforce.private_key,
        )
        with CommandLineParts(settings=settings, route=self.salesforce.route).bot() as bot:
            bot.store.migrate()
            bot.start()
            self.workspace.connect(f"{bot.address}/slack/events", lambda: bot.jobs.open == 0)
            yield bot

    @contextmanager
    def killed_bot(self) -> Iterator[Bot]:
        """One that acknowledges, and then does nothing any more and hands nothing on."""
        with self.bot() as bot:
            for org, credentials in self.salesforce.built_in(TEAM):
                if bot.store.org(TEAM, org.name) is None:
                    bot.store.add_org(org, credentials)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(bot.jobs, "announce", lambda _: None)
                patch.setattr(bot.jobs, "begin", lambda _: None)
                patch.setattr(bot.store, "hand_on_requests", lambda _: 0)
                yield bot
                bot.close()

    def answers(self) -> list[SlackMessage]:
        """What the bot said so far."""
        said = [shown.message for shown in self.workspace.log if shown.message and shown.message.by_bot]
        return [each for each in said if not MEANWHILE.fullmatch(each.text)]

    def wait_for(self, number: int, seconds: float = 60) -> list[SlackMessage]:
        """Wait for so many answers, and for rest; then all there are."""
        deadline = time.monotonic() + seconds
        while len(self.answers()) < number and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.workspace.settle()
        return self.answers()

    def undone(self) -> int:
        """How many requests are not done."""
        database = Database(self.url)
        found = database.everywhere(requests, ~requests.c.done)
        database.close()
        return len(found)


@pytest.fixture
def lives(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lives]:
    monkeypatch.setattr(recovery, "EVERY", 0.1)
    monkeypatch.setattr(stored_requests, "STALE", timedelta(seconds=1))
    monkeypatch.setattr(jobs_module, "DELAYS", (0.1, 0.2))
    with ExitStack() as stack:
        workspace = stack.enter_context(Workspace(events=bot_events(), scopes=bot_scopes()))
        salesforce = stack.enter_context(BuiltInSalesforce(utc_now()))
        yield Lives(workspace, salesforce, database_url)


def ada(lives: Lives) -> SlackUser:
    return lives.workspace.person("ada")


def mentioned(person: SlackUser, text: str) -> Receipt:
    """The receipt of the event that a mention brings."""
    receipt = person.mention(text).also
    assert receipt is not None
    return receipt


# --- without threads -----------------------------------------------------------------------------------


def test_a_start_without_threads_for_its_clocks_serves_all_the_same(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, refused = threading.Thread.start, list[str]()

    def start(thread: threading.Thread) -> None:
        if thread.name == "APScheduler" and len(refused) < 3:
            refused.append(thread.name)
            raise RuntimeError("can't start new thread")
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    monkeypatch.setattr(app, "CLOCK_AGAIN", 0.05)
    with lives.bot() as bot:
        ada(lives).say(NOT_INSTALLED)

        (answer,) = lives.wait_for(1)
        assert "Salesforce refuses new logins" in answer.text
        assert bot.jobs.wait_idle(30)  # so it is tried no more
        assert len(refused) == 3


def test_an_end_without_threads_goes_through_to_the_end(lives: Lives, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    handed_on = list[int]()
    with lives.bot() as bot:
        hand_on = bot.store.hand_on_requests
        monkeypatch.setattr(bot.store, "hand_on_requests", lambda owner: handed_on.append(hand_on(owner)))
        with monkeypatch.context() as machine:
            machine.setattr(threading.Thread, "start", refused)
            bot.close()
            assert handed_on == [0]


def test_without_a_spare_thread_orgs_are_read_all_the_same(lives: Lives, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if thread.name.startswith("check"):  # the built-in workspace has threads of its own
            raise RuntimeError("can't start new thread")
        begin(thread)

    with lives.bot() as bot:
        for org, credentials in lives.salesforce.built_in(TEAM):
            bot.store.add_org(org, credentials)
        monkeypatch.setattr(threading.Thread, "start", start)
        for asked in ("status prod", "status all", "access prod me"):
            ada(lives).command(asked)
        said = [answer.text for answer in lives.wait_for(3)]

    assert not [text for text in said if "Something went wrong" in text]
    assert any("prod is ready" in text for text in said)
    assert any("orgs" in text for text in said)


# --- killed --------------------------------------------------------------------------------------------

ASKED: dict[str, tuple[Callable[[SlackUser], Receipt], str]] = {
    "paste": (lambda ada: ada.say(f"prod says {NOT_INSTALLED}"), "Salesforce refuses new logins"),
    "paste in a thread": (
        lambda ada: ada.say(NOT_INSTALLED, thread_ts=ada.say("what is this?").message.ts),  # type: ignore[union-attr]
        "Salesforce refuses new logins",
    ),
    "mention": (lambda ada: mentioned(ada, "status prod"), "prod is ready"),
    "direct message": (lambda ada: ada.say("how do I install the apps?", "dm"), "Install"),
    "status": (lambda ada: ada.command("status prod"), "prod is ready"),
    "status all": (lambda ada: ada.command("status all"), "orgs"),
    "explain": (lambda ada: ada.command(f"explain {NOT_INSTALLED}"), "Salesforce refuses new logins"),
    "a change": (lambda ada: ada.command("rename prod emea"), RESTARTED.headline),
    "a change by mention": (lambda ada: mentioned(ada, "rename prod emea"), RESTARTED.headline),
}


@pytest.mark.parametrize("asked", ASKED)
def test_what_a_killed_process_left_is_done_or_said_to_be_interrupted_by_the_next(lives: Lives, asked: str) -> None:
    ask, expected = ASKED[asked]
    with lives.killed_bot():
        assert ask(ada(lives)).acked
    assert lives.answers() == []
    assert lives.undone() == 1

    with lives.bot() as bot:
        (answer,) = lives.wait_for(1)
        assert bot.store.org(TEAM, "prod") is not None

    assert expected in answer.text
    assert lives.undone() == 0


def test_so_is_a_form(lives: Lives) -> None:
    with lives.bot() as bot:
        for org, credentials in lives.salesforce.built_in(TEAM):
            bot.store.add_org(org, credentials)
        assert ada(lives).command("connect newcomer").acked
        (ways,) = lives.wait_for(1)
        assert ada(lives).press(ways, "Name the user").acked
        assert lives.workspace.settle()
    (form,) = lives.workspace.state.views.values()
    values = {"username": "integration@acme.example", "host": "acme"}
    with lives.killed_bot():
        receipt = ada(lives).submit(form, {block: {"line": {"value": value}} for block, value in values.items()})
        assert receipt.acked

    with lives.bot():
        *_, answer = lives.wait_for(2)

    assert RESTARTED.headline in answer.text
    assert lives.undone() == 0


def test_of_several_processes_that_are_left_one_takes_it_on(postgresql: Callable[[], str], lives: Lives) -> None:
    lives.url = postgresql()
    with lives.killed_bot():
        for number in range(10):
            assert ada(lives).command(f"explain {NOT_INSTALLED} {number}").acked

    with lives.bot(), lives.bot(), lives.bot():
        answers = lives.wait_for(10)
        time.sleep(1)

    assert len(answers) == len(lives.answers()) == 10


def test_what_was_posted_before_the_kill_is_not_posted_again(lives: Lives) -> None:
    with lives.killed_bot() as bot:
        receipt = ada(lives).say(NOT_INSTALLED)
        assert receipt.message is not None
        # As the first process would have: posted, and killed before it could remember that.
        metadata = {"event_type": "flosum_answer", "event_payload": {"to": receipt.message.ts}}
        channel, thread = receipt.message.channel, receipt.message.ts
        bot.slack.chat_postMessage(channel=channel, thread_ts=thread, text="That was it", metadata=metadata)
        bot.store.claim_message(TEAM, channel, thread, utc_now())

    with lives.bot() as bot:
        deadline = time.monotonic() + 20
        while lives.undone() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert lives.workspace.settle()

    assert [answer.text for answer in lives.answers()] == ["That was it"]
    assert lives.undone() == 0


def test_an_answer_whose_place_could_not_be_written_is_found_again(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = conversations._remember, iter(range(3))  # noqa: SLF001

    def fail_at_first(rows: Any, posted: Sequence[PostedAnswer]) -> Sequence[None]:
        if next(left, None) is not None:
            raise OperatorError("The database does not answer.")
        return write(rows, posted)

    monkeypatch.setattr(conversations, "_remember", fail_at_first)
    with lives.bot() as bot:
        receipt = ada(lives).say(NOT_INSTALLED)
        assert receipt.message is not None
        deadline = time.monotonic() + 60
        while lives.undone() and time.monotonic() < deadline:
            time.sleep(0.05)
        (answer,) = lives.wait_for(1)
        around = bot.store.around(TEAM, answer.channel, ts=receipt.message.ts, thread=None, since=utc_now())

    assert next(left, None) is None
    assert [each.ts for each in around.answers] == [answer.ts]


def test_what_is_kept_holds_no_secret_and_lies_sealed_until_it_is_done(lives: Lives) -> None:
    said = f"sfdx says {NOT_INSTALLED}, my session is {SECRET}"
    with lives.killed_bot() as bot:
        assert ada(lives).say(said).acked
        assert ada(lives).command(f"explain {said}").acked
        database = Database(lives.url)
        rows = database.everywhere(requests)
        kept = bot.store.take_requests("whoever", {row.owner for row in rows}, [row.key for row in rows])

    assert len(kept) == 2
    for row, request in zip(sorted(rows, key=lambda row: row.taken_at), kept, strict=True):
        assert "OAUTH_APP_BLOCKED" not in row.sealed
        assert SECRET[:30] not in request.payload
        assert "app must be installed into org" in request.payload
    with lives.bot():
        public, *private = sorted(lives.wait_for(3), key=lambda each: each.audience or "")
        assert [row.sealed for row in database.everywhere(requests)] == ["", ""]
    database.close()

    assert "refuses new logins" in public.text
    assert len(private) == 2
    assert all("session id" in each.text or "session id" in str(each.blocks) for each in private)


# --- Slack does not take it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        WebApiFault(FaultKind.DROP),
        WebApiFault(FaultKind.SERVER_ERROR),
        WebApiFault(FaultKind.RATE_LIMIT, seconds=1),
        WebApiFault(FaultKind.REFUSE, error="internal_error"),
    ],
    ids=lambda fault: fault.kind.value,
)
@pytest.mark.parametrize("times", [1, 2])
def test_a_post_that_slack_does_not_take_is_posted_once(
    running_bot: RunningBot, fault: WebApiFault, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "DELAYS", (0.1,))
    for _ in range(times):
        running_bot.workspace.fail("chat.postMessage", fault)

    (answer,) = running_bot.say(NOT_INSTALLED)

    assert "refuses new logins" in answer.text
    running_bot.workspace.fail("chat.postMessage", fault)
    assert len(running_bot.say("@flosum which profile needs the apps?")) == 1


def test_where_slack_does_not_let_the_bot_look_it_posts(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "DELAYS", (0.1,))
    running_bot.workspace.fail("chat.postMessage", WebApiFault(FaultKind.SERVER_ERROR))
    running_bot.workspace.fail("conversations.replies", WebApiFault(FaultKind.REFUSE, error="missing_scope"))

    assert len(running_bot.say(NOT_INSTALLED)) == 1


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.RATE_LIMIT, FaultKind.DROP])
def test_a_change_whose_answer_is_not_taken_is_made_once_and_told(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch, kind: FaultKind
) -> None:
    monkeypatch.setattr(jobs_module, "DELAYS", (0.1,))
    running_bot.workspace.fail("response_url", WebApiFault(kind, seconds=1))

    assert running_bot.ada.command("rename prod emea").acked

    assert [each.text for each in running_bot.shown()][-1].startswith("✅ prod is called emea now")
    renamed = [change for change in running_bot.bot.store.changes(TEAM) if change.action == "renamed"]
    assert len(renamed) == 1


def test_a_lost_response_url_is_made_up_for_by_the_web_api(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module, "DELAYS", (0.1,))
    for _ in range(9):
        running_bot.workspace.fail("response_url", WebApiFault(FaultKind.SERVER_ERROR))

    answer = running_bot.ask("status prod")

    assert answer.audience == running_bot.ada.member.id
    assert answer.text.startswith("✅ prod is ready")


# --- the database does not take it ---------------------------------------------------------------------


@contextmanager
def locked(bot: Bot) -> Iterator[None]:
    """Another program that writes, and takes its time: every transaction of the bot's waits, and fails."""
    database = Database(bot.settings.database_url)
    with database.exclusive() as connection:
        if not database.is_sqlite:
            connection.execute(text("LOCK TABLE requests, answers, seen_messages IN ACCESS EXCLUSIVE MODE"))
        yield
    database.close()


def test_pastes_of_an_outage_are_refused_at_the_door_remembered_and_answered_once(lives: Lives) -> None:
    with lives.bot() as bot:
        with locked(bot):
            receipts = [ada(lives).say(f"{NOT_INSTALLED} {number}") for number in range(3)]
            time.sleep(OUTAGE)
        assert [receipt.status for receipt in receipts] == [503] * 3
        again = [ada(lives).redeliver(receipt) for receipt in receipts]
        assert [receipt.status for receipt in again] == [200] * 3
        answers = lives.wait_for(3, seconds=40)
        assert bot.jobs.wait_idle(20)

    assert len({answer.thread_ts for answer in answers}) == len(answers) == 3
    assert lives.undone() == 0


def test_what_fails_while_it_is_taken_is_taken_anew_when_slack_sends_it_again(lives: Lives) -> None:
    """A fault that nobody foresaw, in the middle of keeping: it is neither remembered as taken nor left half begun."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with lives.bot() as bot:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bot.store, "begin_keeping", fail)
            receipt = ada(lives).say(f"prod says {NOT_INSTALLED}")
            assert not receipt.acked
            assert not ada(lives).redeliver(receipt).acked
        assert ada(lives).redeliver(receipt).acked

        assert len(lives.wait_for(1)) == 1
    assert lives.undone() == 0


def test_a_command_of_an_outage_is_answered_with_what_is_the_matter(lives: Lives) -> None:
    with lives.bot() as bot:
        with locked(bot):
            assert ada(lives).command("status prod").acked
            time.sleep(OUTAGE)
        *before, answer = lives.wait_for(1, seconds=40)

    assert [each.text for each in before] in ([], ["Reading prod from Salesforce…"])
    assert "Reading" not in answer.text


# --- too much ------------------------------------------------------------------------------------------


def test_more_than_can_wait_here_waits_in_the_database(lives: Lives) -> None:
    gate = threading.Event()
    with lives.bot() as bot:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(bot.jobs), "full", property(lambda _: not gate.is_set()))
            patch.setattr(recovery.Recovery, "look", lambda _: None)
            receipts = [ada(lives).say(f"{NOT_INSTALLED} {number}") for number in range(5)]
            busy = ada(lives).command("help")
        gate.set()
        answers = lives.wait_for(6)

    assert all(receipt.acked for receipt in (*receipts, busy))
    assert "Too many requests" in busy.body
    assert len(answers) == 6
    assert lives.undone() == 0


def test_one_slow_thing_holds_up_nobody_else(running_bot: RunningBot) -> None:
    limited = WebApiFault(FaultKind.RATE_LIMIT, seconds=30)
    for _ in range(40):
        running_bot.workspace.fail("response_url", limited)
    for number in range(40):
        assert running_bot.ada.command(f"explain {NOT_INSTALLED} {number}").acked
    time.sleep(1)
    began, before = time.monotonic(), len(running_bot.workspace.log)

    assert running_bot.ben.command("help").acked
    assert running_bot.ben.say(NOT_INSTALLED).acked
    while len(running_bot.workspace.log) < before + 3 and time.monotonic() - began < 20:
        time.sleep(0.01)

    assert time.monotonic() - began < 20

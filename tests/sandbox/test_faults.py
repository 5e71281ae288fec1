"""The measures of tests/benchmarks/faults measure: what is lost or said twice is counted, and troubles act."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.loopback import post
from bot.sandbox.slack.records import BOT_USER, Happening, Json, Member, Shown, SlackMessage
from tests.benchmarks.faults import tally
from tests.benchmarks.faults.relay import Mood, Relay
from tests.benchmarks.faults.slack import POSTS, FaultySlack, Kind, Trouble
from tests.benchmarks.faults.tally import Errand

PASTER, ASKER = Member("U0F00001", "one", "One"), Member("U0F00002", "two", "Two")
PASTE = Errand("paste", PASTER, sent=10.0, acked=10.5, thread="9.5")
STATUS = Errand("status", ASKER, sent=10.0, acked=10.5)


def posted(ts: str, text: str, *, thread: str | None = None, to: str | None = None, channel: str = "C1") -> Shown:
    return Shown(Happening.POSTED, SlackMessage(channel, ts, BOT_USER, text, thread_ts=thread, audience=to))


# --- the tally -----------------------------------------------------------------------------------------


def test_what_was_taken_and_not_answered_is_lost() -> None:
    refused = Errand("status", Member("U0F00003", "three", "Three"), sent=10.0, acked=None)
    log = [posted("11.0", "Install the app", thread="9.5"), posted("9.0", "from before", to=ASKER.id)]

    assert tally.unanswered(log, [PASTE, STATUS, refused]) == [STATUS]


def test_what_is_posted_twice_in_a_thread_is_doubled() -> None:
    log = [posted(ts, "Install the app", thread="9.5") for ts in ("11.0", "12.0")]

    paste, status = tally.answers(log, [PASTE, STATUS])

    assert (paste.doubled, paste.first, status.all) == (1, 11.0, [])


def test_a_private_answer_that_says_the_same_again_came_twice_and_one_that_goes_on_did_not() -> None:
    said = ("prod is being read", "prod is ready, read at 10:01", "prod is ready, read at 10:02")
    log = [posted(f"{11 + number}.0", text, to=ASKER.id) for number, text in enumerate(said)]

    (status,) = tally.answers(log, [STATUS])

    assert (status.private_twice, status.doubled) == (1, 0)


def test_a_line_that_says_what_is_being_done_is_no_answer_whoever_sees_it() -> None:
    lines = [posted(ts, "Reading `prod` from Salesforce…", to=ASKER.id) for ts in ("11.0", "12.0")]
    (left,) = tally.answers(lines, [STATUS])
    (told,) = tally.answers([*lines, posted("13.0", "prod is ready", to=ASKER.id)], [STATUS])

    assert left.all == []
    assert tally.unanswered(lines, [STATUS]) == [STATUS]
    assert ([each.text for each in told.all], told.private_twice) == (["prod is ready"], 0)


def test_direct_messages_are_private_answers() -> None:
    (status,) = tally.answers([posted("11.0", "I was restarted. Press again.", channel="D0F00002")], [STATUS])

    assert status.told_again
    assert len(status.private) == 1


def test_a_second_change_by_one_person_is_a_deed_done_twice() -> None:
    changes: list[Json] = [
        {"user": ASKER.id, "action": "connected"},
        {"user": ASKER.id, "action": "connected again"},
        {"user": PASTER.id, "action": "connected"},
        {"user": "UELSE", "action": "connected"},
    ]

    assert tally.deeds_twice(changes, [PASTE, STATUS]) == 1


# --- Slack's troubles ----------------------------------------------------------------------------------


@pytest.fixture
def slack() -> Iterator[FaultySlack]:
    with FaultySlack() as slack:
        yield slack


def client(slack: FaultySlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def shown(slack: FaultySlack) -> list[str]:
    return [each.message.text for each in slack.log if each.message]


def test_every_third_post_meets_its_trouble_and_no_other_call(slack: FaultySlack) -> None:
    refused = 0
    with slack.trouble(Trouble(Kind.REFUSE, methods=POSTS, every=3)):
        for number in range(6):
            client(slack).auth_test()
            try:
                client(slack).chat_postMessage(channel="C0SALESFORCE", text=f"{number}")
            except SlackApiError as error:
                refused += error.response["error"] == "internal_error"

    assert (refused, shown(slack)) == (2, ["0", "1", "3", "4"])


@pytest.mark.parametrize(("kind", "status"), [(Kind.SERVER_ERROR, 500), (Kind.PAGE, 200), (Kind.RATE_LIMIT, 429)])
def test_a_trouble_answers_and_does_nothing(slack: FaultySlack, kind: Kind, status: int) -> None:
    with slack.trouble(Trouble(kind, 5)):
        answer = post(f"{slack.api_url}chat.postMessage", b"channel=C0SALESFORCE&text=x", {}, 10)

    assert (answer.status, shown(slack)) == (status, [])


def test_a_dropped_post_is_done_and_not_answered(slack: FaultySlack) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    with slack.trouble(Trouble(Kind.DROP)):
        answer = post(f"{slack.api_url}chat.postMessage", b"channel=C0SALESFORCE&text=x", headers, 10)

    assert (answer.status, shown(slack)) == (None, ["x"])


def test_what_a_caller_who_hung_up_asked_for_is_not_done(slack: FaultySlack) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    with slack.trouble(Trouble(Kind.DELAY, 1.0)):
        answer = post(f"{slack.api_url}chat.postMessage", b"channel=C0SALESFORCE&text=x", headers, 0.1)
        assert answer.status is None
        assert client(slack).auth_test()["ok"]  # asked later, and done later
    assert shown(slack) == []


# --- the relay -----------------------------------------------------------------------------------------


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    """Before something that says everything back."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "echo"))
    server.listen()
    threading.Thread(target=_echo, args=(server,), daemon=True).start()
    relay = Relay(str(tmp_path / "echo"))
    yield relay
    relay.close()
    server.shutdown(socket.SHUT_RDWR)
    server.close()


def _echo(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            while data := connection.recv(100):
                connection.sendall(data)


def said_back(relay: Relay, timeout: float = 5) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", relay.port), timeout)) as line:
        line.sendall(b"hello")
        return line.recv(100)


def test_a_relay_passes_on_refuses_and_passes_on_again(relay: Relay) -> None:
    assert said_back(relay) == b"hello"
    relay.become(Mood.REFUSING)
    with pytest.raises(ConnectionRefusedError):
        said_back(relay)
    relay.become(Mood.PASSING)
    assert said_back(relay) == b"hello"


def test_a_silent_relay_takes_everything_and_says_nothing(relay: Relay) -> None:
    relay.become(Mood.SILENT)
    with pytest.raises(TimeoutError):
        said_back(relay, 0.2)
    relay.become(Mood.PASSING)
    assert said_back(relay) == b"hello"

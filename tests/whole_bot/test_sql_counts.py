"""How many SQL statements the everyday things cost, counted at the database of the whole bot.

What counts is everything that reaches the driver's cursor, by SQLAlchemy's ``before_cursor_execute`` and by what goes
there directly: statements, an ``executemany`` as one, and the BEGIN of each transaction as well (SQLite gets it as a
statement of its own, and with another server each would be a round trip). COMMIT is a call, not a statement, so it is
not seen; PRAGMA belongs to new connections. The limits hold with the BEGINs; without them about a third is left. Four
of each are the record of the request, made before it is acknowledged and emptied when it is done. Of a workspace that
was written to just before, three more read its orgs and its quiet channels. What is newer than all that was said in its
channel costs no look for what was said there.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.adapters.store import lately
from bot.adapters.store.prepared import Prepared
from bot.service.digest_delivery import DigestDelivery
from bot.wiring.parts import utc_now
from tests.digests import weekly
from tests.running_bot import BY_ITSELF, RunningBot
from tests.whole_bot.test_commands import NOT_INSTALLED
from tests.whole_bot.test_conversations import GENERIC

Statement = tuple[str, str]
REFUSES = "Salesforce refuses new logins to a connected app that is not installed"


@pytest.fixture(autouse=True)
def _however_slow_the_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read of a workspace is not read again for its age, only for what is written."""
    monkeypatch.setattr(lately, "LATELY", 600.0)


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Every statement that is sent meanwhile, by any engine and thread, with its parameters."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("PRAGMA") and threading.current_thread().name not in BY_ITSELF:
            seen.append((statement, repr(parameters)))

    def noted(way: Callable[..., Any]) -> Callable[..., Any]:
        def go(itself: Prepared, driver: Any, values: Any) -> Any:
            note(None, None, itself.text, values)
            return way(itself, driver, values)

        return go

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("rows", "done"):
                patch.setattr(Prepared, name, noted(getattr(Prepared, name)))
            yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def repeated(seen: Sequence[Statement]) -> list[Statement]:
    return [each for each, count in Counter(seen).items() if count > 1 and not each[0].startswith("BEGIN")]


@pytest.mark.parametrize(
    ("before", "text", "answer", "most"),
    [
        (None, NOT_INSTALLED, REFUSES, 11),
        (
            None,
            f"uat says {NOT_INSTALLED}",
            "Salesforce refuses new logins to a connected app that is not installed",
            13,
        ),
        (NOT_INSTALLED, f"me too: {NOT_INSTALLED}", "The same error was explained here", 10),
    ],
    ids=["in full", "of an org", "pointed back"],
)
def test_a_paste_answered_in_a_channel_costs_eleven_statements_and_of_an_org_two_for_its_reading(
    running_bot: RunningBot, before: str | None, text: str, answer: str, most: int
) -> None:
    running_bot.say(NOT_INSTALLED, "#random")  # how far the talk came before is read once
    if before is not None:
        running_bot.say(before)

    with statements() as seen:
        (shown,) = running_bot.say(text)

    assert shown.text.startswith(answer)
    assert len(seen) <= most, seen
    assert repeated(seen) == []


@pytest.mark.parametrize(("reply", "answers", "most"), [("prod", 1, 12), ("thanks, that was it", 0, 5)])
def test_a_reply_in_a_thread_costs_no_more(running_bot: RunningBot, reply: str, answers: int, most: int) -> None:
    question = running_bot.ada.say(GENERIC).message
    assert question is not None
    running_bot.shown()

    with statements() as seen:
        assert len(running_bot.say(reply, thread_ts=question.ts)) == answers

    assert len(seen) <= most, seen
    assert repeated(seen) == []


@pytest.mark.parametrize(
    "text",
    [
        "who is in for lunch, and did the deployment go through?",
        "do all consumer keys begin with 3MVG, or only those of newer apps",
    ],
)
def test_chat_that_concerns_nobody_costs_none(running_bot: RunningBot, text: str) -> None:
    with statements() as seen:
        assert list(running_bot.say(text)) == []

    assert seen == []


def test_the_status_of_an_org_costs_twelve_statements_at_most(running_bot: RunningBot) -> None:
    with statements() as first:
        running_bot.ask("status prod")
    with statements() as second:
        assert running_bot.ask("status prod").text.startswith("✅ prod is ready")

    for seen, most in ((first, 12), (second, 11)):  # since when it is ready is kept when that changes
        assert len(seen) <= most, seen
        assert repeated(seen) == []


def test_a_digest_of_seven_orgs_costs_thirty_statements_at_most(running_bot: RunningBot) -> None:
    assert len(running_bot.bot.store.orgs("T0DEMO")) == 7

    with statements() as seen:
        running_bot.ada.command("remind now")
        digest, receipt = running_bot.shown()

    assert (digest.audience, receipt.audience) == (None, running_bot.ada.member.id)
    assert len(seen) <= 30, seen  # of them five claim the press and end that, so that two post once
    assert repeated(seen) == []


@pytest.mark.parametrize("said", ["blorb 9:00 prod uat", "monday 9:00 for prod qa and sandboxes"])
def test_which_orgs_there_are_is_read_once_for_a_line_about_a_digest(running_bot: RunningBot, said: str) -> None:
    with statements() as seen:
        running_bot.ask(f"remind {said}")

    # Once to understand the command, once for what it says of orgs, however many of its words may be some.
    assert len([query for query, _ in seen if "FROM orgs" in query]) == 2


def test_the_weekly_one_costs_thirty_five(running_bot: RunningBot) -> None:
    now = utc_now() - timedelta(minutes=1)
    running_bot.bot.store.keep_subscription(weekly("T0DEMO", "C0SALESFORCE", now.weekday(), now.hour, now.minute))
    clock: DigestDelivery = running_bot.bot.uses.digests

    with statements() as seen:
        clock.tick()
        (digest,) = running_bot.shown()

    assert digest.text.startswith("⛔ Flosum apps: 2 of 7 orgs ready")
    assert len(seen) <= 35, seen
    # Its row is locked twice: when it is taken on, and when it is sure that it is posted.
    assert [query for query, _ in repeated(seen) if "FROM subscriptions" not in query] == []
    clock.tick()
    with statements() as idle:
        clock.tick()
    assert [query.partition(" ")[0] for query, _ in idle] == ["BEGIN", "SELECT"]

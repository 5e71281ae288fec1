"""What counts as said before, and for how long: real store, a clock of our own, on both sides of every limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.adapters.library import load
from bot.adapters.store import SqlStore
from bot.domain.answers import Answer
from bot.domain.conversations.policy import Decision, Message, MessageContext, decide
from bot.domain.model import AnswerKind, Asker
from bot.domain.recognition.entries import Recognition
from bot.service.conversation_history import ConversationHistory
from tests.store_helpers import LOGIN, NOW, PROD

pytest_plugins = ["tests.databases"]

GUIDANCE, _ = load(None)
ERROR = GUIDANCE.entry("app-must-be-installed")
ADA = Asker("T1", "UADA", "C1")
PASTE = Message(ADA, "app must be installed into org", "1.0")
LATER = replace(PASTE, ts="2.0")
REPLY = replace(LATER, text="prod", thread="1.0")
IN_FULL = Decision(AnswerKind.FULL, Answer("explained"), "app-must-be-installed")
OF_THE_GUIDE = Decision(AnswerKind.FULL, Answer("explained"), "install")
TICK = timedelta(microseconds=1)


def direct(message: Message) -> Message:
    return replace(message, who=replace(ADA, channel="D1"), asked=True)


def context(
    store: SqlStore, message: Message, since: timedelta, to: Message = PASTE, answer: Decision = IN_FULL
) -> MessageContext:
    """What is known around ``message``, so long after ``to`` was answered."""
    now = NOW

    def clock() -> datetime:
        return now

    history = ConversationHistory(store, store, GUIDANCE, clock)
    history.remember(to, answer, "1.5", None)
    now = NOW + since
    return history.context(message)


@pytest.mark.parametrize(("since", "points"), [(timedelta(hours=1), True), (timedelta(hours=1) + TICK, False)])
def test_an_answer_in_a_channel_stands_for_the_same_error_for_an_hour(
    store: SqlStore, since: timedelta, points: bool
) -> None:
    decision = decide(LATER, Recognition(ERROR), context(store, LATER, since))

    assert decision is not None
    assert (decision.kind, decision.points_to) == ((AnswerKind.POINTER, "1.5") if points else (AnswerKind.FULL, None))


@pytest.mark.parametrize(("since", "adds"), [(timedelta(days=14), True), (timedelta(days=14) + TICK, False)])
def test_a_reply_adds_to_what_was_answered_in_its_thread_for_two_weeks(
    store: SqlStore, since: timedelta, adds: bool
) -> None:
    store.add_org(PROD, LOGIN)

    found = context(store, REPLY, since)

    assert found.above == (ERROR if adds else None)
    assert (decide(REPLY, Recognition(None), found) is not None) is adds


@pytest.mark.parametrize("since", [timedelta(days=14), timedelta(days=29)])
def test_an_error_is_explained_once_in_a_thread_as_long_as_that_is_remembered(
    store: SqlStore, since: timedelta
) -> None:
    paste = replace(PASTE, ts="2.0", thread="1.0")

    assert decide(paste, Recognition(ERROR), context(store, paste, since)) is None


@pytest.mark.parametrize(("since", "adds"), [(timedelta(minutes=30), True), (timedelta(minutes=30) + TICK, False)])
def test_a_direct_message_belongs_to_the_answer_above_it_for_half_an_hour(
    store: SqlStore, since: timedelta, adds: bool
) -> None:
    found = context(store, direct(LATER), since, to=direct(PASTE))

    assert found.above == (ERROR if adds else None)


def test_an_answer_in_a_thread_stands_for_the_same_error_in_its_channel_for_an_hour_only(store: SqlStore) -> None:
    assert [answer.ts for answer in context(store, REPLY, timedelta(hours=1)).nearby] == ["1.5"]
    assert context(store, REPLY, timedelta(hours=1) + TICK).nearby == []


def test_what_was_said_in_another_thread_is_not_what_this_one_talks_about(store: SqlStore) -> None:
    context(store, REPLY, timedelta(0))
    elsewhere = replace(PASTE, ts="3.0")

    found = context(store, replace(REPLY, ts="4.0"), timedelta(minutes=1), to=elsewhere, answer=OF_THE_GUIDE)
    apart = context(store, replace(REPLY, thread="9.0"), timedelta(minutes=1))

    assert (found.above, [answer.to_ts for answer in found.in_thread]) == (ERROR, ["1.0"])
    assert (apart.above, list(apart.in_thread)) == (None, [])


def test_direct_messages_beside_each_other_are_no_thread(store: SqlStore) -> None:
    assert list(context(store, direct(LATER), timedelta(0), to=direct(PASTE)).in_thread) == []


def test_a_message_is_claimed_once_for_each_thing_that_is_said_about_it(store: SqlStore) -> None:
    history = ConversationHistory(store, store, GUIDANCE, lambda: NOW)

    assert [history.claim(PASTE), history.claim(PASTE), history.claim(PASTE, "private")] == [True, False, True]
    assert [history.claim(PASTE, "private"), history.claim(LATER), history.claim(direct(PASTE))] == [False, True, True]


def test_the_topic_of_an_entry_is_counted_as_long_as_the_guidance_has_it(store: SqlStore) -> None:
    history = ConversationHistory(store, store, GUIDANCE, lambda: NOW)

    assert [history.topic("app-must-be-installed"), history.topic("gone")] == ["app-not-installed", ""]


def test_a_message_in_a_channel_belongs_to_no_answer_above_it(store: SqlStore) -> None:
    assert context(store, LATER, timedelta(0), to=replace(PASTE, who=ADA)).above is None


@pytest.mark.parametrize("kind", list(AnswerKind))
def test_whatever_was_said_last_keeps_the_talk_going_and_only_an_explanation_is_led_to(
    store: SqlStore, kind: AnswerKind
) -> None:
    found = context(store, REPLY, timedelta(minutes=1), answer=replace(IN_FULL, kind=kind))

    assert found.above == ERROR
    assert len(found.nearby) == (kind is AnswerKind.FULL)


@pytest.mark.parametrize("entry", ["", "install", "gone-from-the-guidance"])
def test_only_an_error_is_talked_about(store: SqlStore, entry: str) -> None:
    assert context(store, REPLY, timedelta(minutes=1), answer=replace(IN_FULL, entry=entry)).above is None


def test_only_an_edited_message_has_an_answer_of_its_own(store: SqlStore) -> None:
    found = context(store, replace(PASTE, edited=True), timedelta(days=20))

    assert found.own is not None
    assert (found.own.ts, found.own.at, found.own_entry) == ("1.5", NOW, ERROR)
    assert context(store, PASTE, timedelta(days=20)).own is None


def test_an_answer_that_is_changed_keeps_its_time_and_place(store: SqlStore) -> None:
    own = context(store, replace(PASTE, edited=True), timedelta(0)).own
    assert own is not None
    history = ConversationHistory(store, store, GUIDANCE, lambda: NOW + timedelta(days=1))

    history.remember(PASTE, Decision(AnswerKind.OUTDATED, Answer("changed"), own.entry), own.ts, own)

    changed = history.context(replace(PASTE, edited=True)).own
    assert changed == replace(own, kind=AnswerKind.OUTDATED)

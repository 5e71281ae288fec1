"""What the bot remembers around a message: its own answers, by message, thread and channel, without anybody's words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.conversations.policy import (
    SAME_AGAIN,
    STILL_TALKING,
    THREAD_LIVES,
    Decision,
    Message,
    MessageContext,
)
from bot.domain.conversations.taken_back import mended
from bot.domain.model import AnswerKind, Org, PostedAnswer
from bot.domain.recognition.entries import Entry, Kind
from bot.domain.recognition.guidance import Guidance
from bot.ports import Clock, Conversations, Store

UNDER_WAY = timedelta(minutes=2)
"""So long an answer may take to come, several times what an org is waited for; what is older came to nothing."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The ``answers`` that go with a message, and those that led to them, with what they say instead."""

    answers: Sequence[PostedAnswer]
    mends: Sequence[tuple[PostedAnswer, Decision]]


def _talked_of(talk: Sequence[PostedAnswer], orgs: Sequence[Org]) -> Sequence[Org]:
    """The orgs that were named last in a talk, in the names that they have today."""
    names = next((posted.orgs for posted in talk if posted.orgs), ())
    return [org for org in orgs if org.name in names]


class ConversationHistory:
    """Reads what a decision about a message needs (``conversations.policy``), and keeps what came of it."""

    def __init__(self, store: Store, conversations: Conversations, guidance: Guidance, clock: Clock) -> None:
        self._store = store
        self._conversations = conversations
        self._guidance = guidance
        self._clock = clock

    def turn(self, message: Message) -> AbstractContextManager[None]:
        """Keep the bot's other processes from answering in the message's channel meanwhile."""
        return self._conversations.turn(message.who.workspace, message.who.channel or "")

    def context(self, message: Message) -> MessageContext:
        """Everything around a message, read in one go: what is decided afterwards asks nobody any more."""
        now, who = self._clock(), message.who
        since = now - max(SAME_AGAIN, STILL_TALKING)
        around = self._conversations.around(
            who.workspace, who.channel or "", ts=message.ts, thread=message.thread, since=since
        )
        # What has no place yet is only just being posted; of this very message, by an earlier try that did not come
        # to an end.
        answers = [each for each in around.answers if each.ts or each.to_ts != message.ts]
        under_way = any(
            not each.ts and each.to_ts == message.ts and now - each.at < UNDER_WAY for each in around.answers
        )
        answer = next((posted for posted in answers if posted.to_ts == message.ts), None)
        own = answer if message.edited else None
        in_thread = [posted for posted in answers if message.thread and posted.thread == message.thread]
        return MessageContext(
            now=now,
            orgs=around.orgs,
            quiet=around.quiet,
            answered=answer is not None,
            under_way=under_way,
            own=own,
            own_entry=self._guidance.entry(own.entry) if own else None,
            above=self._above(message, answers, now),
            talked_of=_talked_of(self._talk(message, answers, now), around.orgs),
            in_thread=in_thread,
            nearby=[each for each in answers if each.kind is AnswerKind.FULL and each.at >= now - SAME_AGAIN],
        )

    def _above(self, message: Message, answers: Sequence[PostedAnswer], now: datetime) -> Entry | None:
        """The error that the talk was about last: in this thread, or shortly before in direct messages.

        A thread stays that of its error when the guide is asked for in it, too; in direct messages the talk moved on.
        """
        talk = self._talk(message, answers, now)
        entries = [self._guidance.entry(each.entry) for each in (talk if message.thread else talk[:1])]
        return next((entry for entry in entries if entry is not None and entry.kind is Kind.ERROR), None)

    def _talk(self, message: Message, answers: Sequence[PostedAnswer], now: datetime) -> Sequence[PostedAnswer]:
        """What the bot said in the talk that a message belongs to, the newest first."""
        if message.thread is None and not message.is_direct:
            return ()
        since = now - (THREAD_LIVES if message.thread else STILL_TALKING)
        return [each for each in answers if each.thread == message.thread and each.at >= since]

    def claim(self, message: Message, what: str = "") -> bool:
        """Whether the message is this process's to answer: Slack delivers some more than once.

        What was begun before, and may not have come to an end, was claimed then.
        """
        ts = f"{message.ts}/{what}" if what else message.ts
        first = self._store.claim_message(message.who.workspace, message.who.channel or "", ts, self._clock())
        return first or message.again

    def begin(self, message: Message, decision: Decision) -> bool:
        """Claim a message, and keep what is going to be said about it; False where another process answers it."""
        posted = self._posted(message, decision, "", self._clock())
        return self._conversations.begin_answer(posted, again=message.again)

    def withdraw(self, message: Message) -> None:
        """What was going to be said cannot be posted."""
        who = message.who
        self._conversations.withdraw_answer(who.workspace, who.channel or "", message.ts)

    def remember(self, message: Message, decision: Decision, ts: str, own: PostedAnswer | None) -> None:
        """Keep what was said in the bot's message ``ts``; ``own`` is what stood there before."""
        posted = self._posted(message, decision, ts, own.at if own else self._clock())
        self._conversations.remember_answer(posted)

    def _posted(self, message: Message, decision: Decision, ts: str, at: datetime) -> PostedAnswer:
        return PostedAnswer(
            workspace=message.who.workspace,
            channel=message.who.channel or "",
            to_ts=message.ts,
            thread=message.reply_thread,
            ts=ts,
            entry=decision.entry,
            at=at,
            kind=decision.kind,
            detail=decision.detail,
        )

    def lost_with(self, message: Message) -> Lost:
        """What goes with a deleted message, and what has to be said instead where that was pointed to."""
        who = message.who
        around = self._conversations.around_deleted(who.workspace, who.channel or "", message.ts)
        lost = [each for each in around.answers if message.ts in (each.ts, each.to_ts)]
        others = [each for each in around.answers if each.ts and each not in lost]
        now, mends = self._clock(), list[tuple[PostedAnswer, Decision]]()
        for gone in lost:
            mends += mended(gone, others, self._guidance.entry(gone.entry), around.orgs, now)
        return Lost(lost, mends)

    def changed(self, posted: PostedAnswer, decision: Decision) -> None:
        """Keep what an answer says now."""
        now = replace(posted, kind=decision.kind, entry=decision.entry, detail=decision.detail)
        self._conversations.remember_answer(now)

    def forget_lost(self, message: Message) -> Sequence[tuple[PostedAnswer, Decision]]:
        """Forget the answers that went with a message; or, while something leads to them, what is to be said there."""
        with self.turn(message):
            lost = self.lost_with(message)
            if not lost.mends:
                for posted in lost.answers:
                    self._conversations.forget_answer(posted)
        return lost.mends

    def topic(self, entry_id: str) -> str:
        """The topic of an entry that the guidance has."""
        entry = self._guidance.entry(entry_id)
        return entry.topic if entry else ""

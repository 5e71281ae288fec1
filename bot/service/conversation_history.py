"""What the bot remembers around a message: its own answers, by message, thread and channel, without anybody's words."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.conversations import policy
from bot.domain.conversations.policy import Message, MessageContext
from bot.domain.model import Org, Said
from bot.domain.recognition.entries import Entry, Kind, Recognition
from bot.domain.recognition.guidance import Guidance
from bot.ports import Clock, Conversations, Store


class ConversationHistory:
    """Looks up what a decision about a message needs (``conversations.policy``), and keeps what came of it."""

    def __init__(self, store: Store, conversations: Conversations, guidance: Guidance, clock: Clock) -> None:
        self._store = store
        self._conversations = conversations
        self._guidance = guidance
        self._clock = clock

    def may_overhear(self, message: Message) -> bool:
        """Whether the channel is one where unasked answers are welcome."""
        return self._conversations.overhears(message.who.workspace, message.who.channel or "")

    def context(self, message: Message, found: Recognition, above: Entry | None) -> MessageContext:
        """Everything around a message that was recognised as ``found`` below an answer about ``above``."""
        own, entry, named = self.own(message), found.entry, self._named(message, found, above)
        if own is not None or entry is None or entry.kind is Kind.GUIDE:
            return MessageContext(own, above, named=named)
        return MessageContext(
            above=above,
            told_here=self._told_here(message, policy.memo(entry.id), policy.memo(entry.id, policy.POINTER)),
            told_nearby=not message.is_direct and self.nearby(message, entry) is not None,
            named=named,
        )

    def own(self, message: Message) -> Said | None:
        """The answer to this very message; only an edited one can have it."""
        if not message.edited:
            return None
        return self._conversations.answer_to(message.who.workspace, message.who.channel or "", message.ts)

    def above(self, message: Message) -> Entry | None:
        """The error that the talk was about last: in this thread, or shortly before in direct messages."""
        if message.thread is None and not message.is_direct:
            return None
        since = self._ago(policy.THREAD_LIVES if message.thread else policy.STILL_TALKING)
        who = message.who
        said = self._conversations.newest_answer(who.workspace, who.channel or "", message.thread, since)
        entry = self._guidance.entry(policy.memo_entry(said.entry)) if said else None
        return entry if entry is not None and entry.kind is Kind.ERROR else None

    def nearby(self, message: Message, entry: Entry) -> Said | None:
        """The newest answer in full about the same error in this channel, within the hour."""
        who = message.who
        return self._conversations.answer_about(
            who.workspace, who.channel or "", entry.id, self._ago(policy.SAME_AGAIN)
        )

    def claim(self, message: Message, what: str = "") -> bool:
        """Whether this is the first time that the message is reacted to (Slack delivers some more than once)."""
        ts = f"{message.ts}/{what}" if what else message.ts
        return self._store.claim_message(message.who.workspace, message.who.channel or "", ts, self._clock())

    def keep(self, said: Said) -> None:
        """Remember an answer."""
        self._conversations.remember_answer(said)

    def _told_here(self, message: Message, *memos: str) -> bool:
        workspace, channel, thread = message.who.workspace, message.who.channel or "", message.thread
        if thread is None:
            return False
        return any(self._conversations.answered_in_thread(workspace, channel, thread, memo) for memo in memos)

    def _named(self, message: Message, found: Recognition, above: Entry | None) -> Org | None:
        """The org that a reply names, unless the bot went on about it in this thread already."""
        if above is None:
            return None
        org = policy.named_org(message.text, found.hints, self._store.orgs(message.who.workspace))
        if org is None or self._told_here(message, policy.memo(above.id, policy.FOR_ORG, org.name)):
            return None
        return org

    def _ago(self, age: timedelta) -> datetime:
        return self._clock() - age

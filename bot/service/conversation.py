"""Conversations as a use case: what the bot does about a message, once, whatever Slack delivers how often.

A message is read, what is remembered around it is looked up, ``conversations.policy`` decides, and the reaction is
carried out at the message's ``ReplyChannel``. Chat that concerns nobody costs one look at its text and no query.
"""

from __future__ import annotations

import re
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Protocol

from bot.domain.answers import Answer
from bot.domain.command import ASK, EXPLAIN, Command, parse
from bot.domain.conversations import policy, replies
from bot.domain.conversations.leak_reply import leak_reply
from bot.domain.conversations.policy import Message, MessageContext, Reaction
from bot.domain.errors import AskerError
from bot.domain.model import Org, Said
from bot.domain.recognition.entries import Entry, Kind, Recognition
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.org_hints import hints
from bot.domain.secrets import Secret
from bot.domain.secrets.redaction import redact
from bot.guard import answer_for
from bot.metrics import Counts
from bot.ports import Clock, Store
from bot.service.assistant import Assistant
from bot.service.conversation_history import ConversationHistory

_TURNS = 64
_SESSION_ID = re.compile(r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}(?:!|%21|\\u0021)")
"""How Salesforce's own session ids begin: unmistakable, so its author is told though nothing else concerns the bot."""


class ReplyChannel(Protocol):
    """Where a message was said, and what can be done there. Every method raises SlackRefused."""

    @property
    def thread(self) -> str | None:
        """The thread that answers go to; None: beside the message."""
        ...

    def post(self, answer: Answer) -> str:
        """Say something for everybody there; the ts it got."""
        ...

    def update(self, ts: str, answer: Answer) -> None:
        """Replace what the bot said."""
        ...

    def reply_privately(self, answer: Answer) -> None:
        """Say something that only the message's author sees."""
        ...

    def link(self, ts: str) -> str | None:
        """The address of a message; None where Slack does not give it."""
        ...

    def status_line(self, status: str) -> AbstractContextManager[None]:
        """Show a status line meanwhile; never fails."""
        ...


class Conversation:
    """The bot's part in conversations. Safe to share between threads."""

    def __init__(
        self,
        *,
        assistant: Assistant,
        matcher: Matcher,
        store: Store,
        history: ConversationHistory,
        counts: Counts,
        clock: Clock,
    ) -> None:
        self._assistant = assistant
        self._matcher = matcher
        self._store = store
        self._history = history
        self._counts = counts
        self._clock = clock
        self._turns = [threading.Lock() for _ in range(_TURNS)]

    def hear(self, message: Message, channel: ReplyChannel) -> None:
        """React to a message. Raises AssistantError where the reaction fails; nobody is told of it here."""
        given, safe = message.text, redact(message.text)
        message = replace(message, text=safe.text)
        command = parse(safe.text) if message.asked else Command(ASK, safe.text)
        if command.verb == ASK or (command.verb == EXPLAIN and command.rest):
            opens = Secret.SESSION_ID in safe.secrets and _SESSION_ID.search(given) is not None
            reacted = self._talk(replace(message, text=command.rest), channel, opens=opens)
        else:
            reacted = self._carry_out(message, command, channel)
        if safe.secrets and reacted and self._history.claim(message, "private"):
            channel.reply_privately(leak_reply(safe.secrets))

    # --- what was said to the bot as a command ---------------------------------------------------------

    def _carry_out(self, message: Message, command: Command, channel: ReplyChannel) -> bool:
        own = self._history.own(message)
        if message.was_asked and (own is None or policy.memo_kind(own.entry) != policy.NOTHING):
            return False  # it was carried out when it was said; correcting its typing must not do it again
        if own is None and not self._history.claim(message):
            return False
        above = self._history.above(message)
        with channel.status_line(replies.working_on(command.rest)) if command.verb == "status" else nullcontext():
            answer, kind = self._run(message)
        if answer.private:
            channel.reply_privately(answer)
            return True
        self._say(message, channel, answer, policy.memo(above.id if above else "", kind), own)
        return True

    def _run(self, message: Message) -> tuple[Answer, str]:
        """A command's answer. One that its asker must put right has done nothing, so an edit may say it again."""
        try:
            return self._assistant.run(message.who, message.text), policy.COMMAND
        except AskerError as error:
            return answer_for(error), policy.NOTHING

    # --- what is an error, a question, or chat ---------------------------------------------------------

    def _talk(self, message: Message, channel: ReplyChannel, *, opens: bool) -> bool:
        """Whether the message concerns the bot, so that secrets in it do too; ``opens``: one that opens an org."""
        found = self._matcher.recognise(message.text, asked=message.asked)
        if not (opens or _may_concern(message, found)) or not self._may_speak(message):
            self._counts.stayed_silent()
            return False
        with self._turn(message):
            above = self._history.above(message)
            found = self._read_on(message, found, above)
            context = self._history.context(message, found, above)
            reaction = policy.react(message, found, context)
            self._act(reaction, message, found, context, channel)
        return opens or reaction is not Reaction.SILENCE

    def _turn(self, message: Message) -> threading.Lock:
        """One reaction at a time in a channel: what is decided must be remembered before the next is decided."""
        return self._turns[hash((message.who.workspace, message.who.channel)) % _TURNS]

    def _may_speak(self, message: Message) -> bool:
        return message.asked or self._history.may_overhear(message)

    def _read_on(self, message: Message, found: Recognition, above: Entry | None) -> Recognition:
        """Where nothing was found: the same text as an answer to the bot's own question, and what it hints at."""
        if found.entry is not None:
            return found
        if above is not None and above.asks_for_url:
            asked = self._matcher.recognise(message.text, asked=True)
            if asked.entry is not None and asked.entry.kind is Kind.ERROR:
                return asked
        return replace(found, hints=hints(message.text))

    def _act(
        self, reaction: Reaction, message: Message, found: Recognition, context: MessageContext, channel: ReplyChannel
    ) -> None:
        if reaction is Reaction.SILENCE:
            self._counts.stayed_silent()
            return
        if context.own is None and not self._history.claim(message):
            return
        answer, memo = self._worded(reaction, message, found, context, channel)
        said = self._say(message, channel, answer, memo, context.own)
        org = self._meant(message, found)
        if reaction is Reaction.ANSWER and found.entry is not None and org is not None:
            # Its links are in the answer: naming the org in the thread later is no news.
            known = replace(
                said, to_ts=f"{said.to_ts}/org", entry=policy.memo(found.entry.id, policy.FOR_ORG, org.name)
            )
            self._history.keep(known)

    def _worded(
        self, reaction: Reaction, message: Message, found: Recognition, context: MessageContext, channel: ReplyChannel
    ) -> tuple[Answer, str]:
        """The words of a reaction, and what is remembered of them."""
        if reaction is Reaction.OUTDATE and context.own is not None:
            return self._outdated(message, context.own)
        if reaction is Reaction.GO_ON and context.above is not None and context.named is not None:
            memo = policy.memo(context.above.id, policy.FOR_ORG, context.named.name)
            return replies.going_on(context.above, context.named), memo
        if reaction is Reaction.NO_FURTHER and context.above is not None:
            return replies.no_further(self._meant(message, found)), policy.memo(context.above.id, policy.NOTHING)
        if found.entry is None:
            above = context.above.id if context.above else ""
            return self._assistant.ask(message.who, message.text), policy.memo(above, policy.NOTHING)
        if reaction is Reaction.POINT:
            return self._pointer(message, found, found.entry, channel), policy.memo(found.entry.id, policy.POINTER)
        return self._in_full(message, found, context, channel), policy.memo(found.entry.id)

    def _in_full(self, message: Message, found: Recognition, context: MessageContext, channel: ReplyChannel) -> Answer:
        answer = self._assistant.worded(message.who, found, message.text)
        orgs = self._store.orgs(message.who.workspace)
        if context.above is not None and context.above.asks_for_url and found.entry != context.above:
            answer = replies.together(answer)
        is_error = found.entry is not None and found.entry.kind is Kind.ERROR
        names_none = policy.meant_org(message.text, found.hints, orgs) is None
        return replies.inviting(answer) if is_error and names_none and len(orgs) > 1 and channel.thread else answer

    def _outdated(self, message: Message, own: Said) -> tuple[Answer, str]:
        entry = self._assistant.entry(policy.memo_entry(own.entry))
        answer = replies.outdated(entry, self._store.orgs(message.who.workspace)) if entry else replies.withdrawn()
        return answer, policy.memo(policy.memo_entry(own.entry), policy.OUTDATED)

    def _pointer(self, message: Message, found: Recognition, entry: Entry, channel: ReplyChannel) -> Answer:
        earlier = self._history.nearby(message, entry)
        link = channel.link(earlier.ts) if earlier else None
        return replies.pointer(entry, earlier, link, self._meant(message, found), self._clock())

    def _meant(self, message: Message, found: Recognition) -> Org | None:
        return policy.meant_org(message.text, found.hints, self._store.orgs(message.who.workspace))

    def _say(self, message: Message, channel: ReplyChannel, answer: Answer, memo: str, own: Said | None) -> Said:
        if own is not None:
            channel.update(own.ts, answer)
            said = replace(own, entry=memo)
        else:
            who, ts = message.who, channel.post(answer)
            said = Said(who.workspace, who.channel or "", message.ts, channel.thread, ts, memo, self._clock())
        self._history.keep(said)
        return said


def _may_concern(message: Message, found: Recognition) -> bool:
    """Whether it is worth asking what is remembered: it shows an error, was edited, or may add to a thread."""
    is_reply = message.thread is not None and policy.may_add(message.text)
    return found.entry is not None or message.asked or message.edited or is_reply

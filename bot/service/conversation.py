"""Conversations as a use case: what the bot does about a message, once, whatever Slack delivers how often.

A message is recognised, what is kept around it is read once, ``conversations.policy`` decides, and one place carries
the decision out at the message's ``ReplyChannel``. Chat that concerns nobody costs one look at its text and no query.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.answers import Answer
from bot.domain.command import ASK, EXPLAIN, Command, parse
from bot.domain.conversations import policy, replies
from bot.domain.conversations.leak_reply import leak_reply
from bot.domain.conversations.policy import Decision, Message, MessageContext
from bot.domain.errors import AskerError
from bot.domain.model import AnswerKind
from bot.domain.recognition.entries import Kind, Recognition
from bot.domain.recognition.matcher import Matcher
from bot.domain.recognition.org_hints import hints
from bot.domain.secrets import Secret
from bot.domain.secrets.redaction import redact, shows_session
from bot.guard import answer_for
from bot.metrics import Counts
from bot.service.assistant import Assistant
from bot.service.conversation_history import ConversationHistory
from bot.service.membership import Membership
from bot.service.shared_channels import SharedChannels

_NOTHING = Recognition(None)


class ReplyChannel(Protocol):
    """Where a message was said, and what can be done there. Every method raises SlackRefused.

    ``unsure``: an answer may stand there already, so it is looked for before one is posted.
    """

    unsure: bool

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


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that concerns the bot, its text redacted.

    ``given`` is the text with its secrets, which only tells whose app it is about; ``command`` is None where it is an
    error, a question or chat, which was ``found`` to be what it is. ``opens``: one of the secrets opens an org, which
    concerns the bot wherever it may speak.
    """

    message: Message
    given: str
    secrets: tuple[Secret, ...]
    command: Command | None = None
    found: Recognition = _NOTHING
    opens: bool = False


class Conversation:
    """The bot's part in conversations. Safe to share between threads."""

    def __init__(
        self,
        *,
        assistant: Assistant,
        membership: Membership,
        shared_channels: SharedChannels,
        matcher: Matcher,
        history: ConversationHistory,
        counts: Counts,
    ) -> None:
        self._assistant = assistant
        self._membership = membership
        self._shared_channels = shared_channels
        self._matcher = matcher
        self._history = history
        self._counts = counts

    def heard(self, message: Message) -> Heard | None:
        """What a message says; None where it does not concern the bot. Looks at its text, and asks nobody."""
        safe = redact(message.text)
        secrets = (*message.withheld.secrets, *safe.secrets)
        command = parse(safe.text) if message.asked else Command(ASK, safe.text)
        if command.verb == ASK or (command.verb == EXPLAIN and command.rest):
            talk = replace(message, text=command.rest)
            found = self._matcher.recognise(talk.text, asked=talk.asked)
            # Unmistakable, so its author is told though nothing else concerns the bot.
            opens = message.withheld.opens_org or (Secret.SESSION_ID in secrets and shows_session(message.text))
            if not (opens or policy.may_concern(talk, found)):
                self._counts.stayed_silent()
                return None
            return Heard(talk, message.text, secrets, found=found, opens=opens)
        return Heard(replace(message, text=safe.text), message.text, secrets, command=command)

    def tells_news(self, message: Message) -> bool:
        """Whether a message shows of its channel what was not known."""
        who = message.who
        return self._shared_channels.is_news(who.workspace, who.channel or "", shared=message.shared)

    def note(self, message: Message) -> None:
        """Keep what a message shows of its channel."""
        self._shared_channels.note(message.who.workspace, message.who.channel or "", shared=message.shared)

    def respond(self, message: Message, channel: ReplyChannel) -> None:
        """Do what a message needs. Raises AssistantError where that fails; nobody is told of it here."""
        heard = self.heard(message)
        if heard is not None:
            self.respond_to(heard, channel)

    def respond_to(self, heard: Heard, channel: ReplyChannel, *, again: bool = False) -> None:
        """The same about what was heard already. ``again``: an earlier try may have done some of it."""
        message = replace(heard.message, again=again)
        self.note(message)
        if heard.command is None:
            concerned = self._talk(message, heard, channel)
        else:
            context = self._history.context(message)
            decision = policy.decide_command(message, heard.command, context)
            concerned = decision is not None and self._carry_out(decision, message, context, channel)
        if heard.secrets and concerned and self._history.claim(message, "private"):
            channel.reply_privately(leak_reply(heard.secrets))

    def _talk(self, message: Message, heard: Heard, channel: ReplyChannel) -> bool:
        """What is an error, a question, or chat; whether it concerns the bot, so that secrets in it do too."""
        own_app = message.withheld.own_app or self._assistant.is_own(message.who.workspace, heard.given)
        message = replace(message, own_app=own_app)
        # One talk at a time in a channel: what is decided must be remembered before the next is decided. Whoever calls
        # sees to that within the process; this is about the others.
        with self._history.turn(message):
            context = self._history.context(message)
            found = self._read_on(message, heard.found, context)
            org = policy.org_of(message, found, context)
            context = replace(context, known=self._assistant.known_of(org) if org else None)
            decision = self._decide(message, found, context)
            if decision is None:
                self._counts.stayed_silent()
            else:
                self._carry_out(decision, message, context, channel)
        return decision is not None or (heard.opens and policy.may_speak(message, context))

    def _decide(self, message: Message, found: Recognition, context: MessageContext) -> Decision | None:
        """What to do, as fits who asks; that is looked up only where there is something to say."""
        decision = policy.decide(message, found, context)
        if decision is not None and (refusal := self._membership.refusal(message.who)):
            return policy.for_outsider(message, found, context, refusal)
        if decision is not None and message.shared:
            return policy.for_shared_channel(decision, message, found, context)
        return decision

    def _read_on(self, message: Message, found: Recognition, context: MessageContext) -> Recognition:
        """Where nothing was found: the same text as an answer to the bot's own question, and what it hints at."""
        if found.entry is not None:
            return found
        if context.above is not None and context.above.asks_for_url:
            as_reply = self._matcher.recognise(message.text, asked=True)
            if as_reply.entry is not None and as_reply.entry.kind is Kind.ERROR:
                return as_reply
        return replace(found, hints=hints(message.text))

    def _carry_out(self, decision: Decision, message: Message, context: MessageContext, channel: ReplyChannel) -> bool:
        """Claim the message, say the answer, remember it; False where it was claimed before."""
        own = context.own
        if own is None and not self._history.claim(message):
            return False
        if message.again and context.answered and own is None:
            return True  # that far it came before
        if decision.kind is AnswerKind.FULL:
            self._counts.answered(self._history.topic(decision.entry))
        answer, kind = self._finished(decision, message, channel)
        if answer.private and not message.is_direct:  # what is said there nobody else reads
            channel.reply_privately(answer)
            return True
        if own is not None:
            channel.update(own.ts, answer)
        ts = own.ts if own is not None else channel.post(answer)
        self._history.remember(message, replace(decision, kind=kind), ts, own)
        return True

    def _finished(self, decision: Decision, message: Message, channel: ReplyChannel) -> tuple[Answer, AnswerKind]:
        """The answer with what only the outside knows: what a command gives, and the link to an earlier answer."""
        if decision.answer is None:
            answer, kind = self._run(message, decision.command, channel)
            return replace(answer, private=answer.private or message.shared), kind
        if decision.points_to is None:
            return decision.answer, decision.kind
        return replies.with_link(decision.answer, channel.link(decision.points_to)), decision.kind

    def _run(self, message: Message, command: Command | None, channel: ReplyChannel) -> tuple[Answer, AnswerKind]:
        """A command's answer. One that its asker must put right has done nothing, so an edit may say it again."""
        reads = command is not None and command.verb == "status" and not self._membership.refusal(message.who)
        with channel.status_line(replies.working_on(command.rest)) if command and reads else nullcontext():
            try:
                return self._assistant.run(message.who, message.text), AnswerKind.COMMAND
            except AskerError as error:
                return answer_for(error), AnswerKind.NOTHING

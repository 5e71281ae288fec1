"""Conversations as a use case: what the bot does about a message, once, whatever Slack delivers how often.

A message is recognised, what is kept around it is read once, ``conversations.policy`` decides, and one place carries
the decision out at the message's ``ReplyChannel``. Chat that concerns nobody costs one look at its text and no query.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Protocol

import structlog

from bot.domain import org_questions
from bot.domain.answers import Answer
from bot.domain.command import ASK, EXPLAIN, TALK, Command, parse
from bot.domain.conversations import guidance_reply, policy, replies
from bot.domain.conversations.leak_reply import leak_reply, with_leak
from bot.domain.conversations.policy import Decision, Message, MessageContext
from bot.domain.conversations.solved import ending
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import AnswerKind, Org
from bot.domain.phrases import (
    OF_STATUS,
    Talk,
    asks_what_next,
    is_of_talk,
    of_org,
    says_verdict,
    talk_of,
    with_name_for_it,
)
from bot.domain.recognition.entries import Recognition
from bot.domain.recognition.matcher import Matcher
from bot.domain.secrets import Redacted, Secret
from bot.domain.secrets.redaction import redact, shows_session
from bot.domain.understanding import may_be_of_org
from bot.guard import answer_for
from bot.metrics import Counts
from bot.service.assistant import Assistant
from bot.service.conversation_history import ConversationHistory
from bot.service.membership import Membership
from bot.service.reading_on import ReadingOn
from bot.service.shared_channels import SharedChannels

_NOTHING = Recognition(None)

log = structlog.get_logger("assistant")


class AnswerUnderWay(SlackRefused):
    """An edited message is to be taken up again soon, once its first words are answered; nothing was begun."""

    def __init__(self) -> None:
        super().__init__("An answer is under way to a message that was edited.", permanent=False)


class ReplyChannel(Protocol):
    """Where a message was said, and what can be done there. Every method raises SlackRefused.

    ``unsure``: an answer may stand there already, so it is looked for before one is posted.
    """

    unsure: bool

    def post(self, answer: Answer) -> str:
        """Say something for everybody there; the ts it got."""
        ...

    def tell(self, answer: Answer) -> str | None:
        """The same to who asked; where nothing may be posted there, to them alone, which is None."""
        ...

    def update(self, ts: str, answer: Answer) -> None:
        """Replace what the bot said."""
        ...

    def thread_start(self) -> tuple[str, bool]:
        """What the message says that the thread hangs on, "" if that is the bot's own; whether it is cut."""
        ...

    def delete(self, ts: str) -> None:
        """Take away what the bot said."""
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

    def say_meanwhile(self, answer: Answer) -> None:
        """Say what is being done, in a message that ``post`` puts the answer in place of."""
        ...

    def take_line_away(self) -> None:
        """Take away the message that says what is being done, if one stands there: the answer goes elsewhere."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that concerns the bot, its text redacted.

    ``given`` is the text with its secrets, which only tells whose app it is about, and ``safe`` all of it without them;
    ``command`` is None where it is an error, a question or chat, which was ``found`` to be what it is. ``opens``: one
    of the secrets opens an org, which concerns the bot wherever it may speak. ``explained``: it was said to be an
    error.
    """

    message: Message
    given: str
    safe: Redacted
    secrets: tuple[Secret, ...]
    command: Command | None = None
    found: Recognition = _NOTHING
    opens: bool = False
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """A command in a message that is this process's to carry out; ``secrets`` were in it."""

    message: Message
    context: MessageContext
    decision: Decision
    secrets: tuple[Secret, ...]

    @property
    def command(self) -> Command:
        """What is to be done."""
        return self.decision.command or Command(ASK)


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
        self._reading_on = ReadingOn(matcher, assistant.is_own)
        self._history = history
        self._counts = counts

    def heard(self, message: Message) -> Heard | None:
        """What a message says; None where it does not concern the bot. Looks at its text, and asks nobody."""
        heard = self._read(message)
        if heard is None:
            self._counts.stayed_silent()
        return heard

    def may_have_answer(self, message: Message) -> bool:
        """Whether a message that was deleted may have had an answer. Looks at its text, and asks nobody."""
        return self._read(message) is not None

    def _read(self, message: Message) -> Heard | None:
        safe = redact(message.text)
        secrets = (*message.withheld.secrets, *safe.secrets)
        command = parse(safe.text) if message.asked and not message.form else Command(ASK, safe.text)
        if message.edited and ending(safe.text):
            command = Command(ASK, safe.text)
        is_error = command.verb not in (ASK, TALK, EXPLAIN) and command.rest and self._assistant.is_error(safe.text)
        is_talk = command.verb == ASK or (command.verb == EXPLAIN and command.rest) or is_error
        if is_talk or policy.names_only(message, command):
            text = safe.text if is_error else command.rest
            talk = message if text == message.text else replace(message, text=text)
            found = self._matcher.recognise(talk.text, asked=talk.asked)
            # Unmistakable, so its author is told though nothing else concerns the bot.
            opens = message.withheld.opens_org or (Secret.SESSION_ID in secrets and shows_session(message.text))
            if not (opens or policy.may_concern(talk, found)):
                return None
            is_explained = command.verb == EXPLAIN
            return Heard(talk, message.text, safe, secrets, found=found, opens=opens, explained=is_explained)
        return Heard(replace(message, text=safe.text), message.text, safe, secrets, command=command)

    def understood(self, heard: Heard) -> Heard:
        """The same, read anew with the names of the orgs: "is prod ready?" is a command where there is a prod.

        An org that is named below the explanation of an error goes on from that instead, and "what is this?" below an
        alert is about the alert.
        """
        of_it = self._of_it(heard)
        return self._by_names(heard) if of_it is None else replace(heard, command=of_it)

    def _by_names(self, heard: Heard) -> Heard:
        message = heard.message
        if heard.command is not None:
            is_of_above = heard.command.verb == TALK and policy.says_this(message.text) and policy.is_below(message)
            if not (is_of_above and policy.points_up(message, self._history.context(message))):
                return self._title(heard)
            return replace(heard, command=None, found=self._matcher.recognise(message.text, asked=True))
        if heard.explained or not (message.asked and may_be_of_org(message.text)) or _is_settled(message):
            return heard
        context = self._history.context(message)
        if policy.goes_on(message, context):
            return heard
        command = self._assistant.command_in(message.who, message.text, context.orgs) or _of_above(message, context)
        if command is None and guidance_reply.is_open(heard.found):
            command = self._of_former(message)
        if command is None:
            return replace(heard, found=guidance_reply.without_guess(heard.found, message.text, context.orgs))
        if policy.says_this(message.text) and policy.points_up(message, context):
            return heard
        return replace(heard, command=command)

    def _of_it(self, heard: Heard) -> Command | None:
        """What is wanted of the org that the talk was about last, where it is called "it"."""
        message, said = heard.message, heard.command
        is_command = said is not None and said.is_of_org
        is_open = said is None and not heard.explained and guidance_reply.is_open(heard.found)
        if not (is_command or is_open) or not message.asked or not may_be_of_org(message.text) or _is_settled(message):
            return None
        if with_name_for_it(message.text, "") == message.text:
            return None
        context = self._history.context(message)
        if len(context.talked_of) != 1 or org_questions.exact("it", [org.name for org in context.orgs]):
            return None
        (org,) = context.talked_of
        text = with_name_for_it(message.text, org.name)
        command = self._assistant.command_in(message.who, text, context.orgs)
        return command if command is not None and policy.org_of(command, context.orgs)[:1] == (org.name,) else None

    def _of_former(self, message: Message) -> Command | None:
        """The status of an org that is asked about by a name that it had before."""
        former = self._assistant.former_in(message.who, message.text)
        return Command("status", former) if former else None

    def _title(self, heard: Heard) -> Heard:
        """The same where it is the title of a button, typed: it is about the error above, or the only org."""
        message, talk = heard.message, talk_of(heard.message.text)
        is_verdict = talk is Talk.RATING and says_verdict(message.text)
        if talk not in (Talk.WHICH, Talk.STEPS) and not (is_verdict or is_of_talk(message.text)):
            return heard
        context, command = self._history.context(message), heard.command
        if talk in (Talk.WHICH, None):
            of_talk = _of_talk(of_org(message.text) or OF_STATUS, context.talked_of)
            if talk is None and not of_talk and context.above is not None and asks_what_next(message.text):
                of_talk = parse(f"entry {context.above.id}")
            if of_talk or talk is None:
                return replace(heard, command=of_talk or command)
        if talk is Talk.WHICH:
            command = self._assistant.command_in(message.who, message.text, context.orgs)
        elif talk is Talk.STEPS and context.above is None and len(context.talked_of) == 1:
            command = parse(f"status {context.talked_of[0].name} steps")
        elif context.above is not None:
            liked = "no" if "not" in message.text.casefold() else "yes"
            said = f"helpful {context.above.id} {liked}" if is_verdict else f"entry {context.above.id}"
            command = parse(said)
        return replace(heard, command=command)

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
            self.respond_to(self.understood(heard), channel)

    def respond_to(self, heard: Heard, channel: ReplyChannel, *, again: bool = False) -> None:
        """The same about what was heard already. ``again``: an earlier try may have done some of it."""
        if heard.command is not None:
            if begun := self.begin(heard, again=again):
                self.carry_out(begun, channel)
            return
        message = replace(heard.message, again=again) if again else heard.message
        self.note(message)
        if self._talk(message, heard, channel):
            self._warn(message, heard.secrets, channel)

    def begin(self, heard: Heard, *, again: bool = False) -> Begun | None:
        """Take on the command that a message is; None where it is not to be carried out, or is another process's."""
        message = replace(heard.message, again=again)
        self.note(message)
        context = self._history.context(message)
        if heard.command is None or not heard.command.changes:  # what changes something is not tried again
            _wait_for_answer(message, context)
        decision = policy.decide_command(message, heard.command, context) if heard.command else None
        if decision is None or not self._begin(decision, message, context):
            return None
        return Begun(message, context, decision, heard.secrets)

    def meanwhile(self, begun: Begun) -> Answer | None:
        """What is said in the meantime where that takes long; an edited message has an answer that stands meanwhile."""
        words = replies.meanwhile(begun.command)
        if words is None or begun.context.own is not None or self._membership.refusal(begun.message.who):
            return None
        return replace(words, private=begun.message.shared or policy.follows_private(begun.message, begun.context))

    def carry_out(self, begun: Begun, channel: ReplyChannel) -> None:
        """Do what was begun, and say what came of it. Raises AssistantError where that fails."""
        try:
            self._carry_out(begun.decision, begun.message, begun.context, channel)
        except BaseException:
            self._history.withdraw(begun.message)
            raise
        self._warn(begun.message, begun.secrets, channel)

    def _warn(self, message: Message, secrets: tuple[Secret, ...], channel: ReplyChannel) -> None:
        if secrets and not message.form and self._history.claim(message, _shown(secrets)):
            channel.reply_privately(leak_reply(secrets, shared=not message.is_direct))

    def take_back(self, message: Message, channel: ReplyChannel) -> None:
        """Take along the answers to a message that was deleted, so that nothing points to them either.

        One of the bot's own, which somebody else deleted, is gone in the same way.
        """
        self._history.claim(message)  # Slack may bring the message after its end
        for posted in self._history.lost_with(message).answers:
            if not posted.ts:  # another process is about to say it
                raise SlackRefused("An answer is under way to a message that is gone.", permanent=False)
            if posted.ts != message.ts:
                _unless_gone(channel.delete, posted.ts)
        while mends := self._history.forget_lost(message):
            for posted, decision in mends:
                answer = decision.answer or replies.withdrawn()
                if decision.points_to is not None:
                    answer = replies.with_link(answer, channel.link(decision.points_to))
                _unless_gone(channel.update, posted.ts, answer)
                self._history.changed(posted, decision)

    def _talk(self, message: Message, heard: Heard, channel: ReplyChannel) -> bool:
        """What is an error, a question, or chat; whether it concerns the bot, so that secrets in it do too."""
        if message.withheld.own_app or self._assistant.is_own(message.who.workspace, heard.given):
            message = replace(message, own_app=True)
        if not message.form and (heard.found.entry is not None or message.asked):
            self._membership.refusal(message.who)  # asked of Slack now, so that nobody waits for it below
        message, found = self._meant(message, heard.found, channel)
        # One talk at a time in a channel: what is decided must be kept before the next is decided. Whoever calls sees
        # to that within the process; this is about the others, and holds no longer than the database takes.
        with self._history.turn(message):
            context = self._history.context(message)
            _wait_for_answer(message, context)
            found = self._reading_on.read(message, found, context)
            orgs = policy.orgs_of(message, found, context)
            context = replace(context, known=[self._assistant.known_of(org) for org in orgs])
            decision = self._decide(message, found, context)
            if decision is not None and decision.answer is not None and policy.follows_private(message, context):
                decision = replace(decision, answer=replace(decision.answer, private=True))
            if decision is not None and decision.answer is not None and message.form and heard.secrets:
                # Nobody is known to tell it alone.
                decision = replace(decision, answer=with_leak(decision.answer, heard.secrets))
            begins = decision is not None and self._begin(decision, message, context)
        if decision is None:
            self._counts.stayed_silent()
        elif begins:
            self._carry_out(decision, message, context, channel)
        return decision is not None or (heard.opens and policy.may_speak(message, context))

    def _meant(self, message: Message, found: Recognition, channel: ReplyChannel) -> tuple[Message, Recognition]:
        """The message with what it stands under, which is read where nothing else tells what it is about."""
        if found.entry is not None or not policy.is_below(message):
            return message, found
        if not policy.points_up(message, self._history.context(message)):
            return message, found
        return self._reading_on.under(message, channel) or (message, found)

    def _decide(self, message: Message, found: Recognition, context: MessageContext) -> Decision | None:
        """What to do, as fits who asks; that is looked up only where there is something to say."""
        if message.form:
            return policy.for_form(message, found, context)
        decision = policy.decide(message, found, context)
        if decision is not None and (refusal := self._membership.refusal(message.who)):
            return policy.for_outsider(message, found, context, refusal)
        if decision is not None and message.shared:
            return policy.for_shared_channel(decision, message, found, context)
        return decision

    def _claim(self, message: Message, context: MessageContext) -> bool:
        """Whether the message is ours to answer: for the first time, or because its answer is to be changed."""
        if policy.follows_private(message, context):
            return self._history.claim(message, message.edited_ts)
        return context.own is not None or self._history.claim(message)

    def _begin(self, decision: Decision, message: Message, context: MessageContext) -> bool:
        """The same, with what is going to be said kept already: the next talk in this channel knows of it."""
        is_private = decision.answer.private if decision.answer is not None else message.shared
        is_kept = context.own is None and not is_private and not policy.follows_private(message, context)
        return self._history.begin(message, decision) if is_kept else self._claim(message, context)

    def _carry_out(self, decision: Decision, message: Message, context: MessageContext, channel: ReplyChannel) -> None:
        """Say the answer, and remember where it stands. Raises SlackRefused."""
        own = context.own
        if message.again and context.answered and own is None:
            return  # that far it came before
        if decision.kind is AnswerKind.FULL:
            self._counts.answered(self._history.topic(decision.entry))
        answer, kind = self._finished(decision, message, channel)
        if policy.follows_private(message, context):
            answer = replace(answer, private=True)
        if answer.private and not message.is_direct:  # what is said there nobody else reads
            channel.reply_privately(answer)
            if decision.command is not None:
                self._history.withdraw(message)
                channel.take_line_away()
            return
        is_changed = own is not None and _changed(own.ts, answer, message, channel)
        ts = own.ts if own is not None and is_changed else self._posted(answer, message, channel)
        if ts is not None:
            kept = decision if decision.kind is kind else replace(decision, kind=kind)
            self._history.remember(message, kept, ts, own)

    def _posted(self, answer: Answer, message: Message, channel: ReplyChannel) -> str | None:
        """The ts of the answer; None where it could be told to who asked alone, which nobody else is led to."""
        try:
            ts = channel.tell(answer) if message.asked else channel.post(answer)
        except SlackRefused as refusal:
            if refusal.permanent:
                self._history.withdraw(message)
            raise
        if ts is None:
            self._history.withdraw(message)
        return ts

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
        # Everybody there sees it, people of another company too.
        said = "" if command is None or message.shared else command.rest
        with channel.status_line(replies.working_on(said)) if reads else nullcontext():
            try:
                return self._assistant.run(message.who, message.text, command), AnswerKind.COMMAND
            except AskerError as error:
                return answer_for(error), AnswerKind.NOTHING


def _status_of(orgs: Sequence[Org]) -> Command:
    return Command("status", ", ".join(org.name for org in orgs))


def _of_above(message: Message, context: MessageContext) -> Command | None:
    """The status of the orgs that a message is about, below what was said of them; None where it is about none."""
    if orgs := policy.named_again(message, context):
        return _status_of(orgs)
    return _of_talk(OF_STATUS, context.talked_of) if is_of_talk(message.text) else None


def _of_talk(line: str, orgs: Sequence[Org]) -> Command | None:
    """What a title says of the orgs that were talked of; None where it is clear of one alone, and there are several."""
    if len(orgs) == 1:
        return parse(line.replace("{org}", orgs[0].name))
    return _status_of(orgs) if orgs and line == OF_STATUS else None


def _shown(secrets: Sequence[Secret]) -> str:
    """How many secrets of which kind a message shows: an edit that shows others is told of again, and no other is."""
    numbers = Counter(secrets)
    return "private " + ",".join(f"{list(Secret).index(kind)}x{numbers[kind]}" for kind in sorted(numbers))


def _is_settled(message: Message) -> bool:
    """Whether a message is no command whatever the orgs are called: the bot's name alone, or that it is solved."""
    return not message.text.strip() or (message.edited and ending(message.text) is not None)


def _wait_for_answer(message: Message, context: MessageContext) -> None:
    """Raise AnswerUnderWay where an edited message is only just being answered: what it says now takes that place."""
    if message.edited and context.under_way and not message.again:
        raise AnswerUnderWay


def _changed(ts: str, answer: Answer, message: Message, channel: ReplyChannel) -> bool:
    """Whether an earlier answer says the new one now; who asked is told anew where Slack lets it be changed no more.

    Raises SlackRefused.
    """
    try:
        channel.update(ts, answer)
    except SlackRefused as refused:
        if refused.passing or not message.asked:
            raise
        log.info("an answer cannot be changed", reason=refused.text)
        return False
    return True


def _unless_gone(change: Callable[..., None], *what: Any) -> None:
    """Change what the bot said; what Slack refuses for good is not there any more. Raises SlackRefused for the rest."""
    try:
        change(*what)
    except SlackRefused as refused:
        if refused.passing:
            raise
        log.info("an answer cannot be changed", reason=refused.text)

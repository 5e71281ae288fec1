"""What the bot does about a message: answer it, point to an earlier answer, go on from one, or stay silent.

Pure: a message, what it was recognised as and what was read around it come in, a finished decision comes out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.answers import Answer
from bot.domain.command import ASK, EXPLAIN, HELP, TALK, Command, parse
from bot.domain.conversations import guidance_reply, replies
from bot.domain.conversations.entry_reply import About
from bot.domain.conversations.error_reply import without_feedback
from bot.domain.conversations.org_mentions import meant_org, meant_orgs, named_orgs
from bot.domain.conversations.solved import Ending, ending, marked_ending
from bot.domain.conversations.withheld import NOTHING, Withheld
from bot.domain.model import AnswerKind, Asker, Diagnosis, Org, PostedAnswer, orgs_detail
from bot.domain.name_lists import may_list
from bot.domain.org_questions import leading
from bot.domain.orgs import own_app
from bot.domain.recognition.entries import Entry, Kind, Recognition
from bot.domain.verbs import BY_NAME

# The three life times are chosen by hand: nothing has been measured that would speak for others.
SAME_AGAIN = timedelta(hours=1)
"""So long an answer in a channel stands for the same error again."""

STILL_TALKING = timedelta(minutes=30)
"""So long a direct message belongs to the answer above it."""

THREAD_LIVES = timedelta(days=14)
"""So long a reply adds to what was answered in its thread."""

_SHOWN = " shown"
"""The detail of an answer that only showed something; no org has such a name."""

_FOLDED = {Ending.SOLVED: " solved", Ending.TAKEN_BACK: " taken back"}
"""The details of answers that were folded."""

_NEAR = 200  # characters of a question
_SHORT, _LONGER = 12, 40  # words; who only adds something says little else, beside an address a little more


@dataclass(frozen=True, slots=True)
class Message:
    """A message. ``thread`` is the thread that it is a reply in; ``asked``: it was said to the bot.

    ``was_asked``: so was its form before it was ``edited``, at ``edited_ts``. ``own_app``: it is about the
    assistant's own app in an org. ``again``: an earlier try may have answered it. ``withheld`` is what its text does
    not show any more. ``shared``: people of another company read its channel. ``cut``: its text is the beginning of a
    file that goes on. ``unread``: a file came with it that shows us no words. ``form``: a workflow wrote it for
    somebody, of whom nothing is known.
    """

    who: Asker
    text: str
    ts: str
    thread: str | None = None
    asked: bool = False
    edited: bool = False
    was_asked: bool = False
    edited_ts: str = ""
    own_app: bool = False
    again: bool = False
    withheld: Withheld = NOTHING
    shared: bool = False
    cut: bool = False
    unread: bool = False
    form: bool = False

    @property
    def is_direct(self) -> bool:
        """Whether it was said in direct messages, whose ids begin with a D."""
        return (self.who.channel or "").startswith("D")

    @property
    def reply_thread(self) -> str | None:
        """The thread to answer in; a direct message is answered beside it unless it is in a thread already."""
        return self.thread or (None if self.is_direct else self.ts)


@dataclass(frozen=True, slots=True)
class MessageContext:
    """What is known around a message, read once.

    ``answered``: the message has an answer, which is its ``own`` where it was edited since; ``own_entry`` is what the
    guidance has today of that answer's entry; ``under_way``: it is only just being answered. ``above`` is the error
    that was talked about last. ``in_thread`` are the answers in the message's thread, and ``nearby`` those in full
    within the hour in its channel, both newest first.
    ``quiet``: the channel is one where nothing is answered unasked. ``known`` is what was last read of the orgs that
    the message is about. ``talked_of`` are the orgs that the talk was about last.
    """

    now: datetime
    orgs: Sequence[Org] = ()
    quiet: bool = False
    own: PostedAnswer | None = None
    own_entry: Entry | None = None
    above: Entry | None = None
    in_thread: Sequence[PostedAnswer] = ()
    nearby: Sequence[PostedAnswer] = ()
    answered: bool = False
    under_way: bool = False
    known: Sequence[Diagnosis] = ()
    talked_of: Sequence[Org] = ()

    def known_of(self, org: Org | None) -> Diagnosis | None:
        """What was last read of one of them."""
        return next((found for found in self.known if org is not None and found.org.name == org.name), None)

    @property
    def above_id(self) -> str:
        """The id of what was talked about last; "" for nothing."""
        return self.above.id if self.above else ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the bot says, and what is remembered of that: ``kind``, ``entry`` and ``detail`` (as of a PostedAnswer).

    ``answer`` is finished, but for two things that only the outside knows: it is None where running ``command`` gives
    it, and where it ``points_to`` an earlier answer (its ts) that one's link is still to be put in.
    """

    kind: AnswerKind
    answer: Answer | None
    entry: str = ""
    detail: str = ""
    points_to: str | None = None
    command: Command | None = None


def may_concern(message: Message, found: Recognition) -> bool:
    """Whether it is worth reading what is kept: it shows an error, was edited, or may add to a thread."""
    is_reply = message.thread is not None and may_add(message.text)
    return found.entry is not None or message.asked or message.edited or is_reply


def names_only(message: Message, command: Command) -> bool:
    """Whether somebody in a thread says no more than the bot's name, or that it is to explain: what stands above."""
    return is_below(message) and not command.rest and (command.verb == EXPLAIN or not message.text.strip())


def points_up(message: Message, context: MessageContext) -> bool:
    """Whether a question may be about the message that its thread hangs on, which nobody has answered yet."""
    return is_below(message) and context.above is None and not context.in_thread


def says_this(text: str) -> bool:
    """Whether a text speaks of something that it does not name itself."""
    return not {"this", "that"}.isdisjoint(re.findall(r"\w+", text[:_NEAR].casefold()))


def is_below(message: Message) -> bool:
    """Whether somebody asks in a channel's thread."""
    return message.asked and not message.is_direct and message.thread not in (None, message.ts)


def orgs_of(message: Message, found: Recognition, context: MessageContext) -> Sequence[Org]:
    """The orgs that an error is about, where there may be something to say: those that are meant, or the only one."""
    orgs = context.orgs
    if message.form or not may_speak(message, context):
        return ()
    if found.entry is None:
        return named_orgs(message.text, orgs) if context.above is not None else ()
    if found.entry.kind is not Kind.ERROR:
        return ()
    return meant_orgs(message.text, orgs, found.evidence) or (orgs if len(orgs) == 1 else ())


def may_speak(message: Message, context: MessageContext) -> bool:
    """Whether an answer is welcome."""
    return message.asked or not context.quiet


def follows_private(message: Message, context: MessageContext) -> bool:
    """Whether an edited question had an answer that its author alone saw: Slack changes none, so another one comes."""
    is_settled = message.is_direct or ending(message.text) is not None
    return message.was_asked and context.own is None and not is_settled


def decide_command(message: Message, command: Command, context: MessageContext) -> Decision | None:
    """What to do about a message that is a command; None: nothing."""
    is_of_file = command.verb == TALK or (command.verb == HELP and not command.rest)  # "what is this?", or nothing
    if message.unread and is_of_file and not message.edited:
        return Decision(AnswerKind.NOTHING, replies.unread(), context.above_id)
    if follows_private(message, context):
        if _does(command):  # nobody knows any more whether it was done when it was said
            return None
    elif message.was_asked and not _may_be_said_anew(command, context.own):
        return None
    detail = orgs_detail(["" if _does(command) else _SHOWN, *org_of(command, context.orgs)])
    return Decision(AnswerKind.COMMAND, None, context.above_id, detail, command=command)


def org_of(command: Command, orgs: Sequence[Org]) -> tuple[str, ...]:
    """The one org that a command is about, and the talk from then on; one that is renamed by both of its names."""
    if not command.is_of_org:
        return ()
    rest = command.rest
    if BY_NAME[command.verb].is_about_org(rest):
        rest = rest.partition(" ")[2]
    found = leading(rest, [org.name for org in orgs])
    if found is None or may_list(rest):
        return ()
    return found if command.verb == "rename" and found[1] else found[:1]


def _may_be_said_anew(command: Command, own: PostedAnswer | None) -> bool:
    """Whether an edited message is carried out again, in the place of its answer ``own``.

    What changed something was done when it was said: correcting its typing must neither do it again, nor take away the
    word that it was done. What only showed something shows what the message says now, and so does what was no command,
    or had to be put right.
    """
    if own is None:
        return False
    if own.kind is AnswerKind.NOTHING:
        return True
    if own.kind is AnswerKind.COMMAND:
        return own.detail.startswith(_SHOWN) and not _does(command)
    return command.verb != TALK


def _does(command: Command) -> bool:
    """Whether a command does something, beside showing what there is; small talk is no reason to take that away."""
    return command.verb == TALK or (command.changes and bool(command.words))


def decide(message: Message, found: Recognition, context: MessageContext) -> Decision | None:
    """What to do about any other message; None: stay silent."""
    if context.own is not None:
        return _revised(message, found, context, context.own)
    if not may_speak(message, context):
        return None
    if message.was_asked and not follows_private(message, context):
        return None  # a command was carried out; correcting its typing must not do it again
    entry = found.entry
    if entry is None:
        return _unknown(message, found, context)
    if entry.kind is Kind.GUIDE:
        return _in_full(message, found, entry, context)
    told = (AnswerKind.FULL, AnswerKind.POINTER)
    if any(posted.entry == entry.id and posted.kind in told for posted in context.in_thread):
        going_on = _going_on_about(entry, meant_orgs(message.text, context.orgs, found.evidence), context)
        return going_on or (_pointer(message, found, entry, context) if message.asked else None)
    if not message.is_direct and _earlier(entry, context):
        return _pointer(message, found, entry, context)
    return _in_full(message, found, entry, context)


def for_outsider(message: Message, found: Recognition, context: MessageContext, refusal: str) -> Decision | None:
    """The same for somebody who gets explanations of errors and nothing else: no org is named in them."""
    decision = decide(message, found, replace(context, orgs=()))
    if decision is None or decision.answer is None:
        return decision
    is_guide = decision.kind is AnswerKind.FULL and found.entry is not None and found.entry.kind is Kind.GUIDE
    if not (is_guide or decision.answer.unknown):
        # Their verdict is not taken, so nobody is asked for one where they alone read it.
        return replace(decision, answer=without_feedback(decision.answer)) if message.is_direct else decision
    return Decision(AnswerKind.NOTHING, replies.for_outsider(refusal), context.above_id)


def for_form(message: Message, found: Recognition, context: MessageContext) -> Decision | None:
    """The same for a workflow's form, which anybody may have filled in: it is explained, and no org is named."""
    return decide(message, found, replace(context, orgs=()))


def for_shared_channel(
    decision: Decision, message: Message, found: Recognition, context: MessageContext
) -> Decision | None:
    """The same where another company reads along: what is about an org is for its asker alone, the rest names none."""
    if decision.kind is AnswerKind.FOR_ORG and decision.answer is not None:
        return replace(decision, answer=replace(decision.answer, private=True))
    return decide(message, found, replace(context, orgs=()))


def told_ending(message: Message, found: Recognition) -> Ending | None:
    """How an edit says that the trouble ended; None where it does not."""
    return (marked_ending if found.entry else ending)(message.text) if message.edited else None


def _folded(how: Ending, own: PostedAnswer, context: MessageContext) -> Decision | None:
    if own.kind not in (AnswerKind.FULL, AnswerKind.OUTDATED) or own.detail == _FOLDED[how]:
        return None
    return Decision(AnswerKind.OUTDATED, replies.folded(how, context.own_entry), own.entry, _FOLDED[how])


def _revised(message: Message, found: Recognition, context: MessageContext, own: PostedAnswer) -> Decision | None:
    """The message has an answer already and was edited."""
    if how := told_ending(message, found):
        return _folded(how, own, context)  # also where it is to be silent: that is no further word
    if not may_speak(message, context):
        return None
    if found.entry is not None:
        is_told_of = own.kind is AnswerKind.POINTER and own.entry == found.entry.id
        return None if is_told_of else _in_full(message, found, found.entry, context)
    if message.asked:
        return _nothing_known(message, found, context)
    if own.kind is AnswerKind.FOR_ORG:
        return _going_on(message, context)
    if own.kind is not AnswerKind.FULL:
        return None
    entry = context.own_entry
    answer = replies.outdated(entry, context.orgs) if entry else replies.withdrawn()
    return Decision(AnswerKind.OUTDATED, answer, own.entry)


def _unknown(message: Message, found: Recognition, context: MessageContext) -> Decision | None:
    if context.above is not None and context.above.asks_for_url and is_address(message.text):
        org = meant_org(message.text, context.orgs)
        return Decision(AnswerKind.NOTHING, replies.no_further(org), context.above.id)
    return _going_on(message, context) or (_nothing_known(message, found, context) if message.asked else None)


def _earlier(entry: Entry, context: MessageContext) -> PostedAnswer | None:
    return next((posted for posted in context.nearby if posted.entry == entry.id), None)


# --- the decisions, each with its words ----------------------------------------------------------------


def _in_full(message: Message, found: Recognition, entry: Entry, context: MessageContext) -> Decision:
    if message.own_app:
        return _about_own_app(message)
    orgs, meant = context.orgs, meant_orgs(message.text, context.orgs, found.evidence)
    org = meant[0] if len(meant) == 1 else None
    several = tuple(filter(None, map(context.known_of, meant))) if org is None else ()
    about = About(org, orgs, context.known_of(org or _only(orgs)), context.now, several)
    answer = guidance_reply.guidance(found, entry, about)
    if context.above is not None and context.above.asks_for_url and entry != context.above:
        answer = replies.together(answer)
    if entry.kind is Kind.ERROR and org is None and len(orgs) > 1 and message.reply_thread:
        answer = replies.inviting(answer)
    if message.cut:
        answer = replies.of_beginning(answer)
    return Decision(AnswerKind.FULL, answer, entry.id, org.name if org else "")


def _about_own_app(message: Message) -> Decision:
    """An error of the assistant's own login: its own guidance, and no step of Flosum's follows."""
    return Decision(AnswerKind.NOTHING, own_app.guidance_for(message.text))


def _pointer(message: Message, found: Recognition, entry: Entry, context: MessageContext) -> Decision:
    if message.own_app:
        return _about_own_app(message)
    earlier, org = _earlier(entry, context), meant_org(message.text, context.orgs, found.evidence)
    answer = replies.pointer(entry, earlier, org, context.now, guessed=found.is_guess)
    there = (earlier.ts or None) if earlier else None
    return Decision(AnswerKind.POINTER, answer, entry.id, there or "", points_to=there)


def _only(orgs: Sequence[Org]) -> Org | None:
    return orgs[0] if len(orgs) == 1 else None


def named_again(message: Message, context: MessageContext) -> Sequence[Org]:
    """The orgs that a message names for the error above it and does not go on with: all have their links already."""
    return named_orgs(message.text, context.orgs) if context.above is not None else ()


def goes_on(message: Message, context: MessageContext) -> bool:
    """Whether a message names an org for the error above it, and its links are not there yet."""
    return _going_on(message, context) is not None


def _going_on(message: Message, context: MessageContext) -> Decision | None:
    """Go on about the error above, for the orgs that are named; None where none is, or their links stand there."""
    if context.above is None:
        return None
    return _going_on_about(context.above, named_orgs(message.text, context.orgs), context)


def _going_on_about(above: Entry, orgs: Sequence[Org], context: MessageContext) -> Decision | None:
    """The same about an error that was told in the thread, for those orgs whose links do not stand there yet."""
    has_links = (AnswerKind.FULL, AnswerKind.FOR_ORG)
    about = [posted for posted in context.in_thread if posted.entry == above.id and posted.kind in has_links]
    told = {name for posted in about for name in posted.orgs}
    named = [org for org in orgs if org.name not in told]
    if not named:
        return None
    abouts = [About(org, known=context.known_of(org), now=context.now) for org in named]
    return Decision(
        AnswerKind.FOR_ORG, replies.going_on(above, abouts), above.id, orgs_detail([org.name for org in named])
    )


def _nothing_known(message: Message, found: Recognition, context: MessageContext) -> Decision:
    if message.own_app:
        return _about_own_app(message)
    if message.unread:
        return Decision(AnswerKind.NOTHING, replies.unread(), context.above_id)
    if not message.text.strip() and not message.form:  # the bot's name alone
        return Decision(AnswerKind.COMMAND, None, context.above_id, command=parse(message.text))
    typed = Command(ASK, message.text, parse(message.text).meant)
    answer = guidance_reply.not_recognised(typed, found.nearest, context.orgs)
    if message.cut:
        answer = replies.of_beginning(answer)
    return Decision(AnswerKind.NOTHING, answer, context.above_id)


# --- reading replies -----------------------------------------------------------------------------------


def may_add(text: str) -> bool:
    """Whether a reply is worth looking at beside what was said before: it is short, or shows an address."""
    return len(text.split(maxsplit=_LONGER)) <= (_LONGER if is_address(text) else _SHORT)


def is_address(text: str) -> bool:
    """Whether a text shows the address of one of Salesforce's pages."""
    lowered = text[:2000].casefold()
    return "https://" in lowered and ("salesforce" in lowered or "force.com" in lowered)

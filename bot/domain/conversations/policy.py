"""What to do with a message of a conversation: answer it, point to an earlier answer, go on from one, or stay silent.

Pure: what was said, what it was recognised as and what the bot remembers come in, a reaction comes out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from bot.domain.model import Asker, Org, Said
from bot.domain.recognition.entries import Entry, Hints, Kind, Recognition

SAME_AGAIN = timedelta(hours=1)
"""So long an answer in a channel stands for the same error again."""

STILL_TALKING = timedelta(minutes=30)
"""So long a direct message belongs to the answer above it."""

THREAD_LIVES = timedelta(days=14)
"""So long a reply adds to what was answered in its thread."""

_SHORT, _LONGER = 12, 40  # words; who only adds something says little else, beside an address a little more
_PERSON = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_TRIM = ".,:;!?()'\"`*_~"
_GLUE = frozenset(
    "a ah and at definitely for from happened happens here i in is it it's its mean my no of on only org our prob"
    " probably sandbox so sorry that that's the there think this to was we with yes".split()
)
"""Words that may stand beside an org's name in a reply that does nothing but name it."""


class Reaction(Enum):
    """What the bot does about a message."""

    SILENCE = auto()
    ANSWER = auto()  # in full
    POINT = auto()  # to the earlier answer about the same error
    GO_ON = auto()  # from the answer above, for the org that was named
    NO_FURTHER = auto()  # the address that was asked for came, and does not tell more
    UPDATE = auto()  # the answer that this message already has
    OUTDATE = auto()  # that answer: the message no longer shows what it answers


@dataclass(frozen=True, slots=True)
class Message:
    """A message. ``thread`` is the thread that it is a reply in; ``asked``: it was said to the bot.

    ``was_asked``: so was its form before it was ``edited``.
    """

    who: Asker
    text: str
    ts: str
    thread: str | None = None
    asked: bool = False
    edited: bool = False
    was_asked: bool = False

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
    """What the bot remembers around a message.

    ``own`` is its answer to this very message, ``above`` the entry that the talk was about last, ``told_here`` and
    ``told_nearby`` whether it told the same in this thread and, within the hour, in this channel. ``named`` is an org
    that the message names and that was not gone on about in this thread so far.
    """

    own: Said | None = None
    above: Entry | None = None
    told_here: bool = False
    told_nearby: bool = False
    named: Org | None = None


def react(message: Message, found: Recognition, context: MessageContext) -> Reaction:
    """Decide. The caller knows that overhearing is on here, or that somebody asked."""
    if context.own is not None:
        return _revise(message, found, context, context.own)
    if message.was_asked:
        return Reaction.SILENCE  # a command was carried out; correcting its typing must not do it again
    if found.entry is None:
        return _unknown(message, context)
    if found.entry.kind is Kind.GUIDE:
        return Reaction.ANSWER
    if context.told_here:
        return _told_here(message, context)
    return Reaction.POINT if context.told_nearby else Reaction.ANSWER


def _revise(message: Message, found: Recognition, context: MessageContext, own: Said) -> Reaction:
    """The message has an answer already and was edited."""
    kind = memo_kind(own.entry)
    if found.entry is not None:
        is_told_of = own.entry == memo(found.entry.id, POINTER)
        return Reaction.SILENCE if is_told_of else Reaction.UPDATE
    if message.asked:
        return Reaction.UPDATE
    if kind == FOR_ORG:
        return Reaction.GO_ON if context.named is not None and context.above is not None else Reaction.SILENCE
    return Reaction.OUTDATE if kind == FULL else Reaction.SILENCE


def _unknown(message: Message, context: MessageContext) -> Reaction:
    if context.above is not None and context.above.asks_for_url and is_address(message.text):
        return Reaction.NO_FURTHER
    if context.named is not None and context.above is not None:
        return Reaction.GO_ON
    return Reaction.ANSWER if message.asked else Reaction.SILENCE


def _told_here(message: Message, context: MessageContext) -> Reaction:
    if context.named is not None and context.above is not None:
        return Reaction.GO_ON
    return Reaction.POINT if message.asked else Reaction.SILENCE


# --- reading replies -----------------------------------------------------------------------------------


def may_add(text: str) -> bool:
    """Whether a reply is worth looking at beside what was said before: it is short, or shows an address."""
    return len(text.split(maxsplit=_LONGER)) <= (_LONGER if is_address(text) else _SHORT)


def is_address(text: str) -> bool:
    """Whether a text shows the address of one of Salesforce's pages."""
    lowered = text[:2000].casefold()
    return "https://" in lowered and ("salesforce" in lowered or "force.com" in lowered)


def named_org(text: str, hints: Hints, orgs: Sequence[Org]) -> Org | None:
    """The org that a reply names and does little else: by its host or id, or by its name among small words."""
    if found := hinted_org(hints, orgs):
        return found
    words = [word for raw in _PERSON.sub(" ", text).casefold().split() if (word := raw.strip(_TRIM))]
    rest = [word for word in words if word not in _GLUE]
    if len(words) > _SHORT or len(rest) != 1:
        return None
    return next((org for org in orgs if org.name.casefold() == rest[0]), None)


def hinted_org(hints: Hints, orgs: Sequence[Org]) -> Org | None:
    """The org whose host or id a text shows."""
    shown = {organization_id[:15] for organization_id in hints.organization_ids}
    return next((org for org in orgs if org.host in hints.hosts or (org.organization_id or "-")[:15] in shown), None)


def meant_org(text: str, hints: Hints, orgs: Sequence[Org]) -> Org | None:
    """The org that a text speaks of: by its host, its id, or its name as a word of its own."""
    words = {word.strip(_TRIM).casefold() for word in text[:2000].split()}
    return hinted_org(hints, orgs) or next((org for org in orgs if org.name.casefold() in words), None)


# --- what is remembered of an answer -------------------------------------------------------------------

FULL, POINTER, FOR_ORG, OUTDATED, NOTHING, COMMAND = "", "pointer", "org", "outdated", "nothing", "command"


def memo(entry_id: str, kind: str = FULL, detail: str = "") -> str:
    """What ``Said.entry`` keeps: the entry's id as it is for an answer in full, with a mark for every other kind."""
    return f"{entry_id}#{kind}:{detail}" if kind else entry_id


def memo_entry(said: str) -> str:
    """The entry's id of a memo."""
    return said.partition("#")[0]


def memo_kind(said: str) -> str:
    """The kind of a memo."""
    return said.partition("#")[2].partition(":")[0]

"""Conversations as a use case: what the bot does about a message, once, whatever Slack delivers how often.

A message is read, what is remembered around it is looked up, ``bot.domain.talk`` decides, and the reaction is carried
out at the message's ``Place``. Chat that concerns nobody costs one look at its text and no query.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Protocol

from bot.domain import replies, talk, wording
from bot.domain.command import ASK, EXPLAIN, Command, parse
from bot.domain.hints import hints
from bot.domain.matching import Matcher
from bot.domain.model import Answer, Entry, Kind, Org, Recognition, Said, Secret
from bot.domain.redact import redact
from bot.domain.talk import Past, Reaction, Spoken
from bot.metrics import Counts
from bot.ports import Clock, Conversations, Store
from bot.service import Assistant


class Place(Protocol):
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

    def whisper(self, answer: Answer) -> None:
        """Say something that only the message's author sees."""
        ...

    def link(self, ts: str) -> str | None:
        """The address of a message; None where Slack does not give it."""
        ...

    def working(self, status: str) -> AbstractContextManager[None]:
        """Show a status line meanwhile; never fails."""
        ...


class Conversing:
    """The bot's part in conversations. Safe to share between threads."""

    def __init__(
        self,
        *,
        assistant: Assistant,
        matcher: Matcher,
        store: Store,
        conversations: Conversations,
        counts: Counts,
        clock: Clock,
    ) -> None:
        self._assistant = assistant
        self._matcher = matcher
        self._store = store
        self._conversations = conversations
        self._counts = counts
        self._clock = clock

    def hear(self, spoken: Spoken, place: Place) -> None:
        """React to a message. Raises AssistantError where the reaction fails; nobody is told of it here."""
        safe = redact(spoken.text)
        spoken = replace(spoken, text=safe.text)
        command = parse(safe.text) if spoken.asked else Command(ASK, safe.text)
        if command.verb == ASK or (command.verb == EXPLAIN and command.rest):
            reacted = self._talk(replace(spoken, text=command.rest), place, opens=Secret.SESSION_ID in safe.secrets)
        else:
            reacted = self._carry_out(spoken, command, place)
        if safe.secrets and reacted and self._claim(spoken, "private"):
            place.whisper(wording.secret_warning(safe.secrets, shared=True))

    # --- what was said to the bot as a command ---------------------------------------------------------

    def _carry_out(self, spoken: Spoken, command: Command, place: Place) -> bool:
        own = self._own(spoken)
        if spoken.edited and (own is None or talk.memo_kind(own.entry) != talk.NOTHING):
            return False  # it was carried out when it was said; correcting its typing must not do it again
        if own is None and not self._claim(spoken):
            return False
        above = self._above(spoken)
        is_check = command.verb == "status"
        with place.working(replies.working_on(command.rest)) if is_check else nullcontext():
            answer = self._assistant.run(spoken.who, spoken.text)
        self._say(spoken, place, answer, talk.memo(above.id if above else "", talk.COMMAND), own)
        return True

    # --- what is an error, a question, or chat ---------------------------------------------------------

    def _talk(self, spoken: Spoken, place: Place, *, opens: bool) -> bool:
        """Whether the message concerns the bot, so that secrets in it do too; ``opens``: one that opens an org."""
        found = self._matcher.recognise(spoken.text, asked=spoken.asked)
        if not (opens or _may_concern(spoken, found)) or not self._may_speak(spoken):
            self._counts.stayed_silent()
            return False
        above = self._above(spoken)
        if found.entry is None and above is not None and above.asks_for_url:
            found = self._asked_for(spoken, found)
        if found.entry is None:
            found = replace(found, hints=hints(spoken.text))
        past = self._past(spoken, found, above)
        reaction = talk.react(spoken, found, past)
        self._act(reaction, spoken, found, past, place)
        return opens or reaction is not Reaction.SILENCE

    def _may_speak(self, spoken: Spoken) -> bool:
        return spoken.asked or self._conversations.overhears(spoken.who.workspace, spoken.who.channel or "")

    def _asked_for(self, spoken: Spoken, found: Recognition) -> Recognition:
        """The same text as an answer to the bot's own question: an error that it names counts without more signs."""
        asked = self._matcher.recognise(spoken.text, asked=True)
        return asked if asked.entry is not None and asked.entry.kind is Kind.ERROR else found

    def _act(self, reaction: Reaction, spoken: Spoken, found: Recognition, past: Past, place: Place) -> None:
        if reaction is Reaction.SILENCE:
            self._counts.stayed_silent()
            return
        if past.own is None and not self._claim(spoken):
            return
        answer, memo = self._worded(reaction, spoken, found, past, place)
        said = self._say(spoken, place, answer, memo, past.own)
        org = self._hinted(spoken, found)
        if reaction is Reaction.ANSWER and found.entry is not None and org is not None:
            # Its links are in the answer: naming the org in the thread later is no news.
            known = replace(said, to_ts=f"{said.to_ts}/org", entry=talk.memo(found.entry.id, talk.FOR_ORG, org.name))
            self._conversations.remember_answer(known)

    def _worded(
        self, reaction: Reaction, spoken: Spoken, found: Recognition, past: Past, place: Place
    ) -> tuple[Answer, str]:
        """The words of a reaction, and what is remembered of them."""
        if reaction is Reaction.OUTDATE and past.own is not None:
            return self._outdated(spoken, past.own)
        if reaction is Reaction.GO_ON and past.above is not None and past.named is not None:
            memo = talk.memo(past.above.id, talk.FOR_ORG, past.named.name)
            return replies.going_on(past.above, past.named), memo
        if reaction is Reaction.NO_FURTHER and past.above is not None:
            return replies.no_further(self._hinted(spoken, found)), talk.memo(past.above.id, talk.NOTHING)
        if found.entry is None:
            above = past.above.id if past.above else ""
            return self._assistant.ask(spoken.who, spoken.text), talk.memo(above, talk.NOTHING)
        if reaction is Reaction.POINT:
            return self._pointer(spoken, found, found.entry, place), talk.memo(found.entry.id, talk.POINTER)
        return self._in_full(spoken, found, past, place), talk.memo(found.entry.id)

    def _in_full(self, spoken: Spoken, found: Recognition, past: Past, place: Place) -> Answer:
        answer = self._assistant.worded(spoken.who, found, spoken.text)
        orgs = self._store.orgs(spoken.who.workspace)
        if past.above is not None and past.above.asks_for_url and found.entry != past.above:
            answer = replies.together(answer)
        is_error = found.entry is not None and found.entry.kind is Kind.ERROR
        names_none = talk.meant_org(spoken.text, found.hints, orgs) is None
        return replies.inviting(answer) if is_error and names_none and len(orgs) > 1 and place.thread else answer

    def _outdated(self, spoken: Spoken, own: Said) -> tuple[Answer, str]:
        entry = self._assistant.entry(talk.memo_entry(own.entry))
        answer = replies.outdated(entry, self._store.orgs(spoken.who.workspace)) if entry else replies.withdrawn()
        return answer, talk.memo(talk.memo_entry(own.entry), talk.OUTDATED)

    def _pointer(self, spoken: Spoken, found: Recognition, entry: Entry, place: Place) -> Answer:
        earlier = self._nearby(spoken, entry)
        link = place.link(earlier.ts) if earlier else None
        return replies.pointer(entry, earlier, link, self._hinted(spoken, found), self._clock())

    # --- what is remembered ----------------------------------------------------------------------------

    def _past(self, spoken: Spoken, found: Recognition, above: Entry | None) -> Past:
        own, entry = self._own(spoken), found.entry
        if own is not None or entry is None or entry.kind is Kind.GUIDE:
            return Past(own, above, named=self._named(spoken, found, above))
        return Past(
            above=above,
            told_here=self._told_here(spoken, talk.memo(entry.id), talk.memo(entry.id, talk.POINTER)),
            told_nearby=not spoken.is_direct and self._nearby(spoken, entry) is not None,
            named=self._named(spoken, found, above),
        )

    def _own(self, spoken: Spoken) -> Said | None:
        """The answer to this very message; only an edited one can have it."""
        if not spoken.edited:
            return None
        return self._conversations.answer_to(spoken.who.workspace, spoken.who.channel or "", spoken.ts)

    def _above(self, spoken: Spoken) -> Entry | None:
        """The error that the talk was about last: in this thread, or shortly before in direct messages."""
        if spoken.thread is None and not spoken.is_direct:
            return None
        since = self._clock() - (talk.THREAD_LIVES if spoken.thread else talk.STILL_TALKING)
        who = spoken.who
        said = self._conversations.newest_answer(who.workspace, who.channel or "", spoken.thread, since)
        entry = self._assistant.entry(talk.memo_entry(said.entry)) if said else None
        return entry if entry is not None and entry.kind is Kind.ERROR else None

    def _told_here(self, spoken: Spoken, *memos: str) -> bool:
        workspace, channel, thread = spoken.who.workspace, spoken.who.channel or "", spoken.thread
        if thread is None:
            return False
        return any(self._conversations.answered_in_thread(workspace, channel, thread, memo) for memo in memos)

    def _nearby(self, spoken: Spoken, entry: Entry) -> Said | None:
        since = self._clock() - talk.SAME_AGAIN
        return self._conversations.answer_about(spoken.who.workspace, spoken.who.channel or "", entry.id, since)

    def _named(self, spoken: Spoken, found: Recognition, above: Entry | None) -> Org | None:
        """The org that a reply names, unless the bot went on about it in this thread already."""
        if above is None:
            return None
        org = talk.named_org(spoken.text, found.hints, self._store.orgs(spoken.who.workspace))
        if org is None or self._told_here(spoken, talk.memo(above.id, talk.FOR_ORG, org.name)):
            return None
        return org

    def _hinted(self, spoken: Spoken, found: Recognition) -> Org | None:
        orgs: Sequence[Org] = self._store.orgs(spoken.who.workspace)
        return talk.meant_org(spoken.text, found.hints, orgs)

    def _claim(self, spoken: Spoken, what: str = "") -> bool:
        """Whether this is the first time that the message is reacted to (Slack delivers some more than once)."""
        ts = f"{spoken.ts}/{what}" if what else spoken.ts
        return self._store.claim_message(spoken.who.workspace, spoken.who.channel or "", ts, self._clock())

    def _say(self, spoken: Spoken, place: Place, answer: Answer, memo: str, own: Said | None) -> Said:
        if own is not None:
            place.update(own.ts, answer)
            said = replace(own, entry=memo)
        else:
            who, ts = spoken.who, place.post(answer)
            said = Said(who.workspace, who.channel or "", spoken.ts, place.thread, ts, memo, self._clock())
        self._conversations.remember_answer(said)
        return said


def _may_concern(spoken: Spoken, found: Recognition) -> bool:
    """Whether it is worth asking what is remembered: it shows an error, was edited, or may add to a thread."""
    is_reply = spoken.thread is not None and talk.may_add(spoken.text)
    return found.entry is not None or spoken.asked or spoken.edited or is_reply

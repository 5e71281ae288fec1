"""The assistant: what it does for people who ask, each use case a method or a verb of another class."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

from bot.domain import command_options, selection
from bot.domain.answers import Answer
from bot.domain.answers.markup import code
from bot.domain.command import ASK, EXPLAIN, HELP, MAY_TURN_OUT, TALK, Command, parse, split, typed
from bot.domain.conversations import entry_reply, guidance_reply, replies, small_talk
from bot.domain.conversations.entry_reply import About
from bot.domain.conversations.error_reply import without_feedback
from bot.domain.conversations.leak_reply import not_done, with_leak, with_warning
from bot.domain.conversations.org_mentions import meant_orgs, without_orgs
from bot.domain.conversations.replies import Prompt
from bot.domain.conversations.withheld import NOTHING, Withheld
from bot.domain.errors import AskerError, UnknownOrg
from bot.domain.how_to import how_to
from bot.domain.model import Asker, Diagnosis, Org
from bot.domain.name_lists import may_list
from bot.domain.org_questions import (
    ALL,
    ending,
    exact,
    is_small,
    leading,
    nearly,
    one_word,
    says_nothing,
    unknown_name,
    words_of,
)
from bot.domain.orgs import details_report, own_app, status_report, which_org
from bot.domain.orgs.one_org import done_to_each, for_each
from bot.domain.orgs.org_details import OrgDetails
from bot.domain.orgs.setup_links import NAMES
from bot.domain.orgs.urgency import most_urgent_first
from bot.domain.other_words import asks_for_file
from bot.domain.phrases import of_org
from bot.domain.recognition.entries import Entry, Kind, Recognition
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.matcher import Matcher
from bot.domain.secrets import MASK, Redacted
from bot.domain.secrets.redaction import redact
from bot.domain.selection import EVERY, Selection
from bot.domain.understanding import may_be_of_org, named_in, of_strange_org, understood
from bot.domain.verbs import BY_NAME, DETAILS, SENTENCE, org_in
from bot.metrics import Counts
from bot.ports import Clock, Store
from bot.service.membership import Membership
from bot.service.org_checks import OrgChecks
from bot.service.org_guide import OrgGuide
from bot.service.shared_channels import SharedChannels
from bot.service.slash_verbs import Runner, bound


@dataclass(frozen=True, slots=True)
class Several:
    """Some of the orgs, and which page of them."""

    chosen: Selection
    page: int


class Assistant:
    """What the bot can do for people, whatever the medium."""

    def __init__(
        self,
        *,
        store: Store,
        membership: Membership,
        shared_channels: SharedChannels,
        checks: OrgChecks,
        guidance: Guidance,
        matcher: Matcher,
        counts: Counts,
        clock: Clock,
        runners: Mapping[str, Runner],
        org_guide: OrgGuide,
        may_change: Callable[[Asker], bool] = lambda _: False,
        is_own: Callable[[str, str], bool] = lambda _workspace, _text: False,
        named: Callable[[str, str], str] = lambda _workspace, user: code(user),
        rest_of: Callable[[Diagnosis], OrgDetails | None] = lambda _: None,
        what_became: Callable[[str, UnknownOrg], AskerError | None] = lambda _workspace, _unknown: None,
    ) -> None:
        """``named`` is what somebody of a workspace is called, in our markup.

        ``runners`` run the verbs of other use cases: reminders, connections, settings. ``org_guide`` has the checklist
        of an org.

        ``what_became`` is what is said of an org that is called otherwise now, or was disconnected; None for others.
        ``may_change`` tells who may connect orgs, and is told which users an org lets in. ``rest_of`` reads what a
        reading does not hold.
        ``is_own`` tells of a workspace's text, secrets and all, whether it is about the assistant's own app in an org.
        """
        self.is_own = is_own
        self._what_became = what_became
        self._named = named
        self._may_change = may_change
        self._rest_of = rest_of
        self._store = store
        self._membership = membership
        self._shared_channels = shared_channels
        self._checks = checks
        self._guidance = guidance
        self._matcher = matcher
        self._counts = counts
        self._clock = clock
        self._org_guide = org_guide
        self._runners = bound(
            {
                HELP: self._help,
                "status": self._status,
                "orgs": self._orgs,
                "explain": self._explain,
                "guide": self._guide,
                "entry": self._entry,
                **runners,
            }
        )

    # --- the doors -------------------------------------------------------------------------------------

    def reply(self, who: Asker, text: str, withheld: Withheld = NOTHING) -> Answer:
        """Answer somebody who asked, for their eyes only. Secrets in ``text`` are dropped before anything else.

        ``withheld`` is what was dropped from it before.
        """
        safe = redact(text)
        return self._replied(who, text, safe, self._understood(who, parse(safe.text)), withheld)

    def _replied(self, who: Asker, text: str, safe: Redacted, command: Command, withheld: Withheld) -> Answer:
        aside = _aside(safe.text)
        is_error = command.verb in (EXPLAIN, ASK)
        own_error = is_error and (withheld.own_app or self.is_own(who.workspace, text))
        answer = own_app.guidance_for(safe.text) if own_error else self.carry_out(who, command)
        return with_warning(replies.beside(answer, aside), (*withheld.secrets, *safe.secrets))

    def replies(self, who: Asker, text: str, read: Command, withheld: Withheld = NOTHING) -> Iterator[Answer]:
        """The same for who can be answered twice: what is there while some orgs hang, then all.

        ``read``: what ``text`` was read as, secrets and all.
        """
        safe = redact(text)
        command = self._understood(who, read if safe.text == text else parse(safe.text))
        if command.verb != "status" or MASK in command.rest or self._membership.refusal(who):
            yield self._replied(who, text, safe, command, withheld)
            return
        aside = _aside(safe.text)
        if (one := self._one(who, command)) is not None:
            yield with_warning(replies.beside(one, aside), (*withheld.secrets, *safe.secrets))
            return
        orgs = self._store.orgs(who.workspace)
        several = self._some(who, command.rest, orgs)
        if several is None or several.chosen.only:
            with self._by_new_name(who):
                single = self._one_of(who, command, orgs, several)
            yield with_warning(replies.beside(single, aside), (*withheld.secrets, *safe.secrets))
            return
        every = self._checks.begin_every(who.workspace, several.chosen)
        found, waiting = every.so_far()
        yield replies.beside(self._overview(who, found, several, waiting), aside)
        if waiting:
            yield replies.beside(self._overview(who, every.all(), several), aside)

    def share(self, who: Asker, text: str) -> Answer:
        """The same for everybody in their channel, unless it comes back as private."""
        if who.channel and not self._membership.refusal(who):
            shared = self._shared_channels.as_slack_says(who.workspace, who.channel)
            if shared is not False:
                return replies.not_shared(shared=shared)
        answer = self.reply(who, text)
        return answer if answer.private else replies.shared(answer, who.user)

    def explain(self, who: Asker, text: str, withheld: Withheld = NOTHING, *, cut: bool = False) -> Answer:
        """Explain a message that somebody pointed at, perhaps another person's; only they see the answer.

        ``cut``: ``text`` is the beginning of it.
        """
        safe = redact(text)
        if not safe.text.strip():
            return Answer("That message has no text that I could explain", "Copy the error from the picture or file.")
        is_own, secrets = withheld.own_app or self.is_own(who.workspace, text), (*withheld.secrets, *safe.secrets)
        answer = own_app.guidance_for(safe.text) if is_own else self.ask(who, safe.text)
        if cut and not answer.private:
            answer = replies.of_beginning(answer)
        if not secrets:
            return answer
        return with_leak(answer, secrets)

    def may_see_orgs(self, who: Asker) -> bool:
        """Whether ``who`` may be told that an org is read."""
        return not self._membership.refusal(who)

    def waits(self, who: Asker, text: str) -> Command | None:
        """The command by which a text that is none turns out to need an org read, now that names are looked at."""
        command = parse(redact(text).text)
        meant = self._understood(who, command) if command.verb in MAY_TURN_OUT else None
        return meant if meant is not None and meant.slow else None

    def command_in(self, who: Asker, text: str, orgs: Sequence[Org]) -> Command | None:
        """The command that a text without secrets is, where some of ``orgs`` are known; None: a question, an error."""
        command = self._with_names(who, parse(text), lambda: orgs)
        return None if command.verb in (ASK, EXPLAIN) else command

    def _understood(self, who: Asker, command: Command) -> Command:
        """What was meant, by the names of the orgs that ``who`` may see, read where they decide."""
        return self._with_names(who, command, lambda: self._store.orgs(who.workspace))

    def _with_names(self, who: Asker, command: Command, orgs: Callable[[], Sequence[Org]]) -> Command:
        seen = cache(lambda: () if self._membership.refusal(who) else orgs())
        if command.verb == "guide" and self._may_be_org(command.rest) and leading(command.rest, _names(seen())):
            return Command("guide", f"for {command.rest}")
        found = understood(command, lambda: _names(seen()), self.is_error, lambda: [*selection.tags_of(seen())])
        if found.verb != ASK:
            return found
        if org := _whose_page(found.rest, seen):
            return Command("status", org)
        return self._of_strange_org(found, lambda: _names(seen())) or found

    def _of_strange_org(self, asked: Command, names: Callable[[], Sequence[str]]) -> Command | None:
        """What is wanted of an org that nobody knows, where the guidance has no better answer.

        A slip of the finger is asked back about; where there are no orgs, or none to be seen, nothing is told apart.
        """
        text = asked.rest
        if MASK in text:
            return None
        name, command = unknown_name(text), of_strange_org(text)
        if not (name or command) or not names() or (name and nearly(name, names())):
            return None
        found = self._matcher.recognise(text, asked=True)
        is_status = split(text)[0] == "status"  # a section of the guide is about the status of a token
        if found.evidence or not (guidance_reply.is_open(found) or is_status):
            return None
        if name:
            return Command("status", name)
        return command if found.entry is None or is_status else None

    def is_error(self, text: str) -> bool:
        """Whether a text is an error that the guidance knows; what only sounds like one takes no command away."""
        return bool(self._matcher.recognise(text, asked=True).evidence)

    def run(self, who: Asker, text: str, command: Command | None = None) -> Answer:
        """Answer a text that holds no secrets; ``command`` is what it was read as."""
        aside = _aside(text)
        return replies.beside(self.carry_out(who, self._understood(who, command or parse(text))), aside)

    def carry_out(self, who: Asker, command: Command) -> Answer:
        """Every answer comes of this, so that none forgets who may see orgs."""
        if refusal := self._membership.refusal(who):
            return self._for_outsider(who, command, refusal)
        if MASK in command.rest and command.verb not in (ASK, TALK, EXPLAIN):
            return not_done()  # what is masked would be taken for the name of something
        if command.verb == ASK:
            return self._ask(who, command)
        if command.verb == TALK:
            return self._talk(who, command.rest)
        if may_list(command.rest) or len(command.words) > 1:
            each = for_each(BY_NAME[command.verb], command.rest, self._store.orgs(who.workspace))
            if len(each) > 1:
                return done_to_each({name: self._done_to(who, command.verb, each[name]) for name in each})
            if each:
                command = Command(command.verb, *each.values())
        with self._by_new_name(who):
            return self._runners[command.verb](who, command)

    def _talk(self, who: Asker, said: str) -> Answer:
        if line := of_org(said):
            orgs = self._by_urgency(who.workspace)
            return small_talk.which_of(line, orgs) if orgs else self._no_orgs(who)
        return small_talk.answer(said, self._store.orgs(who.workspace))

    def _done_to(self, who: Asker, verb: str, rest: str) -> Answer | AskerError:
        try:
            return self._runners[verb](who, Command(verb, rest))
        except AskerError as error:  # the others are done all the same
            return error

    @contextmanager
    def _by_new_name(self, who: Asker) -> Iterator[None]:
        """An org that is not known by a name may have had it before, or been disconnected."""
        try:
            yield
        except UnknownOrg as unknown:
            raise self._unknown(who, unknown) from None

    def _unknown(self, who: Asker, unknown: UnknownOrg) -> AskerError:
        return self._what_became(who.workspace, unknown) or unknown

    def _for_outsider(self, who: Asker, command: Command, refusal: str) -> Answer:
        """An error is explained, without any org; of the verbs those work that tell nothing of the workspace."""
        found = Recognition(None)
        if command.verb == "entry":
            found = Recognition(self.entry(command.words[0] if command.words else ""))
        elif command.verb in (ASK, EXPLAIN, HELP):
            found = self._matcher.recognise(command.rest, asked=True)
        if found.entry is None or found.entry.kind is not Kind.ERROR:
            return self._open_to_all(who, command, refusal)
        self._counts.answered(found.entry.topic)
        say = entry_reply.whole if command.verb == "entry" else guidance_reply.guidance
        return without_feedback(say(found, found.entry, About()))

    def _open_to_all(self, who: Asker, command: Command, refusal: str) -> Answer:
        """What ``help`` and the like answer to those who get nothing else; to them alone."""
        verb = BY_NAME.get(command.verb)
        if command.verb == HELP:
            return replies.help_for_outsider(refusal)
        if verb is None or not verb.open:
            return replies.for_outsider(refusal)
        return replace(self._runners[command.verb](who, command), private=True)

    def _by_urgency(self, workspace: str) -> Sequence[Org]:
        """The orgs, those first that need something most, as they were last read."""
        return [found.org for found in most_urgent_first(self._checks.known(workspace))]

    def prompts(self, who: Asker) -> Sequence[Prompt]:
        """How a talk with ``who`` may begin."""
        if self._membership.refusal(who):
            return replies.OUTSIDERS_PROMPTS
        return replies.prompts(self._store.orgs(who.workspace))

    # --- orgs ------------------------------------------------------------------------------------------

    def _status(self, who: Asker, command: Command) -> Answer:
        if (one := self._one(who, command)) is not None:
            return one
        orgs = self._store.orgs(who.workspace)
        several = self._some(who, command.rest, orgs)
        if several is None or several.chosen.only:
            return self._one_of(who, command, orgs, several)
        return self._overview(who, self._checks.every(who.workspace, several.chosen), several)

    def _some(self, who: Asker, rest: str, orgs: Sequence[Org]) -> Several | None:
        """The orgs that are meant; of a word that an org was called by, what became of that is told instead.

        A button that is older would else show other orgs, to a whole channel perhaps. Raises AskerError.
        """
        name = org_in(rest)
        if selection.may_be_name(name) and (became := self._what_became(who.workspace, _asked_of(name))):
            raise became
        return _several(rest, orgs)

    def _one_of(self, who: Asker, command: Command, orgs: Sequence[Org], several: Several | None) -> Answer:
        """The status of the one org that was named, twice perhaps; where none was, what is said of that."""
        one = self._one(who, Command("status", several.chosen.only)) if several else None
        return one or self._none_named(who, command, orgs)

    def _one(self, who: Asker, command: Command) -> Answer | None:
        """The status of the org of that name, which comes before a tag and any other word; None where none has it."""
        name = org_in(command.rest)
        named = self._checks.named(who.workspace, name) if name and name.casefold() != ALL else None
        if named is None:
            return None
        now, by = self._clock(), self._who_snoozed(named.org)
        if name == command.rest:
            return status_report.status(named, now, by)
        if not command.rest.endswith(DETAILS):
            return details_report.steps(named, now, by)
        return details_report.details(named, now, by, self._rest_of(named), names=self._may_change(who))

    def _none_named(self, who: Asker, command: Command, orgs: Sequence[Org]) -> Answer:
        """Asked about no org, or about one that nobody knows."""
        if not orgs:
            return self._no_orgs(who)
        if asks_for_file(command.rest):
            return guidance_reply.files_elsewhere()
        if command.rest:
            raise which_org.unknown_org(org_in(command.rest), orgs)
        if len(orgs) > 1:
            return self._orgs(who, Command("orgs"))
        found = self._checks.one(orgs[0])
        return status_report.status(found, self._clock(), self._who_snoozed(found.org))

    def _who_snoozed(self, org: Org) -> str:
        return self._named(org.workspace, org.snooze.by) if org.snooze else ""

    def _overview(self, who: Asker, found: Sequence[Diagnosis], several: Several, waiting: int = 0) -> Answer:
        """What was just read; where none of those that are meant is there, others may be."""
        if not found and not waiting:
            found = self._checks.known(who.workspace)
            if not found:
                return self._no_orgs(who)
        return status_report.overview(
            found, self._clock(), live=True, waiting=waiting, page=several.page, chosen=several.chosen
        )

    def _orgs(self, who: Asker, command: Command) -> Answer:
        """``orgs``, ``orgs 2``, ``orgs <which> [page N]``: as last read."""
        is_page = command.rest.isdecimal() and len(command.rest) < 5
        every = Several(EVERY, int(command.rest) if is_page else 1)
        several = every if is_page or not command.rest else _several(command.rest, self._store.orgs(who.workspace))
        if several is None:
            if _is_number(command.rest):
                raise which_org.no_page(command.words[-1])
            asked = f"{command.verb} {command.rest}"
            is_name = one_word(command.rest) and not asks_for_file(command.rest)
            if is_name and self._matcher.recognise(asked, asked=True).entry is None:
                raise which_org.unknown_org(command.rest, self._store.orgs(who.workspace))
            return self._ask(who, Command(ASK, asked))
        known = self._checks.known(who.workspace)
        if not known:
            return self._no_orgs(who)
        return status_report.overview(known, self._clock(), live=False, page=several.page, chosen=several.chosen)

    def _no_orgs(self, who: Asker) -> Answer:
        return status_report.no_orgs(may_change=self._may_change(who))

    # --- guidance --------------------------------------------------------------------------------------

    def ask(self, who: Asker, text: str) -> Answer:
        """Answer a text that holds no secrets as a question or an error, even where it reads like a command."""
        return self.carry_out(who, Command(ASK, text, parse(text).meant))

    def _ask(self, who: Asker, command: Command) -> Answer:
        if (named := named_in(command.rest)) and (
            became := self._what_became(who.workspace, UnknownOrg("", (), *named))
        ):
            raise became
        found = self._matcher.recognise(command.rest, asked=True)
        may_be_org = guidance_reply.is_open(found) and (command.meant or may_be_of_org(command.rest))
        orgs = self._store.orgs(who.workspace) if may_be_org else ()
        found = guidance_reply.without_guess(found, command.rest, orgs)
        if found.entry is None:
            found = self._asked_of_no_org(found, command.rest, orgs)
        if found.entry is not None:
            return self._worded(who, found, command.rest)
        if former := self.former_in(who, command.rest):
            raise self._unknown(who, _asked_of(former))
        return guidance_reply.not_recognised(command, found.nearest, orgs)

    def _asked_of_no_org(self, found: Recognition, text: str, orgs: Sequence[Org]) -> Recognition:
        """What of the guide is asked beside the name of an org, which is no word of the guide's."""
        bare = without_orgs(text, orgs)
        if bare.split() == text.split():
            return found
        asked = self._matcher.recognise(bare, asked=True)
        if asked.entry is not None and asked.entry.kind is Kind.GUIDE:
            return asked
        return replace(found, nearest=asked.nearest or found.nearest)

    def former_in(self, who: Asker, text: str) -> str:
        """A name that an org had before, where little else is said than that it is asked about; "" for none."""
        strange = [word for word in words_of(text) if not is_small(word)] if may_be_of_org(text) else []
        return strange[0] if len(strange) == 1 and self._what_became(who.workspace, _asked_of(strange[0])) else ""

    def _explain(self, who: Asker, command: Command) -> Answer:
        if not command.rest or words_of(command.rest) in (["it"], ["this"], ["that"]):
            return Answer("Paste the error, and I say what it means", "`/flosum explain error=invalid_grant …`")
        return self._ask(who, command)

    def _worded(self, who: Asker, found: Recognition, text: str) -> Answer:
        """What was recognised in ``text``, with the links of the org that it speaks of."""
        assert found.entry is not None  # noqa: S101 - every caller has checked; mypy cannot see it
        orgs = self._store.orgs(who.workspace)
        self._counts.answered(found.entry.topic)
        meant = meant_orgs(text, orgs, found.evidence)
        several = [self.known_of(org) for org in meant] if len(meant) > 1 else []
        about = About(meant[0] if len(meant) == 1 else None, orgs, now=self._clock(), several=several)
        if about.only is not None:
            about = replace(about, known=self.known_of(about.only))
        return guidance_reply.guidance(found, found.entry, about)

    def known_of(self, org: Org) -> Diagnosis:
        """What an org amounts to as it was last read."""
        return self._checks.known_of(org)

    def entry(self, entry_id: str) -> Entry | None:
        """An entry of the guidance."""
        return self._guidance.entry(entry_id)

    def _entry(self, who: Asker, command: Command) -> Answer:
        """``entry <id> [org]``, which only buttons say: all of it."""
        entry, name = self.entry(command.words[0]) if command.words else None, " ".join(command.words[1:])
        if entry is None:
            return self._ask(who, Command(ASK, f"{command.verb} {command.rest}"))
        orgs = self._store.orgs(who.workspace)
        self._counts.answered(entry.topic)
        org = next((org for org in orgs if org.name.casefold() == name.casefold()), None)
        return entry_reply.whole(Recognition(entry), entry, About(org, orgs))

    def _guide(self, who: Asker, command: Command) -> Answer:
        if not command.rest:
            return guidance_reply.guide_contents(self._guidance.sections)
        if BY_NAME[command.verb].is_about_org(command.rest):
            return self._guide_for(who, command)
        entry = self._section(command.rest)
        if entry is None and _is_number(command.rest):
            return guidance_reply.guide_contents(self._guidance.sections, by_name=True)
        if entry is None and (named := self._section_of_org(who, command.words)):
            return self._worded(who, *named)
        if entry is None and (like := self._sections_like(command.rest)):
            if len(like) > 1:
                return guidance_reply.which_section(like)
            entry = like[0]
        if entry is None:
            return self._ask(who, Command(ASK, command.rest))
        return self._worded(who, Recognition(entry), "")

    def _may_be_org(self, said: str) -> bool:
        """Whether what follows ``guide`` may be an org's name: a section's wins over it."""
        return bool(said) and self._section(said) is None and not BY_NAME["guide"].is_about_org(said)

    def _section(self, name: str) -> Entry | None:
        return self._guidance.topic(name.casefold().replace(" ", "-"))

    def _section_of_org(self, who: Asker, words: Sequence[str]) -> tuple[Recognition, str] | None:
        """A section and the org that it is asked for: "install for prod"; None where it is not that."""
        before, org = ending(words, _names(self._store.orgs(who.workspace))) or ([], "")
        while before and before[-1].casefold() in _FOR:
            before.pop()
        entry = self._section(" ".join(before)) if before else None
        return (Recognition(entry), org) if entry else None

    def _sections_like(self, said: str) -> list[Entry]:
        """The sections whose name has the one word that was said: ``grant``, ``token``."""
        word = said.casefold().strip("`.,!?")
        return [entry for entry in self._guidance.sections if word in entry.topic.split("-")]

    def _guide_for(self, who: Asker, command: Command) -> Answer:
        """The checklist of an org; a sentence that goes on otherwise is a question."""
        _, *said = command.words
        if len(said) < SENTENCE or self._org_guide.names_org(who, " ".join(said)):
            return self._org_guide.answer(who, " ".join(said))
        return self._ask(who, Command(ASK, f"{command.verb} {command.rest}"))

    # --- the bot itself --------------------------------------------------------------------------------

    def _help(self, who: Asker, command: Command) -> Answer:
        verb = BY_NAME.get(command.rest.casefold().strip("`\"'“”‘’„«»?. ").removeprefix("/flosum "))
        if verb is not None and not verb.is_pressed:
            return guidance_reply.verb_help(verb)
        if says_nothing(command.rest):
            return guidance_reply.help_text(self._store.orgs_lately(who.workspace))
        if meant := parse(command.rest).meant:
            return guidance_reply.verb_help(BY_NAME[meant])
        if command.rest:
            answer, named = self._ask(who, Command(ASK, command.rest)), BY_NAME.get(command.words[0].casefold())
            if not answer.unknown:
                return answer
            if asked := how_to(f"help {command.rest}", _names(self._store.orgs(who.workspace))):
                return guidance_reply.shown_how(asked)
            return guidance_reply.verb_help(named) if named and not named.is_pressed else answer
        return guidance_reply.help_text(self._store.orgs_lately(who.workspace))


def _aside(text: str) -> str:
    """What of a line belongs to the terminal. Raises AskerError where it must not be carried out without that."""
    said = typed(text)
    if refusal := command_options.refused(said):
        raise refusal
    return command_options.told(said)


def _names(orgs: Sequence[Org]) -> list[str]:
    return [org.name for org in orgs]


def _asked_of(name: str) -> UnknownOrg:
    """That somebody asked about an org of that name."""
    return UnknownOrg("", (), name, "status {org}")


_FOR = frozenset("at for in of on".split())
_PAGES = frozenset(map(str.casefold, NAMES.values()))


def _whose_page(text: str, seen: Callable[[], Sequence[Org]]) -> str | None:
    """The org whose next page is named, as the digest's buttons do: "legacy: Permission Sets"."""
    name, _, page = text.rpartition(":")
    return exact(name, _names(seen())) if name and page.strip().casefold() in _PAGES else None


_NUMBER = re.compile(r"(?:(?:page|part|section|step|number|no\.?) )?[#+-]?\d{1,2}[.!?]?|-?\d+", re.IGNORECASE)


def _is_number(rest: str) -> bool:
    """Whether somebody asks for a page or a section by a number."""
    return _NUMBER.fullmatch(rest.strip()) is not None


def _several(rest: str, orgs: Sequence[Org]) -> Several | None:
    """The orgs that are meant by what was typed; None where none is. Raises AskerError where that is not clear."""
    text, page = selection.paged(rest)
    if rest and text.casefold() in ("", ALL):
        return Several(EVERY, page)
    names, tags = [org.name for org in orgs], selection.tags_of(orgs)
    if mixed := selection.mixed(text, names, tags):
        raise which_org.one_or_the_other(mixed)
    chosen = selection.read(text, names, tags) if orgs else None
    return None if chosen is None else Several(chosen, page)
